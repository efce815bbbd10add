"""A small installation: merchant 0, merchant 1 with payments, a log key, and what signs and reads it."""

import uuid
from pathlib import Path

import pytest

from counterfoil.basis import MICROS, Ids, SeededEntropy
from counterfoil.evidence import Against, Archive, Signer, committed, fact_kind, open_log_key, parse_registry
from counterfoil.payments.tables import payment
from counterfoil.people.tables import merchant, person
from counterfoil.store import Change, Guard, Insert
from counterfoil.store.tables import installation
from tests.evidence.small_store import SmallStore

START = 1_795_000_000 * MICROS
SENT = fact_kind("txn.sent", "amount")
CAPTURED = fact_kind("txn.captured", "amount")
ADDED = fact_kind("person.added", "role")
OPENED = fact_kind("merchant.opened")
KINDS = parse_registry("1 txn.sent amount\n2 txn.captured amount\n3 person.added role\n4 merchant.opened -\n")


class StillClock:
    def __init__(self):
        self.micros = START

    def now(self):
        self.micros += 1000
        return self.micros

    def monotonic(self):
        return self.micros / MICROS

    async def sleep(self, seconds):
        self.micros += int(seconds * MICROS)


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


class Shop:
    """Everything of one installation at hand, and short words for what the tests do to it."""

    def __init__(self, folder: Path):
        self.data_dir, self.keys_dir = folder / "data", folder / "data.keys"
        self.data_dir.mkdir()
        self.clock = StillClock()
        self.entropy = SeededEntropy(str(folder.name))
        self.ids = Ids(self.clock, self.entropy)
        self.store = SmallStore(self.data_dir / "counterfoil.db")
        self.store.make_tables()
        self.uuid = str(uuid.UUID(bytes=b"\x11" * 16))
        self.store._insert(
            installation, {"one": 1, "uuid": self.uuid, "epoch": 1, "demonstration": 0, "made_at": START}
        )
        self.key = open_log_key(self.keys_dir, self.data_dir, self.entropy, data_exists=False)
        self.restart()

    def restart(self):
        self.archive = Archive(self.store, self.data_dir)
        self.signer = Signer(
            self.store, self.archive, self.key, installation=self.uuid, clock=self.clock, ids=self.ids
        )

    @property
    def origin(self):
        return f"{self.uuid}.counterfoil/1"

    @property
    def against(self):
        return Against(self.data_dir, self.key.public_key, KINDS, self.clock.now())

    def change(self, *inserts, guards=(), facts=()):
        return Change(change_id=self.ids.uuid(), merchant_id=1, inserts=inserts, guards=guards, facts=facts)

    def open_merchant(self):
        row = {"merchant_id": 1, "name": "茶", "zone": "Asia/Shanghai", "currency": "CNY", "made_at": self.clock.now()}
        row |= {"version": 1, "last_change": self.ids.uuid()}
        fact = OPENED.fact(at=self.clock.now())
        self.store.commit_all([self.change(Insert(merchant, row), facts=(fact,))])

    def add_person(self, name):
        row = {"merchant_id": 1, "id": self.ids.uuid(), "number": "01", "role": "cashier", "state": "active"}
        row |= {**committed("name", name, self.entropy.bytes(16)), "password_hash": "x", "made_at": self.clock.now()}
        row |= {"version": 1, "last_change": self.ids.uuid()}
        fact = ADDED.fact(at=self.clock.now(), subject=row["id"], role="cashier")
        self.store.commit_all([self.change(Insert(person, row), facts=(fact,))])
        return row

    def sale(self, amount=1250):
        """Two Changes, two leaves: the payment is sent, and captured. Its id."""
        row = self._payment(amount)
        sent = SENT.fact(at=self.clock.now(), subject=row["id"], amount={"cur": "CNY", "minor": amount})
        captured = CAPTURED.fact(at=self.clock.now(), subject=row["id"], amount={"cur": "CNY", "minor": amount})
        after = {"money": "CAPTURED", "captured_at": self.clock.now()}
        return row["id"], [
            self.change(Insert(payment, row), facts=(sent,)),
            self.change(guards=(Guard(payment, row, after),), facts=(captured,)),
        ]

    def sales(self, count):
        made = [self.sale(1000 + at) for at in range(count)]
        self.store.commit_all([change for _, changes in made for change in changes])
        return [payment_id for payment_id, _ in made]

    def sql(self, statement, *values):
        return self.store.db.execute(statement, values).get

    def _payment(self, amount):
        row = {column.name: None if column.nullable else "x" for column in payment.columns}
        now = self.clock.now()
        whole = {
            "merchant_id": 1,
            "batch_no": 1,
            "amount_minor": amount,
            "refund_reserved_minor": 0,
            "refunded_minor": 0,
            "void_until": now,
            "taken_at": now,
            "asks": 0,
            "not_found_asks": 0,
            "version": 1,
        }
        ids = {name: self.ids.uuid() for name in ("id", "shop_id", "terminal_id", "operator_id", "account_id")}
        return {str(k): v for k, v in {**row, **whole, **ids, "order_no": self.ids.digits(24), "money": "SENT"}.items()}

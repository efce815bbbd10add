"""An installation on a real store: merchant 1 with one terminal, a log key, and what signs and reads the log."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from counterfoil.basis import MICROS, Ids, SeededEntropy
from counterfoil.evidence import (
    Against,
    Archive,
    MerkleLog,
    Signer,
    committed,
    fact_kind,
    open_log_key,
    origin_of,
    parse_registry,
    verify,
)
from counterfoil.payments.search_keys import search_keys
from counterfoil.payments.tables import payment
from counterfoil.people.tables import merchant, person, shop, terminal
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Guard, Insert, open_reading, open_store

START = 1_795_000_000 * MICROS
SENT = fact_kind("txn.sent", "amount")
CAPTURED = fact_kind("txn.captured", "amount")
OPENED = fact_kind("merchant.opened")
KINDS = parse_registry("1 txn.sent amount\n2 txn.captured amount\n3 merchant.opened -\n")


class TestClock:
    """A millisecond passes at each look; sleeping passes the time without waiting."""

    __test__ = False

    def __init__(self):
        self.micros = START

    def now(self):
        self.micros += 1000
        return self.micros

    def monotonic(self):
        return self.micros / MICROS

    async def sleep(self, seconds):
        self.micros += int(seconds * MICROS)
        await asyncio.sleep(0)


def stop(error):
    raise error


class House:
    """Everything of one installation at hand, and short words for what the tests do to it."""

    def __init__(self, folder: Path, address: str):
        self.data_dir, self.keys_dir, self.address = folder / "data", folder / "data.keys", address
        self.data_dir.mkdir()
        self.clock, self.entropy = TestClock(), SeededEntropy("house")
        self.ids = Ids(self.clock, self.entropy)
        self.key = open_log_key(self.keys_dir, self.data_dir, self.entropy, data_exists=False)
        self.person_id, self.terminal_id, self.account_id = (self.ids.uuid() for _ in range(3))
        self.shop_id = self.ids.uuid()

    @asynccontextmanager
    async def running(self):
        opened = open_store(self.address, log=MerkleLog(), clock=self.clock, ids=self.ids, fail_stop=stop)
        async with opened as self.store:
            self.uuid = self.store.installation.uuid
            self.archive = Archive(self.store, self.data_dir)
            self.signer = self.new_signer()
            yield self

    def new_signer(self):
        return Signer(self.store, self.archive, self.key, installation=self.uuid, clock=self.clock, ids=self.ids)

    @property
    def verifier(self):
        return self.key.verifier(origin_of(self.uuid, 1))

    @property
    def tiles(self):
        return self.data_dir / "evidence" / "1" / "tile"

    def change(self, *inserts, guards=(), facts=(), merchant_id=1):
        return Change(change_id=self.ids.uuid(), merchant_id=merchant_id, inserts=inserts, guards=guards, facts=facts)

    async def open_merchant(self):
        at = self.clock.now()
        here = {"made_at": at}
        china = {"zone": "Asia/Shanghai", "name": "茶"}
        name = committed("name", "李明", self.entropy.bytes(16))
        rows = [
            Insert(merchant, {"merchant_id": 1, "currency": "CNY", **china, **here}),
            Insert(shop, {"id": self.shop_id, "day_ends_minute": 0, "state": "open", **china, **here}),
            Insert(person, {"id": self.person_id, "number": "01", "state": "active"} | name | here
                   | {"password_hash": "x"}),
            Insert(terminal, {"id": self.terminal_id, "shop_id": self.shop_id, "number": "1", "label": "A"} | here
                   | {"state": "open"}),
            Insert(provider_account, {"id": self.account_id, "provider": "cash", "name": "c", "environment": "sandbox",
                   "state": "open", "merchant_no": "1", "zone": "Asia/Shanghai", "cut_minute": 0, **here}),
        ]  # fmt: skip
        await self.store.commit(self.change(*rows, facts=(OPENED.fact(at=at),)))

    async def sales(self, count):
        """``count`` payments, sent and then captured: two leaves each. Their ids."""
        rows = [self._payment(1000 + number) for number in range(count)]
        await asyncio.gather(*(self.store.commit(self._sent(row)) for row in rows))
        await asyncio.gather(*(self.store.commit(self._captured(row)) for row in rows))
        return [row["id"] for row in rows]

    async def verify(self, *, all_=True, public_key=None, now=None, on_progress=None, only=None):
        """As the command does it: from the data folder, without the store."""
        against = Against(self.data_dir, public_key or self.key.public_key, KINDS, now or self.clock.now())
        async with open_reading(self.address, clock=self.clock) as source:
            return await verify(source, against, all_=all_, on_progress=on_progress, only=only)

    @asynccontextmanager
    async def looking(self):
        async with open_reading(self.address, clock=self.clock) as source:
            yield Archive(source, self.data_dir)

    def sql(self, statement, *values):
        """Plain SQL from outside, past everything."""
        with closing(sqlite3.connect(self.address.removeprefix("sqlite://"))) as db, db:
            return db.execute(statement, values).fetchall()

    def _sent(self, row):
        fact = SENT.fact(at=self.clock.now(), subject=row["id"], amount={"cur": "CNY", "minor": row["amount_minor"]})
        return self.change(Insert(payment, row), facts=(fact,))

    def _captured(self, row):
        at = self.clock.now()
        fact = CAPTURED.fact(at=at, subject=row["id"], amount={"cur": "CNY", "minor": row["amount_minor"]})
        before = {str(column.name): None for column in payment.columns} | row
        before |= {"merchant_id": 1, "version": 1, "last_change": row["id"], "asks": 0, "not_found_asks": 0}
        return self.change(guards=(Guard(payment, before, {"money": "CAPTURED", "captured_at": at}),), facts=(fact,))

    def _payment(self, amount):
        texts = ("provider", "method", "wallet", "card_kind", "entry", "settlement", "visibility", "dispute", "request")
        whole = {"batch_no": 1, "amount_minor": amount, "refund_reserved_minor": 0, "refunded_minor": 0}
        at = self.clock.now()
        row = {
            "id": self.ids.uuid(),
            "order_no": self.ids.digits(24),
            **dict.fromkeys(texts, "x"),
            **whole,
            "shop_id": self.shop_id,
            "terminal_id": self.terminal_id,
            "operator_id": self.person_id,
            "account_id": self.account_id,
            "currency": "CNY",
            "business_day": "2026-11-18",
            "clearing_day": "2026-11-18",
            "void_until": at,
            "taken_at": at,
            "money": "SENT",
        }
        return row | search_keys(row)


@pytest.fixture
def house(tmp_path):
    return House(tmp_path, f"sqlite://{tmp_path}/data/counterfoil.db")

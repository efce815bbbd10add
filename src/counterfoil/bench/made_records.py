"""Payments made up for measuring how they are found: two years, merchants of very different sizes, no log.

The share of merchant k of m is skewed: the largest has about 3 % of all payments where there are 1,000 merchants.
"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Table

from counterfoil.basis import MICROS, Clock, uuid_at
from counterfoil.bench.made_days import MadeDays, day_text
from counterfoil.payments import search_keys
from counterfoil.payments.tables import day_totals, merchant_day, payment
from counterfoil.people.tables import merchant, shop, terminal
from counterfoil.providers.tables import provider_account
from counterfoil.store import OnLoaded, load_unevidenced

BEGINS: Final = 1_700_000_000 * MICROS
DAY: Final = 86_400 * MICROS
SPAN: Final = 2 * 365 * DAY
MERCHANTS: Final = 1_000
SHOPS: Final = 3
TERMINALS: Final = 12
OPERATORS: Final = 20
CASH: Final = 0.06
ON_A_CARD: Final = 0.1
NOT_CAPTURED: Final = 0.035
_RARE: Final = ("voided", "declined", "refunded", "reversed", "part_refunded")
_WALLETS: Final = ("wechat", "wechat", "wechat", "alipay", "alipay", "unionpay")
_NO_CHANGE: Final = str(uuid.UUID(int=0))


@dataclass(frozen=True, slots=True)
class People:
    """Who and where of one merchant, by their ids."""

    shops: tuple[str, ...]
    terminals: tuple[str, ...]
    operators: tuple[str, ...]
    account: str


@dataclass(frozen=True, slots=True)
class MadeRecords:
    """``count`` payments of ``seed``; the same two make the same payments."""

    count: int
    seed: int = 1
    draw: random.Random = field(init=False, repr=False)
    people: dict[int, People] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Draw the merchants."""
        object.__setattr__(self, "draw", random.Random(self.seed))
        object.__setattr__(self, "people", {number: self._people() for number in range(1, MERCHANTS + 1)})

    async def load(self, address: str, clock: Clock, on_loaded: OnLoaded) -> None:
        """Write everything into the fresh database at ``address``."""
        people = (merchant, map(_merchant, self.people)), (shop, self._shops()), (terminal, self._terminals())
        for table, made in (*people, (provider_account, self._accounts())):
            few = list(made)
            await load_unevidenced(address, table, few, count=len(few), clock=clock, on_loaded=on_loaded)
        days = MadeDays()
        rows = self._payments(days)
        await load_unevidenced(address, payment, rows, count=self.count, clock=clock, on_loaded=on_loaded)
        # Millions of rows: counted by going through them, never held.
        await load_unevidenced(address, day_totals, days.by_shop(), count=days.count, clock=clock, on_loaded=on_loaded)
        count = sum(1 for _ in days.by_merchant())
        await load_unevidenced(address, merchant_day, days.by_merchant(), count=count, clock=clock, on_loaded=on_loaded)

    def some_merchant(self, draw: random.Random) -> int:
        """A merchant, as often as it has payments."""
        return min(MERCHANTS, 1 + int(MERCHANTS * draw.random() ** 2))

    def some_amount(self, draw: random.Random) -> int:
        """An amount in fen: half of them below ¥30, one in a hundred above ¥300."""
        return max(1, int(math.exp(draw.gauss(8, 1))))

    def order_no(self, nth: int) -> str:
        """The order number of the nth payment."""
        return f"{nth:024d}"

    def wallet_trade_no(self, nth: int) -> str:
        """The wallet's number of the nth payment."""
        return f"42{nth:026d}"

    def _people(self) -> People:
        def ids(count: int) -> tuple[str, ...]:
            return tuple(self._id() for _ in range(count))

        return People(ids(SHOPS), ids(TERMINALS), ids(OPERATORS), self._id())

    def _id(self) -> str:
        return str(uuid.UUID(int=self.draw.getrandbits(128)))

    def _one_of(self, several: tuple[str, ...]) -> str:
        """Any of them; a third of what ``random.choice`` costs, and there are millions."""
        return several[int(self.draw.random() * len(several))]

    def _shops(self) -> Iterator[tuple[Any, ...]]:
        for number, people in self.people.items():
            for nth, one in enumerate(people.shops):
                told = {"name": f"{nth}", "day_ends_minute": 0, "rounding": "none"}
                yield _row(shop, merchant_id=number, id=one, **told)

    def _terminals(self) -> Iterator[tuple[Any, ...]]:
        for number, people in self.people.items():
            for nth, one in enumerate(people.terminals):
                told = {"shop_id": people.shops[nth % SHOPS], "number": f"{nth:08d}", "label": ""}
                yield _row(terminal, merchant_id=number, id=one, **told)

    def _accounts(self) -> Iterator[tuple[Any, ...]]:
        for number, people in self.people.items():
            told = {
                "provider": "lakala",
                "name": "lakala",
                "environment": "sandbox",
                "merchant_no": "",
                "cut_minute": 0,
            }
            yield _row(provider_account, merchant_id=number, id=people.account, **told)

    def _payments(self, days: MadeDays) -> Iterator[tuple[Any, ...]]:
        plain: dict[str, Any] = dict.fromkeys(column.name for column in payment.columns) | _PLAIN
        for nth in range(self.count):
            row = plain | self._payment(nth)
            days.add(row, row["taken_at"] // DAY)
            row |= search_keys(row)
            yield tuple(row.values())

    def _payment(self, nth: int) -> dict[str, Any]:
        draw = self.draw
        number = self.some_merchant(draw)
        people, at, minor = self.people[number], BEGINS + nth * SPAN // self.count, self.some_amount(draw)
        cash = draw.random() < CASH
        money, day = self._one_of(_RARE) if draw.random() < NOT_CAPTURED else "captured", day_text(at // DAY)
        return {
            "merchant_id": number,
            "id": uuid_at(at, draw.randbytes(10)),
            "order_no": self.order_no(nth),
            "voucher_no": nth % 999_999 + 1,
            "shop_id": self._one_of(people.shops),
            "terminal_id": self._one_of(people.terminals),
            "operator_id": self._one_of(people.operators),
            "account_id": people.account,
            "method": "cash" if cash else "qr",
            "wallet": "cash" if cash else self._one_of(_WALLETS),
            "entry": "keyed" if cash else "consumer_code",
            "amount_minor": minor,
            "payer_minor": minor,
            "provider_trade_no": f"2025{nth:028d}",
            "wallet_trade_no": self.wallet_trade_no(nth),
            "reference_no": f"66{nth:012d}",
            "last_four": f"{draw.randrange(10_000):04d}" if draw.random() < ON_A_CARD else None,
            "void_until": at,
            "taken_at": at,
            "captured_at": at,
            "business_day": day,
            "clearing_day": day,
            "money": money,
            "refunded_minor": {"refunded": minor, "part_refunded": minor // 2}.get(money, 0),
            "request": _REQUEST % (minor, nth),
        }


def _merchant(number: int) -> tuple[Any, ...]:
    return _row(merchant, merchant_id=number, name=f"{number}", currency="CNY")


def _row(table: Table, **told: Any) -> tuple[Any, ...]:
    """A row of ``table`` in the order of its columns; what is not told is what stands in _OF_ALL, or nothing."""
    known = _OF_ALL | told
    return tuple(known.get(column.name) for column in table.columns)


_OF_ALL: Final[dict[str, Any]] = {
    "zone": "Asia/Shanghai",
    "state": "active",
    "made_at": BEGINS,
    "version": 1,
    "last_change": _NO_CHANGE,
}
_PLAIN: Final[dict[str, Any]] = {
    "batch_no": 1,
    "provider": "lakala",
    "card_kind": "unknown",
    "currency": "CNY",
    "refund_reserved_minor": 0,
    "settlement": "open",
    "visibility": "visible",
    "dispute": "none",
    "asks": 0,
    "not_found_asks": 0,
    "version": 2,
    "last_change": _NO_CHANGE,
}
# As long as a real one.
_REQUEST: Final = (
    '{"act":"take","amount_minor":%d,"auth_code_hmac":"%064x","currency":"CNY","entry":"consumer_code",'
    '"id":"00000000-0000-0000-0000-000000000000","method":"qr","shop_id":"00000000-0000-0000-0000-000000000000",'
    '"terminal_id":"00000000-0000-0000-0000-000000000000"}'
)

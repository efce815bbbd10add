"""Find payments: by time, day, amount, method, wallet, status, place, person, provider and any number; newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, and_, bindparam, case, cast, column, or_, select, true, values

from counterfoil.payments import MoneyState, Payment, payments_query
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.records.candidates import Key, Scan, narrowing_of, scan, singles
from counterfoil.records.cursor import opened, sealed
from counterfoil.records.faults import FILTER_UNKNOWN, RANGE_REVERSED
from counterfoil.records.lanes import lanes_of
from counterfoil.records.means import Means
from counterfoil.records.selection import Selection, Shape, conditions_of, narrowed, selection_of
from counterfoil.store import Row

LIMIT_MAX: Final = 200
# How many entries of an index are looked at for one page.
BUDGET: Final = 1_500
# A statement for each of these; a number between two takes the larger.
_PAGE_SIZES: Final = (1, 11, 51, 64, LIMIT_MAX + 1)
# What only the row can tell, and what therefore leaves out some of what the index offered.
_TOLD_BY_ROWS: Final = frozenset({"status", "hide_unpaid", "first_day", "last_day"})
TEXT_LENGTH_MAX: Final = 64
METHODS: Final = ("card", "qr", "nfc", "cash")
WALLETS: Final = ("wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other")
ENTRIES: Final = ("consumer_code", "merchant_code", "static_code", "tap", "chip", "swipe", "keyed", "unknown")
# The years of a day: those of the clock.
YEARS: Final = range(1970, 3000)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_IDS: Final = ("shop_id", "terminal_id", "operator_id", "account_id")
_CHOICES: Final = (("method", METHODS), ("wallet", WALLETS), ("entry", ENTRIES), ("status", tuple(MoneyState)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A question.

    Times in UTC microseconds, ``from_`` inclusive and ``to`` exclusive; business days ``YYYY-MM-DD`` and amounts in
    minor units, both ends inclusive. ``status`` is a state of the money; ``hide_unpaid`` leaves out what ended without
    money (被拒绝, 已关单, 已冲正) and keeps what is still open. ``number``: any number a person may hold in the hand.
    ``shop_ids``: what the asker may see; None is everything.
    """

    from_: int | None = None
    to: int | None = None
    first_day: str | None = None
    last_day: str | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    method: str | None = None
    wallet: str | None = None
    entry: str | None = None
    status: str | None = None
    shop_id: str | None = None
    terminal_id: str | None = None
    operator_id: str | None = None
    provider: str | None = None
    account_id: str | None = None
    number: str | None = None
    hide_unpaid: bool = False
    shop_ids: frozenset[str] | None = None
    limit: int = 50
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, newest first, and the token of the next or None at the end.

    ``seen_to``: the page is short because enough was looked at for one page; everything newer than this instant was.
    """

    items: tuple[Payment, ...]
    next: str | None
    seen_to: int | None = None


async def find(means: Means, merchant_id: int, asked: Find, *, budget: int = BUDGET) -> Page:
    """A page of payments, for which at most ``budget`` entries of an index are looked at.

    Raises RANGE_REVERSED, FILTER_UNKNOWN or PAGE_TOKEN_WRONG.
    """
    check(asked)
    selection = selection_of(merchant_id, asked)
    after = None if asked.after is None else opened(selection.query, asked.after, means.seal_key)
    rows, end = await _Reading(means, asked, selection, budget).page(after)
    items = await _with_legs(means, merchant_id, rows[: asked.limit])
    if len(rows) > asked.limit:
        return Page(items, sealed(selection.query, (items[-1].taken_at, items[-1].id), means.seal_key))
    if end is None:
        return Page(items, None)
    return Page(items, sealed(selection.query, end, means.seal_key), seen_to=end[0])


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a page is read: from which lanes, and with how many looks."""

    means: Means
    asked: Find
    selection: Selection
    budget: int

    async def page(self, after: Key | None) -> tuple[list[Row], Key | None]:
        """The rows of a page and one more where there is one; and where the reading ended before all was looked at."""
        single = [key for key in await singles(self.means.store, self.selection) if after is None or key < after]
        rows: list[Row] = []
        budget, wanted = self.budget, self.asked.limit + 1
        # One payment in ten or so is left out by its row.
        most = wanted * 5 // 4 if self.selection.shape.names & _TOLD_BY_ROWS or self.asked.shop_ids else wanted
        while len(rows) < wanted and budget > 0:
            scans = await self._scans(after, budget, most)
            after = max((one.end for one in scans if one.end is not None), default=None)
            keys = {*single, *(key for one in scans for key in one.keys)}
            # Between here and where the other lanes ended, not every lane has been looked at.
            sure = {key for key in keys if after is None or key >= after}
            single = [key for key in single if key not in sure]
            rows += await self._rows(sorted(sure, reverse=True))
            if after is None:
                return rows, None
            budget, most = budget - sum(one.examined for one in scans), LIMIT_MAX
        return rows, after

    async def _scans(self, after: Key | None, budget: int, most: int) -> list[Scan]:
        lanes, narrowing = lanes_of(self.asked), narrowing_of(self.selection)
        share = max(1, budget // len(lanes))
        return [await scan(self.means.store, lane, narrowing, after=after, budget=share, most=most) for lane in lanes]

    async def _rows(self, keys: Sequence[Key]) -> list[Row]:
        """The rows of ``keys`` that answer the whole question, newest first."""
        found: list[Row] = []
        for begins in range(0, len(keys), _PAGE_SIZES[-1]):
            ids = [key[1] for key in keys[begins : begins + _PAGE_SIZES[-1]]]
            statement = _of_ids(self.selection.shape, _sized(len(ids)))
            found += await self.means.store.fetch(statement, self.selection.params | _padded(ids))
        return sorted(found, key=lambda row: (row["taken_at"], row["id"]), reverse=True)


async def _with_legs(means: Means, merchant_id: int, rows: Sequence[Row]) -> tuple[Payment, ...]:
    legs: dict[str, list[Row]] = {}
    if rows:
        params = {"merchant_id": merchant_id} | _padded([row["id"] for row in rows])
        for leg in await means.store.fetch(_legs_of(_sized(len(rows))), params):
            legs.setdefault(leg["payment_id"], []).append(leg)
    return tuple(Payment.of(row, legs.get(row["id"], ())) for row in rows)


def check(asked: Find) -> None:
    """Whether the question makes sense. Raises RANGE_REVERSED or FILTER_UNKNOWN, with the field named."""
    _check_ranges(asked)
    for name, allowed in _CHOICES:
        if (value := getattr(asked, name)) is not None and value not in allowed:
            raise FILTER_UNKNOWN(field=name)
    for name in ("number", "provider"):
        if (value := getattr(asked, name)) is not None and not 0 < len(value) <= TEXT_LENGTH_MAX:
            raise FILTER_UNKNOWN(field=name)
    for name in _IDS:
        if (value := getattr(asked, name)) is not None and not _ID.fullmatch(value):
            raise FILTER_UNKNOWN(field=name)
    if not 1 <= asked.limit <= LIMIT_MAX:
        raise FILTER_UNKNOWN(field="limit")


@lru_cache(maxsize=512)
def page_statement(shape: Shape, *, paged: bool) -> Select[Any]:
    """The first page of a shape, or one that begins after ``last_at`` and ``last_id``."""
    found = narrowed(payments_query(), shape)
    if paged:
        same = and_(payment.c.taken_at == bindparam("last_at"), payment.c.id < bindparam("last_id"))
        found = found.where(payment.c.taken_at <= bindparam("last_at")).where(
            or_(payment.c.taken_at < bindparam("last_at"), same)
        )
    return found.order_by(payment.c.taken_at.desc(), payment.c.id.desc()).limit(bindparam("limit_"))


def page_params(last: tuple[int, str] | None, limit: int) -> dict[str, Any]:
    """What ``page_statement`` is given beside the selection: the key before the page, and its length."""
    return {"limit_": limit} | ({} if last is None else {"last_at": last[0], "last_id": last[1]})


@lru_cache(maxsize=512)
def _of_ids(shape: Shape, size: int) -> Select[Any]:
    """Those of ``size`` payments, by their ids, that answer a question of this shape.

    In no order, the ids as a table of their own, and the conditions inside a CASE, where no index can serve them:
    otherwise a planner may read a merchant's index by time and look there for so many rows instead of by their keys.
    """
    kind = payment.c.id.type
    rows = [(cast(each, kind),) for each in _id_params(size)]
    wanted = values(column("id", kind), name="wanted").data(rows).cte("wanted")
    answers = case((and_(true(), *conditions_of(shape)), 1), else_=0) == 1
    of_ids = payments_query().where(payment.c.merchant_id == bindparam("merchant_id"))
    return of_ids.where(payment.c.id.in_(select(wanted.c.id)), answers)


@lru_cache(maxsize=len(_PAGE_SIZES))
def _legs_of(size: int) -> Select[Any]:
    """The legs of up to ``size`` payments by their ids: the page may have moved on since it was read."""
    on_page = (payment_leg.c.merchant_id == bindparam("merchant_id")) & payment_leg.c.payment_id.in_(_id_params(size))
    return select(payment_leg).where(on_page).order_by(payment_leg.c.asked_at, payment_leg.c.id)


def _sized(count: int) -> int:
    return next(size for size in _PAGE_SIZES if size >= count)


def _id_params(size: int) -> list[BindParameter[str]]:
    return [bindparam(f"id_{n}") for n in range(size)]


def _padded(ids: Sequence[str]) -> dict[str, str]:
    """Parameters for as many ids as the statement has; the last one stands again where there are fewer."""
    return {f"id_{n}": ids[min(n, len(ids) - 1)] for n in range(_sized(len(ids)))}


def _check_ranges(asked: Find) -> None:
    for name in ("first_day", "last_day"):
        if (day := getattr(asked, name)) is not None and not _is_day(day):
            raise FILTER_UNKNOWN(field=name)
    ranges = (("from_", "to"), ("first_day", "last_day"), ("amount_min", "amount_max"))
    for first, last in ranges:
        begins, ends = getattr(asked, first), getattr(asked, last)
        if begins is not None and ends is not None and ends < begins:
            raise RANGE_REVERSED(field=last)


def _is_day(text: str) -> bool:
    try:
        return _DAY.fullmatch(text) is not None and date.fromisoformat(text).year in YEARS
    except ValueError:
        return False

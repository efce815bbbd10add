"""The totals of a selection: what was received, what of it went back, and what the default view leaves out.

They are those of the selected *payments*, whenever a void or refund of them happened; ``day_totals`` books each void
and refund on its own day and can therefore not stand for them. They are summed in steps of so many payments, newest
first, so that no statement reads without end: whoever is in a hurry takes the first step and says from when on it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from counterfoil.basis import Money
from counterfoil.payments import MoneyState, Payment
from counterfoil.payments.tables import payment
from counterfoil.records.candidates import in_facets, narrowing_of
from counterfoil.records.find import LIMIT_MAX, Find, check, find
from counterfoil.records.lanes import Lane, lanes_of, leads_into
from counterfoil.records.means import Means
from counterfoil.records.selection import BOUNDS, UNPAID, Selection, Shape, narrowed, one_of, selection_of

# How many entries of an index one statement sums.
STEP: Final = 20_000
_LATER_THAN_ALL: Final = 2**62
_M: Final = MoneyState
# States reached only after the money was received, whatever became of it later.
RECEIVED: Final = (_M.CAPTURED, _M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """``count`` payments are listed; ``received`` of them brought ``gross``. ``net`` = gross − voided − refunded.

    ``voids`` and ``refunds`` count payments. ``hidden``: how many more there are that ended without money. ``since``:
    where not None, only payments taken at or after this instant (UTC microseconds) are summed yet.
    """

    count: int
    received: int
    gross: Money
    voids: int
    voided: Money
    refunds: int
    refunded: Money
    hidden: int
    since: int | None = None

    @property
    def net(self) -> Money:
        """What is left."""
        return self.gross - self.voided - self.refunded


async def totals(means: Means, merchant_id: int, asked: Find, *, steps: int | None = None, step: int = STEP) -> Totals:
    """The totals of everything ``asked`` selects, on all its pages; of the newest ``steps`` steps where that is given.

    A step is ``step`` payments, of one moment; what is paid while the steps go on is not in them.
    Raises RANGE_REVERSED or FILTER_UNKNOWN.
    """
    check(asked)
    everything = replace(asked, hide_unpaid=False, after=None)
    if asked.number is not None:
        return _told(await _of_number(means, merchant_id, everything), asked, None)
    selection = selection_of(merchant_id, everything)
    summed, since = Counter[str](), None
    for lane in lanes_of(everything):
        ended = await _Steps(means, selection, steps, step).add(lane, summed)
        since = ended if since is None or ended is None else max(since, ended)
    return _told(summed, asked, since)


@dataclass(frozen=True, slots=True)
class _Steps:
    """How far the lanes of a selection are summed."""

    means: Means
    selection: Selection
    most: int | None
    size: int

    async def add(self, lane: Lane, summed: Counter[str]) -> int | None:
        """Add the lane's payments to ``summed``; answer with the instant it came to, None at the lane's end."""
        narrowing = narrowing_of(self.selection)
        params = {**self.selection.params, **narrowing.params, "lane": lane.value, "step": self.size}
        sums = _sums(self.selection.shape, lane.column, narrowing.names)
        below, done = _LATER_THAN_ALL, 0
        while self.most is None or done < self.most:
            reach = _reach(lane.column, narrowing.names)
            read = await self.means.store.fetch_one(reach, {**params, "below": below}) or {"entries": 0}
            since = read["since"] if read["entries"] == self.size else 0
            row = await self.means.store.fetch_one(sums, {**params, "below": below, "since": since}) or {}
            # PostgreSQL sums whole numbers as numeric.
            summed.update({name: int(value or 0) for name, value in row.items()})
            if since == 0:
                return None
            below, done = since, done + 1
        return below


async def _of_number(means: Means, merchant_id: int, asked: Find) -> Counter[str]:
    """A number is on a few payments: they are summed as they are found."""
    summed, after = Counter[str](), None
    while True:
        page = await find(means, merchant_id, replace(asked, limit=LIMIT_MAX, after=after))
        for one in page.items:
            summed.update(_of_one(one))
        if page.next is None:
            return summed
        after = page.next


def _of_one(one: Payment) -> dict[str, int]:
    received, voided = one.money in RECEIVED, one.money is _M.VOIDED
    return {
        "found": 1,
        "unpaid": int(one.money in UNPAID),
        "received": int(received),
        "gross": one.amount_minor if received else 0,
        "voids": int(voided),
        "voided": one.amount_minor if voided else 0,
        "refunds": int(one.refunded_minor > 0),
        "refunded": one.refunded_minor,
    }


def _told(summed: Counter[str], asked: Find, since: int | None) -> Totals:
    hidden = summed["unpaid"] if asked.hide_unpaid else 0
    return Totals(
        count=summed["found"] - hidden,
        received=summed["received"],
        gross=Money(summed["gross"]),
        voids=summed["voids"],
        voided=Money(summed["voided"]),
        refunds=summed["refunds"],
        refunded=Money(summed["refunded"]),
        hidden=hidden,
        since=since,
    )


@lru_cache(maxsize=16)
def _reach(column: str | None, names: frozenset[str]) -> Any:
    """How far back one step goes: the oldest of the next ``step`` entries of a lane, and how many there are."""
    entries = select(payment.c.taken_at).where(
        payment.c.merchant_id == bindparam("merchant_id"),
        leads_into(column),
        *(BOUNDS[name] for name in sorted(names & BOUNDS.keys())),
        payment.c.taken_at < bindparam("below"),
    )
    step = entries.order_by(payment.c.taken_at.desc()).limit(bindparam("step")).subquery()
    return select(func.min(step.c.taken_at).label("since"), func.count().label("entries"))


@lru_cache(maxsize=512)
def _sums(shape: Shape, column: str | None, names: frozenset[str]) -> Select[Any]:
    """The sums of one step of a lane."""
    received = one_of(RECEIVED)
    voided = payment.c.money == _M.VOIDED.value
    refunded = payment.c.refunded_minor > 0
    columns: tuple[ColumnElement[Any], ...] = (
        func.count().label("found"),
        _sum_where(one_of(UNPAID), 1).label("unpaid"),
        _sum_where(received, 1).label("received"),
        _sum_where(received, payment.c.amount_minor).label("gross"),
        _sum_where(voided, 1).label("voids"),
        _sum_where(voided, payment.c.amount_minor).label("voided"),
        _sum_where(refunded, 1).label("refunds"),
        _sum_where(refunded, payment.c.refunded_minor).label("refunded"),
    )
    within = (payment.c.taken_at < bindparam("below")) & (payment.c.taken_at >= bindparam("since"))
    found = narrowed(select(*columns).select_from(payment), shape).where(leads_into(column), within)
    return found.where(in_facets(payment.c)) if "facets" in names else found


def _sum_where(condition: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
    return func.sum(case((condition, value), else_=0))

"""The totals of a selection: what was received, what of it went back, and what the default view leaves out.

They are those of the selected *payments*, whenever a void or refund of them happened; ``day_totals`` books each void
and refund on its own day and can therefore not stand for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select

from counterfoil.basis import Money
from counterfoil.payments import MoneyState
from counterfoil.payments.tables import payment
from counterfoil.records.find import Find, check
from counterfoil.records.means import Means
from counterfoil.records.selection import UNPAID, Shape, narrowed, one_of, selection_of

_M: Final = MoneyState
# States reached only after the money was received, whatever became of it later.
RECEIVED: Final = (_M.CAPTURED, _M.VOIDING, _M.VOIDED, _M.PART_REFUNDED, _M.REFUNDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """``count`` payments are listed; ``received`` of them brought ``gross``. ``net`` = gross − voided − refunded.

    ``voids`` and ``refunds`` count payments. ``hidden``: how many more there are that ended without money.
    """

    count: int
    received: int
    gross: Money
    voids: int
    voided: Money
    refunds: int
    refunded: Money
    hidden: int

    @property
    def net(self) -> Money:
        """What is left."""
        return self.gross - self.voided - self.refunded


async def totals(means: Means, merchant_id: int, asked: Find) -> Totals:
    """The totals of everything ``asked`` selects, on all its pages, in one statement and so of one moment.

    Raises RANGE_REVERSED or FILTER_UNKNOWN.
    """
    check(asked)
    selection = selection_of(merchant_id, replace(asked, hide_unpaid=False))
    row = await means.store.fetch_one(_statement(selection.shape), selection.params) or {}
    # PostgreSQL sums whole numbers as numeric.
    said = {name: int(value or 0) for name, value in row.items()}
    hidden = said["unpaid"] if asked.hide_unpaid else 0
    return Totals(
        count=said["found"] - hidden,
        received=said["received"],
        gross=Money(said["gross"]),
        voids=said["voids"],
        voided=Money(said["voided"]),
        refunds=said["refunds"],
        refunded=Money(said["refunded"]),
        hidden=hidden,
    )


@lru_cache(maxsize=512)
def _statement(shape: Shape) -> Select[Any]:
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
    return narrowed(select(*columns).select_from(payment), shape)


def _sum_where(condition: ColumnElement[bool], value: ColumnElement[int] | int) -> ColumnElement[int]:
    return func.sum(case((condition, value), else_=0))

"""Which index a question is read from, chosen by rule and never by a planner's guess.

A number is looked up where a number of its looks can stand. Else a narrow range of amounts is read from its bands, a
rare state from its own index, and everything else by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, bindparam, text, true

from counterfoil.payments import MoneyState, amount_band
from counterfoil.payments.tables import RARE_STATE, payment

if TYPE_CHECKING:
    from counterfoil.records.find import Find

# More bands than this are no narrow range: reading by time is as good.
BANDS_MAX: Final = 3
VOUCHER_DIGITS: Final = 6
LAST_FOUR_DIGITS: Final = 4
# Numbers that stand on one payment, or on a few at most. ``leg``: those of its void or refunds.
SINGLE: Final = ("order_no", "provider_trade_no", "wallet_trade_no", "reference_no", "leg")
LEG_NUMBERS: Final = ("order_no", "provider_trade_no", "wallet_trade_no")
_COMMON: Final = (MoneyState.CAPTURED, MoneyState.SENT)
# A partial index is taken where its own condition stands in the statement in the same words.
_PARTIAL: Final[dict[str, ColumnElement[bool]]] = {
    "money": text(RARE_STATE),  # type: ignore[dict-item]
    "last_four": payment.c.last_four.is_not(None),
    "bill_ref": payment.c.bill_ref.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Lane:
    """One index, read newest first: the payments whose ``column`` equals ``value``; all of them where it is None."""

    column: str | None = None
    value: int | str | None = None


def lanes_of(asked: Find) -> tuple[Lane, ...]:
    """The lanes in which everything stands that ``asked`` selects, but for payments found by a number in SINGLE."""
    if asked.number is not None:
        kinds = [kind for kind in number_kinds(asked.number) if kind not in SINGLE]
        return tuple(Lane(kind, int(asked.number) if kind == "voucher_no" else asked.number) for kind in kinds)
    if asked.amount_min is not None and asked.amount_max is not None:
        first, last = amount_band(asked.amount_min), amount_band(asked.amount_max)
        if last - first < BANDS_MAX:
            return tuple(Lane("amount_band", band) for band in range(first, last + 1))
    if asked.status is not None and asked.status not in _COMMON:
        return (Lane("money", asked.status),)
    return (Lane(),)


def leads_into(column: str | None) -> ColumnElement[bool]:
    """The condition that leads into the index of a lane; its value is the parameter ``lane``."""
    if column is None:
        return true()
    equal: ColumnElement[bool] = payment.c[column] == bindparam("lane")
    return equal & _PARTIAL[column] if column in _PARTIAL else equal


def number_kinds(number: str) -> tuple[str, ...]:
    """The columns in which a number of these looks can stand."""
    digits = len(number) if number.isascii() and number.isdecimal() else 0
    if 0 < digits <= VOUCHER_DIGITS:
        last_four = ("last_four",) if digits == LAST_FOUR_DIGITS else ()
        return ("voucher_no", *last_four, "reference_no", "bill_ref")
    # Also an order number, whatever it looks like: that of a payment by the printed code is the provider's own.
    return ("order_no", "provider_trade_no", "wallet_trade_no", "reference_no", "bill_ref", "leg")

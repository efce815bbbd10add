"""One button for the customer's money: which of void and refund it means, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.payments.payment import Payment
from counterfoil.payments.states import MoneyState
from counterfoil.providers import Manifest


class WhyThisWay(StrEnum):
    """Why it is a void or a refund."""

    BEFORE_CUT = "before_cut"
    AFTER_CUT = "after_cut"
    PART_REFUNDED = "part_refunded"
    ENTRY_NOT_VOIDABLE = "entry_not_voidable"


@dataclass(frozen=True, slots=True)
class WayBack:
    """``kind`` is ``void`` or ``refund``; ``until`` the instant of the account's cut, UTC microseconds."""

    kind: str
    why: WhyThisWay
    until: int


def way_back(payment: Payment, manifest: Manifest, now: int) -> WayBack:
    """A void while the whole amount is there, the entry can be voided and the cut has not come; else a refund.

    What decides is ``void_until``, stored at the intent: at the cut itself it is already a refund.
    """
    if payment.money is MoneyState.PART_REFUNDED or payment.refund_reserved_minor or payment.refunded_minor:
        return WayBack("refund", WhyThisWay.PART_REFUNDED, payment.void_until)
    if payment.entry not in manifest.void_entries:
        return WayBack("refund", WhyThisWay.ENTRY_NOT_VOIDABLE, payment.void_until)
    if now >= payment.void_until:
        return WayBack("refund", WhyThisWay.AFTER_CUT, payment.void_until)
    return WayBack("void", WhyThisWay.BEFORE_CUT, payment.void_until)

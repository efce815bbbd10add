"""What became of a payment, in the catalogue's words: why it was not received, or why that is not known yet."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from counterfoil.basis import Both, Fault, Money
from counterfoil.payments.faults import (
    CARD_AWAITED,
    CARD_NOT_TAKEN,
    CODE_SHOWN,
    CUSTOMER_CONFIRMING,
    NO_CODE_TO_SHOW,
    OUTCOME_UNKNOWN,
    REFUND_CANCELLED,
    REFUND_GIVEN_UP,
    REFUND_QUEUED,
)
from counterfoil.payments.outcome import EARLY_TRIES_MAX, FUNDS_NOT_IN_TIME, NOT_SENT
from counterfoil.payments.payment import BY_STATEMENT, CANCELLED, Payment, PaymentLeg
from counterfoil.payments.resolution_faults import NOT_BY_STATEMENT
from counterfoil.payments.states import LegState, MoneyState
from counterfoil.providers import NO_INTERNET, DeclineReason, Manifest, fault_of

_OURS: Final = MappingProxyType(
    {FUNDS_NOT_IN_TIME: REFUND_GIVEN_UP, CANCELLED: REFUND_CANCELLED, BY_STATEMENT: NOT_BY_STATEMENT}
)
_OPEN: Final = frozenset({MoneyState.SENT, MoneyState.UNKNOWN, MoneyState.REVERSING})


def told_of(payment: Payment, manifest: Manifest) -> Fault | None:
    """Never raised, only put into words. None where there is nothing to explain: the money was received, or went back.

    ``manifest`` is that of the payment's provider.
    """
    provider = Both(manifest.name_zh, manifest.name_en)
    if payment.money is MoneyState.DECLINED:
        if payment.at_card_terminal and payment.decline_reason == DeclineReason.CLOSED:
            return CARD_NOT_TAKEN()
        return _no(payment.decline_reason, manifest, payment.amount)
    if payment.by_shown_code and (payment.code is not None or no_code_to_show(payment)):
        return CODE_SHOWN() if payment.code is not None else NO_CODE_TO_SHOW()
    if payment.money in _OPEN:
        confirming = payment.awaiting == "customer"
        if payment.at_card_terminal and confirming:
            return CARD_AWAITED(provider=provider, amount=payment.amount)
        return CUSTOMER_CONFIRMING() if confirming else OUTCOME_UNKNOWN(provider=provider, amount=payment.amount)
    return None


def no_code_to_show(payment: Payment) -> bool:
    """Whether a code was asked for and none came back: nobody can have scanned it."""
    return payment.by_shown_code and answered(payment) and payment.code is None


def answered(payment: Payment) -> bool:
    """Whether the charge was answered, or is known to have found no answer, and is still open."""
    return payment.money is MoneyState.UNKNOWN or (payment.money is MoneyState.SENT and payment.awaiting is not None)


def told_of_leg(leg: PaymentLeg, manifest: Manifest, needed: Money | None = None) -> Fault | None:
    """Why a void or a refund was not carried out, or is queued; None where it was, or where it is not known yet.

    ``needed``: what ``still_needed`` says of a queued refund, where it was asked.
    """
    if leg.queued:
        return REFUND_QUEUED(
            provider=Both(manifest.name_zh, manifest.name_en), amount=leg.amount, when=_when(leg, needed)
        )
    if leg.state is not LegState.FAILED or leg.decline_reason is None:
        return None
    return _no(leg.decline_reason, manifest, leg.amount)


_ONCE_TAKEN_ZH: Final = "再收约 {needed} 后"
_ONCE_TAKEN_EN: Final = "after about {needed} more is taken"


def _when(leg: PaymentLeg, needed: Money | None) -> Both:
    """What is promised of the next try, and no more than is kept."""
    if leg.row["tries"] >= EARLY_TRIES_MAX:
        return Both("每小时", "every hour")
    if needed is None:
        return Both("再收一些款后", "after more is taken")
    if not needed.minor:
        return Both("几分钟内", "within minutes")
    return Both(_ONCE_TAKEN_ZH.format(needed=needed), _ONCE_TAKEN_EN.format(needed=needed))


def _no(reason: str | None, manifest: Manifest, amount: Money) -> Fault:
    provider = Both(manifest.name_zh, manifest.name_en)
    if reason == NOT_SENT:
        return NO_INTERNET()
    if (ours := _OURS.get(reason or "")) is not None:
        return ours(provider=provider, amount=amount)
    known = next((one for one in DeclineReason if one == reason), DeclineReason.OTHER)
    return fault_of(known, manifest.texts)(provider=provider, amount=amount)

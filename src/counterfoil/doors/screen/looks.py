"""How a payment looks: a tone, a sign, and words. Never colour alone, and never red for what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from counterfoil.basis import CANNOT_BE, MICROS, Money, Told, insist
from counterfoil.doors.screen.guest import Signed
from counterfoil.locale import seconds_left
from counterfoil.payments import LegState, MoneyState, Payment, PaymentLeg, no_code_to_show, told_of, told_of_leg

GOOD, BAD, CHECKING, QUIET = "good", "bad", "checking", "quiet"
CUSTOMER: Final = "customer"
_M = MoneyState

# Tone and sign of each state of the money.
_SHAPES: Final[Mapping[MoneyState, tuple[str, str]]] = MappingProxyType(
    {
        _M.CREATED: (CHECKING, "checking"),
        _M.SENT: (CHECKING, "checking"),
        _M.UNKNOWN: (CHECKING, "checking"),
        _M.REVERSING: (CHECKING, "return"),
        _M.VOIDING: (CHECKING, "return"),
        _M.CAPTURING: (CHECKING, "checking"),
        _M.MANUAL: (CHECKING, "person"),
        _M.CAPTURED: (GOOD, "tick"),
        _M.AUTHORIZED: (GOOD, "tick"),
        _M.DECLINED: (BAD, "cross"),
        _M.EXPIRED: (BAD, "cross"),
        _M.REVERSED: (QUIET, "return"),
        _M.VOIDED: (QUIET, "return"),
        _M.PART_REFUNDED: (QUIET, "return"),
        _M.REFUNDED: (QUIET, "return"),
    }
)
_LEG_SHAPES: Final[Mapping[LegState, tuple[str, str, str]]] = MappingProxyType(
    {
        LegState.CREATED: (CHECKING, "return", "sent"),
        LegState.SENT: (CHECKING, "return", "sent"),
        LegState.UNKNOWN: (CHECKING, "checking", "unknown"),
        LegState.DONE: (GOOD, "tick", "done"),
        LegState.FAILED: (BAD, "cross", "failed"),
    }
)
# Told in the words of the fault catalogue, which the API uses too.
_TOLD: Final = frozenset({_M.DECLINED, _M.UNKNOWN})
_WITH_DO: Final = frozenset(
    {"waits", "customer", "reversing", "reversed", "manual", "shown", "over", "closing", "closed"}
    | {"card_shown", "card_over", "card_closing", "card_closed"}
)
_IN_QUEUE: Final = frozenset({"queued", "cancelled"})
_NOT_PAID: Final = frozenset({_M.DECLINED, _M.EXPIRED, _M.REVERSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a person sees of a payment or of a leg. ``do`` is empty where there is nothing to do."""

    tone: str
    sign: str
    what: str
    money: str
    do: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A state in a list: tone, sign and one word."""

    tone: str
    sign: str
    word: str


def mark_of(desk: Signed, payment: Payment) -> Mark:
    """The state as it stands in a table."""
    tone, sign = _SHAPES[payment.money]
    if payment.queued:
        return Mark(CHECKING, "return", desk.t("state.refund_queued"))
    if _customer_confirms(payment):
        return Mark(CHECKING, "phone", desk.t("state.customer"))
    if payment.code is not None:
        return Mark(tone, "phone", desk.t("state.shown"))
    if _at_the_terminal(payment):
        return Mark(tone, "card", desk.t("state.card"))
    if payment.state_name == "closed":
        return Mark(QUIET, "return", desk.t("state.closed"))
    return Mark(tone, sign, desk.t(f"state.{payment.state_name}"))


def look_of(desk: Signed, payment: Payment) -> Look:
    """The whole result page of a payment."""
    tone, sign = _SHAPES[payment.money]
    if (payment.money in _TOLD or no_code_to_show(payment)) and not _customer_confirms(payment):
        return _told(desk, payment, tone, sign)
    own = _name(desk, payment)
    name, with_do = f"look.{own}", own in _WITH_DO
    fill = _fill(desk, payment)
    return Look(
        tone=tone,
        sign="phone" if _customer_confirms(payment) else "card" if own == "card_shown" else sign,
        what=desk.t(f"{name}.what", **fill),
        money=desk.t(f"{name}.money", **fill),
        do=desk.t(f"{name}.do", **fill) if with_do else "",
        say=say(desk, payment),
    )


def _told(desk: Signed, payment: Payment, tone: str, sign: str) -> Look:
    """What the catalogue says of a payment that was not received, or is not known to be."""
    fault = told_of(payment, desk.app.manifests[payment.provider])
    insist(fault is not None, "a payment that was not received has its words")
    told = (fault or CANNOT_BE()).tell(desk.language)
    return Look(tone=tone, sign=sign, what=told.what, money=told.money, do=told.do, say=say(desk, payment))


def leg_look(desk: Signed, payment: Payment, leg: PaymentLeg, needed: Money | None = None) -> Look:
    """The result page of a void or refund. ``needed``: how much more must be taken before a queued one is tried."""
    if leg.shown_as in _IN_QUEUE:
        return _queue_look(desk, payment, leg, needed)
    tone, sign, word = _LEG_SHAPES[leg.state]
    amount = leg.amount
    in_cash = ".cash" if word == "done" and payment.method == "cash" else ""
    money_word = "sent" if word == "unknown" else word
    return Look(
        tone=tone,
        sign=sign,
        what=desk.t(f"back.{word}.{leg.kind}"),
        money=desk.t(f"back.{money_word}.money{in_cash}", amount=amount),
        do=_leg_do(desk, payment, leg, word),
    )


def _queue_look(desk: Signed, payment: Payment, leg: PaymentLeg, needed: Money | None) -> Look:
    """A refund that waits in the queue, or was cancelled there: in the catalogue's words."""
    fault = told_of_leg(leg, desk.app.manifests[payment.provider], needed)
    insist(fault is not None, "what is queued or cancelled has its words")
    told = (fault or CANNOT_BE()).tell(desk.language)
    tone = CHECKING if leg.queued else QUIET
    return Look(
        tone=tone, sign="return", what=desk.t(f"back.{leg.shown_as}"), money=told.money, do=_sentences(desk, told)
    )


def _sentences(desk: Signed, told: Told) -> str:
    """Why, and what to do now."""
    return f"{told.what}{'。' if desk.language == 'zh-CN' else '. '}{told.do}"


def provider_name(desk: Signed, payment: Payment) -> str:
    """The provider's name in the desk's language."""
    manifest = desk.app.manifests[payment.provider]
    return manifest.name_zh if desk.language == "zh-CN" else manifest.name_en


def say(desk: Signed, payment: Payment) -> str:
    """What is spoken aloud."""
    if payment.money is _M.CAPTURED:
        amount = desk.t("say.amount", yuan=payment.amount.decimal().removesuffix(".00"))
        return desk.t("say.captured", wallet=desk.t(f"wallet.{payment.wallet}"), amount=amount)
    if payment.money in _NOT_PAID:
        return desk.t("say.not_paid")
    if payment.code is not None:
        return desk.t("say.shown")
    if _at_the_terminal(payment):
        return desk.t("say.card")
    return desk.t("say.checking")


def _customer_confirms(payment: Payment) -> bool:
    asked = payment.money in (_M.SENT, _M.UNKNOWN) and payment.awaiting == CUSTOMER
    return asked and not payment.closable


def _at_the_terminal(payment: Payment) -> bool:
    """Whether the customer is waited for at the provider's card terminal."""
    return payment.at_card_terminal and payment.code_until is not None


def _name(desk: Signed, payment: Payment) -> str:
    card = "card_" if payment.at_card_terminal else ""
    if payment.code is not None or _at_the_terminal(payment):
        return f"{card}over" if desk.now >= (payment.code_until or 0) else f"{card}shown"
    if card and payment.state_name in {"closing", "closed"}:
        return f"{card}{payment.state_name}"
    if _customer_confirms(payment):
        return CUSTOMER
    return "waits" if payment.money is _M.SENT else payment.state_name


def _fill(desk: Signed, payment: Payment) -> dict[str, object]:
    schedule = desk.app.manifests[payment.provider].schedule
    until = payment.taken_at + int(schedule.reverse_after.get(payment.entry, 0) * MICROS)
    return {
        "amount": payment.amount,
        "provider": provider_name(desk, payment),
        "refunded": Money(payment.refunded_minor, payment.currency),
        "left": payment.refundable,
        "seconds": seconds_left(until, desk.now),
        "wallet": desk.t(f"wallet.{payment.wallet}"),
    }


def _leg_do(desk: Signed, payment: Payment, leg: PaymentLeg, word: str) -> str:
    if word == "failed":
        fault = told_of_leg(leg, desk.app.manifests[payment.provider])
        return "" if fault is None else fault.tell(desk.language).do
    if word in ("sent", "unknown"):
        return desk.t("back.sent.do")
    return desk.t("back.arrives.cash" if payment.method == "cash" else "back.arrives.wallet")

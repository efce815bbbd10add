"""What happened to a payment, line by line, in words."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.provider_code import code_said
from counterfoil.payments import MoneyState, Payment
from counterfoil.records import Event

_IN = frozenset({MoneyState.CAPTURED})
_OUT = frozenset({"txn.voided", "txn.refunded"})
_RECEIVED = frozenset({"txn.captured", "txn.resolved", "txn.recorded"})
# What a person found on the statement, by what that did to the money.
_FOUND_OUT = frozenset({"voided", "refunded"})
_MAYBE = frozenset({MoneyState.UNKNOWN, MoneyState.MANUAL})
# Why a record made of a notice has the time of the notice and not of the payment.
_ARRIVAL = frozenset({"paid_at_unsaid", "paid_at_implausible"})
_KNOWN = frozenset(
    {
        "txn.sent",
        "txn.captured",
        "txn.declined",
        "txn.unknown",
        "txn.resolved",
        "txn.reversing",
        "txn.reversal_sent",
        "txn.reversed",
        "txn.manual",
        "txn.late_success",
        "txn.resolved_manually",
        "txn.voiding",
        "txn.voided",
        "txn.void_refused",
        "txn.void_unknown",
        "refund.created",
        "refund.sent",
        "refund.unknown",
        "refund.failed",
        "refund.queued",
        "refund.cancelled",
        "txn.refunded",
        "txn.recorded",
        "txn.rerouted",
        "notice.kept",
        "receipt.reprinted",
        "hold.placed",
        "hold.lifting",
        "hold.lifted",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An event as it stands in the timeline."""

    event: Event
    what: str
    who: str
    where: str
    effect: str
    code: str


def line_of(desk: Signed, payment: Payment, event: Event, numbers: dict[str, str], places: dict[str, str]) -> Line:
    """The line of ``event``; ``numbers`` are operators' numbers by id, ``places`` terminals'."""
    who = numbers.get(event.actor_id, "")
    approver = numbers.get(event.approver_id or "", "")
    name = desk.operator(who) if who else desk.t("record.by_machine")
    terminal = places.get(event.terminal_id or "", "")
    return Line(
        event=event,
        what=_what(desk, event),
        who=name + (f" · {desk.t('record.approved_by', number=approver)}" if approver else ""),
        where=desk.t("bar.terminal", number=terminal) if terminal else "",
        effect=_effect(desk, event),
        code=code_said(desk, payment, event.body.get("code")),
    )


def _what(desk: Signed, event: Event) -> str:
    # A record made of a notice goes on where that was: the two have one id.
    if event.kind == "notice.ended":
        return desk.t(f"office.notice.how.{event.body['how']}")
    word = desk.t(f"event.{event.kind}" if event.kind in _KNOWN else "event.other")
    if event.kind == "txn.resolved" and event.to in {state.value for state in MoneyState}:
        return f"{word} · {desk.t(f'state.{event.to}')}"
    if event.kind == "txn.resolved_manually":
        how = event.body["how"]
        return f"{word} · {desk.t(f'statement.finding.{how}')}"
    why = event.body.get("why")
    if event.kind == "txn.recorded" and why in _ARRIVAL:
        return f"{word} · {desk.t(f'event.txn.recorded.{why}')}"
    return word


def _effect(desk: Signed, event: Event) -> str:
    if event.amount is None:
        return desk.t("effect.none")
    amount = event.amount
    found = event.body.get("how") if event.kind == "txn.resolved_manually" else None
    if found == "kept":
        return desk.t("effect.in", amount=amount)
    if event.kind in _OUT or found in _FOUND_OUT:
        return desk.t("effect.out", amount=amount)
    if event.to in _IN and event.from_ != event.to and event.kind in _RECEIVED:
        return desk.t("effect.in", amount=amount)
    if event.to in _MAYBE:
        return desk.t("effect.maybe", amount=amount)
    return desk.t("effect.none")

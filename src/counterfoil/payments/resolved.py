"""What a person's finding on the provider's statement does to a payment, or to a void or refund of it: pure decisions.

The sums of a day count what was found as they would have counted the answer, once: a late success adds nothing before
somebody has found that the money stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from counterfoil.basis import JSON, MICROS, insist
from counterfoil.payments import facts
from counterfoil.payments.decision import Decision, Turn, fact_of, moved, resting, sorts_of
from counterfoil.payments.outcome import refund_answered, sale_totals, void_answered
from counterfoil.payments.payment import BY_STATEMENT, Payment, PaymentLeg
from counterfoil.payments.resolution import Finding
from counterfoil.payments.states import LegState, MoneyEvent, MoneyState
from counterfoil.providers import Approved, Declined, DeclineReason

# A void or refund whose fate nobody knows for so long comes to a person; it goes on being asked about.
LEG_UNKNOWN_SECONDS: Final = 72 * 3600
_DONE: Final = {"void": (Finding.VOIDED, Finding.NOT_VOIDED), "refund": (Finding.REFUNDED, Finding.NOT_REFUNDED)}


def findings_for(payment: Payment, leg: PaymentLeg | None, now: int) -> tuple[Finding, ...]:
    """What may be found of it now; nothing where it does not wait for a person.

    What the provider said was paid after it was undone has come, so that it never came cannot be found any more.
    """
    if leg is not None:
        return _DONE[leg.kind] if leg_is_lost(leg, now) else ()
    if payment.money is not MoneyState.MANUAL:
        return ()
    if payment.captured_at is not None:
        return (Finding.GIVEN_BACK, Finding.KEPT)
    return (Finding.NONE_CAME, Finding.KEPT, Finding.GIVEN_BACK)


def leg_is_lost(leg: PaymentLeg, now: int) -> bool:
    """Whether nobody has known for so long what became of a void or a refund that a person has to look."""
    known = leg.kind in _DONE and leg.state is LegState.UNKNOWN
    return known and now >= leg.asked_at + LEG_UNKNOWN_SECONDS * MICROS


def charge_found(payment: Payment, finding: Finding, turn: Turn, came_at: int, **said: JSON) -> Decision:
    """M21: what stands on the statement ends it; ``came_at``: when the money came, where it did."""
    kept = finding is Finding.KEPT
    to = moved(payment, MoneyEvent.PERSON_KEPT if kept else MoneyEvent.PERSON_UNDID)
    came: dict[str, Any] = {}
    if finding is not Finding.NONE_CAME and payment.captured_at is None:
        came = {"captured_at": max(payment.taken_at, came_at), "payer_minor": payment.amount_minor}
    ended = {"ended_at": None, "decline_reason": None} if kept else {"ended_at": turn.now}
    columns = {"money": to, **came, **ended, **resting(payment, None, turn)}
    fact = fact_of(facts.RESOLVED_MANUALLY, payment, turn, to, leg=None, **_said(payment, finding, said))
    return Decision(payment=columns, facts=(fact,), totals=sale_totals({**payment.row, **columns}) if kept else ())


def leg_found(payment: Payment, leg: PaymentLeg, finding: Finding, turn: Turn, **said: JSON) -> Decision:
    """What an answer would have done, under the person's fact: the amount went back, or is free to go back again."""
    done = finding in (Finding.VOIDED, Finding.REFUNDED)
    answer = Approved() if done else Declined(reason=DeclineReason.OTHER, code=BY_STATEMENT)
    decide = void_answered if leg.kind == "void" else refund_answered
    decision = decide(payment, leg, answer, turn, called=False)
    insist(decision is not None, "what waits for a person can be decided")
    decision = decision or Decision(payment={})
    to = MoneyState(decision.payment.get("money", payment.money))
    fact = fact_of(facts.RESOLVED_MANUALLY, payment, turn, to, leg=leg, **_said(payment, finding, said))
    reason = {} if done else {"decline_reason": BY_STATEMENT}
    return replace(decision, facts=(fact,), leg_set={**decision.leg_set, **reason})


def _said(payment: Payment, finding: Finding, said: Mapping[str, JSON]) -> dict[str, JSON]:
    return {**sorts_of(payment), "how": finding.value, **said}

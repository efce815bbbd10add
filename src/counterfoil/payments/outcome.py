"""What a provider's answer does to a payment: pure decisions.

Each function takes the payment as it is *now*, which after a lost race may be other than when the call was made, and
answers with what to write, or None where the answer changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.basis import JSON, MICROS, insist
from counterfoil.evidence import FactKind
from counterfoil.payments import facts
from counterfoil.payments.decision import (
    LEASE_MARGIN_SECONDS,
    Decision,
    Turn,
    fact_of,
    leg_moved,
    moved,
    resting,
    sorts_of,
    sums_of,
)
from counterfoil.payments.payment import CANCELLED, Payment, PaymentLeg
from counterfoil.payments.search_keys import facets
from counterfoil.payments.states import LEG, LegEvent, LegState, MoneyEvent, MoneyState
from counterfoil.providers import Approved, Declined, DeclineReason, Outcome, Pending, Schedule, Unknown, Why
from counterfoil.store import Add

# A driver keeps a payment in hand while the next question is this near; what is further off, the worker picks up.
PATIENCE_SECONDS: Final = 20
NOT_SENT: Final = "not_sent"
FUNDS_NOT_IN_TIME: Final = "funds_not_in_time"
# A refund the account does not cover is tried again after these pauses, the last one repeating, for so long.
QUEUE_SECONDS: Final = (600, 1200, 2400, 3600)
QUEUE_SECONDS_MAX: Final = 7 * 24 * 3600
# So often it may be tried early, because enough was taken meanwhile; then only when its time comes.
EARLY_TRIES_MAX: Final = 12


def charge_answered(payment: Payment, outcome: Outcome, turn: Turn, *, called: bool) -> Decision | None:
    """Apply the answer to the charge itself (``called``) or to a question about it."""
    match outcome:
        case Approved():
            return _charge_approved(payment, outcome, turn)
        case Declined(reason=reason, code=code):
            return _charge_declined(payment, turn, str(reason), code)
        case Pending():
            return _charge_pending(payment, outcome, turn)
        case Unknown(why=Why.NOT_SENT) if called and payment.money is MoneyState.SENT:
            return _charge_declined(payment, turn, NOT_SENT, NOT_SENT)
        case Unknown(why=why):
            return _charge_unknown(payment, turn, why, called=called)


def reversal_answered(
    payment: Payment, leg: PaymentLeg, outcome: Outcome, turn: Turn, *, origin: Outcome | None = None
) -> Decision | None:
    """Apply the answer to a reversal. ``origin``: what the provider says of the charge, asked where it refused."""
    if payment.money is not MoneyState.REVERSING:
        return None
    match outcome:
        case Approved():
            return _reversed(payment, leg, turn, "done", outcome.provider_trade_no)
        case Declined() if isinstance(origin, Approved):
            return _late_success(payment, leg, turn, "refused_and_paid", origin)
        case _ if why_not := _never_paid(payment, outcome, origin, turn):
            return _reversed(payment, leg, turn, why_not, None)
        case _ if turn.now >= leg.asked_at + int(turn.schedule.reversing_max * MICROS):
            return _stuck(payment, leg, turn)
        case _:
            return _leg_unknown(payment, leg, turn, facts.UNKNOWN, _why(outcome))


def void_answered(payment: Payment, leg: PaymentLeg, outcome: Outcome, turn: Turn, *, called: bool) -> Decision | None:
    """Apply the answer to a void, or to a question about it."""
    if payment.money is not MoneyState.VOIDING:
        return None
    match outcome:
        case Approved():
            to = moved(payment, MoneyEvent.VOID_DONE)
            return Decision(
                payment={"money": to, "ended_at": turn.now, **resting(payment, leg, turn)},
                leg=leg,
                leg_set=_leg_done(leg, outcome, turn),
                facts=(
                    fact_of(
                        facts.VOIDED, payment, turn, to, leg=leg, **sorts_of(payment), ptn=outcome.provider_trade_no
                    ),
                ),
                totals=sums_of(payment.row, "void", leg.business_day, leg.amount_minor),
            )
        case Declined(reason=reason, code=code):
            return _void_refused(payment, leg, turn, str(reason), code)
        case Unknown(why=Why.NOT_SENT) if called and leg.state is LegState.SENT:
            return _void_refused(payment, leg, turn, NOT_SENT, NOT_SENT)
    return _leg_unknown(payment, leg, turn, facts.VOID_UNKNOWN, _why(outcome))


def refund_answered(
    payment: Payment, leg: PaymentLeg, outcome: Outcome, turn: Turn, *, called: bool
) -> Decision | None:
    """Apply the answer to a refund, or to a question about it. A refund is never reversed by the machine."""
    if leg.state in LEG.final:
        return None
    match outcome:
        case Approved():
            return _refunded(payment, leg, outcome, turn)
        case Declined(reason=DeclineReason.FUNDS_SHORT, code=code):
            return _funds_short(payment, leg, turn, code)
        case Declined(reason=reason, code=code):
            return _refund_failed(payment, leg, turn, str(reason), code)
        case Unknown(why=Why.NOT_SENT) if called and leg.state is LegState.SENT:
            return _refund_not_sent(payment, leg, turn)
    return _leg_unknown(payment, leg, turn, facts.REFUND_UNKNOWN, _why(outcome))


def captured_set(payment: Payment, approved: Approved, now: int) -> dict[str, Any]:
    """The columns an approval fills in; what the provider did not say stays as it was."""
    payer = payment.amount_minor if approved.payer_minor is None else approved.payer_minor
    discount = approved.merchant_discount_minor
    net = None
    if approved.fee_minor is not None:
        net = payment.amount_minor - (discount or 0) - approved.fee_minor
    wallet = approved.wallet or payment.wallet
    return {
        "wallet": wallet,
        "facets": facets({**payment.row, "wallet": wallet}),
        "card_kind": approved.card_kind or payment.card_kind,
        "payer_minor": payer,
        "merchant_discount_minor": discount,
        "platform_discount_minor": approved.platform_discount_minor,
        "fee_minor": approved.fee_minor,
        "net_minor": net,
        "provider_trade_no": approved.provider_trade_no or payment.provider_trade_no,
        "wallet_trade_no": approved.wallet_trade_no or payment.wallet_trade_no,
        "reference_no": approved.reference_no or payment.reference_no,
        "last_four": approved.last_four or payment.last_four,
        "slip_batch_no": approved.slip_batch_no or payment.slip_batch_no,
        "slip_voucher_no": approved.slip_voucher_no or payment.slip_voucher_no,
        # The wallet's clock counts whole seconds and may be behind ours.
        "captured_at": max(approved.paid_at or now, payment.taken_at),
    }


def sale_totals(row: Mapping[str, Any]) -> tuple[Add, ...]:
    """What a capture adds to the day's sums; ``row`` is the payment's as it will stand."""
    return sums_of(row, "sale", row["business_day"], row["amount_minor"])


def _charge_approved(payment: Payment, approved: Approved, turn: Turn) -> Decision | None:
    match payment.money:
        case MoneyState.SENT | MoneyState.UNKNOWN:
            filled = captured_set(payment, approved, turn.now)
            to = moved(payment, MoneyEvent.APPROVE)
            kind = facts.CAPTURED if payment.money is MoneyState.SENT else facts.RESOLVED
            sorts = {**sorts_of(payment), "wallet": filled["wallet"]}
            return Decision(
                payment={**filled, "money": to, **resting(payment, None, turn)},
                facts=(fact_of(kind, payment, turn, to, **sorts, ptn=approved.provider_trade_no),),
                totals=sale_totals({**payment.row, **filled}),
            )
        case MoneyState.REVERSING if _reversal_not_sent(payment):
            # The reversal is still to be sent and will undo exactly this: keep the provider's number for it.
            known = {"provider_trade_no": approved.provider_trade_no or payment.provider_trade_no}
            said = fact_of(facts.RESOLVED, payment, turn, payment.money, why="approved_before_reversal")
            return Decision(payment=known, facts=(said,))
        case MoneyState.REVERSED if _given_back(payment, approved):
            return None
        case MoneyState.REVERSING | MoneyState.REVERSED | MoneyState.DECLINED:
            return _late_success(payment, payment.reversal, turn, "late_success", approved)
    return None


def _charge_pending(payment: Payment, pending: Pending, turn: Turn) -> Decision | None:
    if payment.money not in (MoneyState.SENT, MoneyState.UNKNOWN):
        return None
    shown = {} if pending.show_until is None else {"code": pending.show, "code_until": pending.show_until}
    asking = _keep_asking(payment, turn, pending.ask_after)
    return Decision(payment={**asking, "awaiting": pending.awaiting, **shown})


def _charge_declined(payment: Payment, turn: Turn, reason: str, code: str) -> Decision | None:
    if payment.money not in (MoneyState.SENT, MoneyState.UNKNOWN):
        return None
    to = moved(payment, MoneyEvent.DECLINE)
    kind = facts.DECLINED if payment.money is MoneyState.SENT else facts.RESOLVED
    return Decision(
        payment={"money": to, "decline_reason": reason, "ended_at": turn.now, **resting(payment, None, turn)},
        facts=(fact_of(kind, payment, turn, to, why=reason, code=code),),
    )


def _charge_unknown(payment: Payment, turn: Turn, why: Why, *, called: bool) -> Decision | None:
    asking = {**_keep_asking(payment, turn, None), **_not_found(payment, turn, why)}
    if payment.money is MoneyState.UNKNOWN:
        return Decision(payment=asking)
    if payment.money is not MoneyState.SENT:
        return None
    if payment.awaiting is not None and not called:
        return Decision(payment=asking)
    to = moved(payment, MoneyEvent.LOSE_SIGHT)
    return Decision(
        payment={**asking, "money": to, "awaiting": None, "unknown_since": turn.now},
        facts=(fact_of(facts.UNKNOWN, payment, turn, to, why=str(why)),),
    )


def _reversed(payment: Payment, leg: PaymentLeg, turn: Turn, why: str, trade_no: str | None) -> Decision:
    to = moved(payment, MoneyEvent.REVERSAL_DONE)
    return Decision(
        payment={"money": to, "ended_at": turn.now, **resting(payment, leg, turn)},
        leg=leg,
        leg_set={"state": leg_moved(leg, LegEvent.CONFIRM), "ended_at": turn.now, "provider_trade_no": trade_no},
        facts=(fact_of(facts.REVERSED, payment, turn, to, leg=leg, why=why, ptn=trade_no),),
    )


def _late_success(payment: Payment, leg: PaymentLeg | None, turn: Turn, why: str, approved: Approved) -> Decision:
    """M12: it was paid after all. Nothing is resurrected; the money is owed to the customer and a person decides."""
    to = moved(payment, MoneyEvent.LATE_SUCCESS)
    open_leg = leg if leg is not None and leg.state not in LEG.final else None
    ptn = approved.provider_trade_no
    return Decision(
        payment={**captured_set(payment, approved, turn.now), "money": to, **resting(payment, leg, turn)},
        leg=open_leg,
        leg_set={"state": leg_moved(open_leg, LegEvent.REFUSE), "ended_at": turn.now} if open_leg else {},
        facts=(fact_of(facts.LATE_SUCCESS, payment, turn, to, leg=open_leg, why=why, ptn=ptn),),
    )


def _stuck(payment: Payment, leg: PaymentLeg, turn: Turn) -> Decision:
    """M11: no answer to the reversal in time; a person decides."""
    to = moved(payment, MoneyEvent.REVERSAL_STUCK)
    return Decision(
        payment={"money": to, **resting(payment, leg, turn)},
        leg=leg,
        leg_set={"state": leg_moved(leg, LegEvent.REFUSE), "ended_at": turn.now},
        facts=(fact_of(facts.MANUAL, payment, turn, to, leg=leg, why="no_answer"),),
    )


def _void_refused(payment: Payment, leg: PaymentLeg, turn: Turn, reason: str, code: str) -> Decision:
    to = moved(payment, MoneyEvent.VOID_REFUSED)
    return Decision(
        payment={"money": to, **resting(payment, leg, turn)},
        leg=leg,
        leg_set={"state": leg_moved(leg, LegEvent.REFUSE), "ended_at": turn.now, "decline_reason": reason},
        facts=(fact_of(facts.VOID_REFUSED, payment, turn, to, leg=leg, why=reason, code=code),),
    )


def _refunded(payment: Payment, leg: PaymentLeg, outcome: Approved, turn: Turn) -> Decision:
    refunded = payment.refunded_minor + leg.amount_minor
    reserved = payment.refund_reserved_minor - leg.amount_minor
    insist(reserved >= 0, "a refund was not reserved")
    insist(refunded + reserved <= payment.amount_minor, "more refunded than received")
    whole = refunded == payment.amount_minor
    to = moved(payment, MoneyEvent.REFUND_WHOLE if whole else MoneyEvent.REFUND_PART)
    ended = {"ended_at": turn.now} if whole else {}
    return Decision(
        payment={
            "money": to,
            "refunded_minor": refunded,
            "refund_reserved_minor": reserved,
            **ended,
            **resting(payment, leg, turn),
        },
        leg=leg,
        leg_set=_leg_done(leg, outcome, turn),
        facts=(
            fact_of(facts.REFUNDED, payment, turn, to, leg=leg, **sorts_of(payment), ptn=outcome.provider_trade_no),
        ),
        totals=sums_of(payment.row, "refund", leg.business_day, leg.amount_minor),
    )


def _refund_not_sent(payment: Payment, leg: PaymentLeg, turn: Turn) -> Decision:
    """It failed, unless it was tried before: that may be carried out yet, and whoever waits for the money waits on."""
    if leg.queued_at is not None:
        return _queued(payment, leg, turn, leg.queued_at, NOT_SENT)
    return _refund_failed(payment, leg, turn, NOT_SENT, NOT_SENT)


def _refund_failed(payment: Payment, leg: PaymentLeg, turn: Turn, reason: str, code: str) -> Decision:
    reserved = payment.refund_reserved_minor - leg.amount_minor
    insist(reserved >= 0, "a refund was not reserved")
    return Decision(
        payment={"refund_reserved_minor": reserved, **resting(payment, leg, turn)},
        leg=leg,
        leg_set={
            "state": leg_moved(leg, LegEvent.REFUSE),
            "ended_at": turn.now,
            "decline_reason": reason,
            "due_at": None,
        },
        facts=(fact_of(facts.REFUND_FAILED, payment, turn, payment.money, leg=leg, why=reason, code=code),),
    )


def _funds_short(payment: Payment, leg: PaymentLeg, turn: Turn, code: str) -> Decision:
    """Queue it under the same number, its amount still reserved; after a week it failed and a person is told."""
    since = leg.queued_at or turn.now
    if turn.now >= since + QUEUE_SECONDS_MAX * MICROS:
        return _refund_failed(payment, leg, turn, FUNDS_NOT_IN_TIME, code)
    return _queued(payment, leg, turn, since, code)


def _queued(payment: Payment, leg: PaymentLeg, turn: Turn, since: int, code: str) -> Decision:
    """It waits for its next try, under the same number and reserved as before."""
    tries = leg.row["tries"]
    due = turn.now + QUEUE_SECONDS[min(tries, len(QUEUE_SECONDS) - 1)] * MICROS
    reason = DeclineReason.FUNDS_SHORT.value
    queued = {"queued_at": since, "due_at": due, "tried_at": turn.now, "tries": tries + 1, "decline_reason": reason}
    return Decision(
        payment=resting(payment, leg, turn, again_at=due),
        leg=leg,
        leg_set={"state": leg_moved(leg, LegEvent.QUEUE), **queued},
        facts=(fact_of(facts.REFUND_QUEUED, payment, turn, payment.money, leg=leg, why=reason, code=code),),
    )


def cancelled(payment: Payment, leg: PaymentLeg, turn: Turn, *, actor_id: str, **said: JSON) -> Decision:
    """A person gives up a queued refund: the amount may be refunded again."""
    to = LEG.move(leg.state, LegEvent.CANCEL)
    insist(leg.queued and to is not None, "only what is queued is cancelled")
    reserved = payment.refund_reserved_minor - leg.amount_minor
    insist(reserved >= 0, "a refund was not reserved")
    fact = fact_of(facts.REFUND_CANCELLED, payment, turn, payment.money, leg=leg, actor=actor_id, **said)
    return Decision(
        # Whoever drives another leg at this moment goes on doing so.
        payment={"refund_reserved_minor": reserved, **({} if payment.in_flight else resting(payment, leg, turn))},
        leg=leg,
        leg_set={"state": str(to), "ended_at": turn.now, "decline_reason": CANCELLED, "due_at": None},
        facts=(fact,),
    )


def nothing_due(payment: Payment, turn: Turn) -> Decision:
    """Nobody has anything to do for the payment now: when, if ever, it is looked at next."""
    return Decision(payment=resting(payment, None, turn))


def _leg_unknown(payment: Payment, leg: PaymentLeg, turn: Turn, kind: FactKind, why: Why) -> Decision:
    asks = leg.row["asks"]
    after = turn.schedule.ask[min(asks, len(turn.schedule.ask) - 1)]
    asking = {**_next_look(turn, after), **_not_found(payment, turn, why)}
    if leg.state is LegState.UNKNOWN:
        return Decision(payment=asking, leg=leg, leg_set={"asks": asks + 1})
    return Decision(
        payment=asking,
        leg=leg,
        leg_set={"state": leg_moved(leg, LegEvent.LOSE_SIGHT), "asks": asks + 1},
        facts=(fact_of(kind, payment, turn, payment.money, leg=leg, why=str(why)),),
    )


def _leg_done(leg: PaymentLeg, outcome: Approved, turn: Turn) -> dict[str, Any]:
    return {
        "state": leg_moved(leg, LegEvent.CONFIRM),
        "ended_at": turn.now,
        "returned_minor": leg.amount_minor if outcome.returned_minor is None else outcome.returned_minor,
        "provider_trade_no": outcome.provider_trade_no,
        "wallet_trade_no": outcome.wallet_trade_no,
        "decline_reason": None,
        "due_at": None,
    }


def _keep_asking(payment: Payment, turn: Turn, ask_after: float | None) -> dict[str, Any]:
    steps = turn.schedule.ask
    after = steps[min(payment.asks, len(steps) - 1)] if ask_after is None else ask_after
    # However long the step is by now, nobody sleeps past the moment from which the machine reverses.
    left = max(0, reverse_at(payment, turn.schedule) - turn.now) / MICROS
    return {"asks": payment.asks + 1, **_next_look(turn, min(after, left))}


def _next_look(turn: Turn, after_seconds: float) -> dict[str, Any]:
    due = turn.now + int(after_seconds * MICROS)
    if after_seconds > PATIENCE_SECONDS:
        return {"due_at": due, "driver": None, "driver_until": None}
    until = due + int((turn.schedule.call_seconds_max + LEASE_MARGIN_SECONDS) * MICROS)
    return {"due_at": due, "driver": turn.process, "driver_until": until}


def _not_found(payment: Payment, turn: Turn, why: Why) -> dict[str, Any]:
    if why is not Why.NOT_FOUND:
        return {}
    since = payment.row["not_found_since"] or turn.now
    return {"not_found_asks": payment.row["not_found_asks"] + 1, "not_found_since": since}


def _never_paid(payment: Payment, outcome: Outcome, origin: Outcome | None, turn: Turn) -> str | None:
    """Why it is certain that the charge was never paid and never will be; None where it is not certain."""
    if isinstance(outcome, Declined) and isinstance(origin, Declined):
        return "never_captured"
    if isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND and _never_seen(payment, turn):
        return "never_seen"
    return None


def _never_seen(payment: Payment, turn: Turn) -> bool:
    """The provider kept saying it does not know the order, past the time in which it could still accept it."""
    since = payment.row["not_found_since"]
    if since is None or payment.row["not_found_asks"] + 1 < turn.schedule.not_found_asks:
        return False
    long_enough = turn.now >= since + int(turn.schedule.not_found_seconds * MICROS)
    return long_enough and turn.now >= reverse_at(payment, turn.schedule)


def reverse_at(payment: Payment, schedule: Schedule) -> int:
    """When the machine stops asking and reverses; the payment code is dead by then."""
    return payment.taken_at + int(schedule.reverse_after.get(payment.entry, schedule.unknown_max) * MICROS)


def _given_back(payment: Payment, approved: Approved) -> bool:
    """Whether it is the money that a person found to have come and to have been given back: no news."""
    known = payment.provider_trade_no
    return payment.captured_at is not None and approved.provider_trade_no in {known, None}


def _reversal_not_sent(payment: Payment) -> bool:
    return payment.reversal is not None and payment.reversal.state is LegState.CREATED


def _why(outcome: Outcome) -> Why:
    return outcome.why if isinstance(outcome, Unknown) else Why.PROVIDER_TROUBLE


def _trade_no(outcome: Approved) -> str | None:
    return outcome.provider_trade_no

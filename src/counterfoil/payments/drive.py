"""Driving a payment to its end: the calls to the provider, and what is stored of their answers.

The same code runs after an intent, after a timeout and after a restart. Nothing is locked while a call runs; an answer
is kept and decided again until it is stored, and the call is never repeated for that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from counterfoil.basis import MICROS, Money, Secret, Trouble, insist
from counterfoil.evidence import SYSTEM
from counterfoil.payments import facts
from counterfoil.payments.as_committed import as_committed
from counterfoil.payments.decision import Decision, Turn, lease
from counterfoil.payments.means import Key, Means
from counterfoil.payments.outcome import (
    PATIENCE_SECONDS,
    charge_answered,
    nothing_due,
    refund_answered,
    reversal_answered,
    reverse_at,
    void_answered,
)
from counterfoil.payments.payment import Payment, PaymentLeg
from counterfoil.payments.place import Route, onward, route_of
from counterfoil.payments.reading import load
from counterfoil.payments.reroute import never_left, reroute
from counterfoil.payments.reverse import begin_reversal
from counterfoil.payments.states import LEG, LegState, MoneyState
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.providers import (
    Answered,
    Charge,
    Connector,
    Declined,
    Doubt,
    Leg,
    Outcome,
    Query,
    Unknown,
    Why,
    renewed,
)
from counterfoil.store import Change, FateUnknown, Guard, Stale

STORE_AGAIN_SECONDS: Final = 0.2
# As long as for any answer: asked sooner, a provider may not know the charge yet.
HEARING_SECONDS: Final = 10.0
_SENT_FACTS: Final = {"refund": facts.REFUND_SENT, "reversal": facts.REVERSAL_SENT}


@dataclass(frozen=True, slots=True)
class First:
    """The call that an intent was committed for and that has not been made yet: the charge, or a leg by its id.

    ``others``: through which accounts the charge may go, in order, where it does not even leave for the first.
    """

    auth_code: Secret[str] | None = None
    leg_id: str | None = None
    others: tuple[Route, ...] = ()


def key_of(payment: Payment) -> tuple[int, str]:
    """What a drive is known by."""
    return payment.merchant_id, payment.id


async def drive(means: Means, payment: Payment, first: First | None, route: Route | None = None) -> Payment:
    """Make the first call, then go on asking until nothing is open or the next look is further off than patience.

    ``route`` where the caller has just read it. Answers with the payment as it is then.

    Where that fails for a reason of ours, the payment is looked at again after a pause that grows, and the error goes
    on to whoever is told of failures.
    """
    try:
        payment = await _drive(means, payment, first, route)
    except Exception:
        await back_off(means, key_of(payment))
        raise
    means.drives.went_well(key_of(payment))
    return payment


async def back_off(means: Means, key: Key) -> None:
    """Put off the next look at a payment that could not be driven on; where not even that can be written, let it be."""
    seconds = means.drives.pause_after_failure(key)
    with contextlib.suppress(Exception):
        payment, now = await load(means.store, *key), means.clock.now()
        if payment is None or payment.due_at is None:
            return
        if _driven_elsewhere(means, payment) and (payment.driver_until or 0) > now:
            return
        later = now + int(seconds * MICROS)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=payment.merchant_id,
            guards=(Guard(payment_table, payment.row, {"driver": None, "driver_until": None, "due_at": later}),),
        )
        await means.store.commit(change)


async def _drive(means: Means, payment: Payment, first: First | None, route: Route | None) -> Payment:
    route = route or await route_of(means, payment.merchant_id, payment.account_id)
    account = await renewed(means.store, means.accounts, means.ids, route.account)
    route = replace(route, account=account)
    connector = means.accounts.connector(route.account)
    if first is not None:
        payment = await _first_call(means, route, connector, payment, first)
        if payment.account_id != route.account["id"]:
            route = await route_of(means, payment.merchant_id, payment.account_id)
            connector = means.accounts.connector(route.account)
    while payment.due_at is not None:
        wait = _wait_seconds(payment, means.clock.now())
        if wait > PATIENCE_SECONDS or _driven_elsewhere(means, payment):
            return payment
        await means.drives.pause(key_of(payment), means.clock, wait)
        payment = await _read_at_last(means, payment)
        # Whoever slept too long finds that somebody else has taken over, and leaves it alone.
        if not _driven_elsewhere(means, payment):
            payment = await next_step(means, route, connector, payment)
    return payment


async def next_step(means: Means, route: Route, connector: Connector, payment: Payment) -> Payment:
    """Do the one thing that is due for the payment as it is, and answer with it as it then is."""
    turn = turn_of(means, route)
    match payment.money:
        case MoneyState.SENT | MoneyState.UNKNOWN:
            # Asked once more at the end, so that what was paid meanwhile is never reversed unseen.
            payment = await _ask(means, route, connector, payment)
            if _still_open(means, payment) and turn.now >= reverse_at(payment, turn.schedule):
                payment = await begin_reversal(means, payment, turn_of(means, route))
                return await _reverse(means, route, connector, payment)
            return payment
        case MoneyState.REVERSING:
            return await _reverse(means, route, connector, payment)
    leg = _open_leg(payment, turn.now)
    if leg is None:
        return await store_answer(means, route, payment, nothing_due)
    if leg.state is LegState.CREATED:
        return await _send_leg(means, route, connector, payment, leg)
    return await _ask_for_leg(means, route, connector, payment, leg)


async def _ask(means: Means, route: Route, connector: Connector, payment: Payment) -> Payment:
    """查单: ask the provider what became of the charge and store the answer."""
    outcome = await ask_for_charge(means, connector, payment)
    return await store_answer(
        means, route, payment, lambda now, turn: charge_answered(now, outcome, turn, called=False)
    )


def turn_of(means: Means, route: Route) -> Turn:
    """One reading of the clock for one decision."""
    return Turn(means.clock.now(), route.schedule, means.process)


async def store_answer(
    means: Means, route: Route, payment: Payment, decide: Callable[[Payment, Turn], Decision | None]
) -> Payment:
    """Decide and commit; where somebody moved first, decide again on the new state, until it is stored or void."""
    while True:
        decision = decide(payment, turn_of(means, route))
        if decision is None:
            return payment
        change = decided_change(means, payment, decision)
        try:
            committed = await means.store.commit(change)
        except (Stale, FateUnknown, Trouble) as lost:
            if not isinstance(lost, Stale):
                await means.clock.sleep(STORE_AGAIN_SECONDS)
            payment = await _read_at_last(means, payment)
            if payment.row["last_change"] == change.change_id:
                return payment
        else:
            means.drives.changed(key_of(payment))
            return as_committed(payment, change, committed)


async def _read_at_last(means: Means, payment: Payment) -> Payment:
    """The payment as it is now, however long the store cannot be read: neither it nor its answer is let go for that."""
    while True:
        try:
            return await _as_it_is_now(means, payment)
        except Trouble:
            await means.clock.sleep(STORE_AGAIN_SECONDS)


async def _as_it_is_now(means: Means, payment: Payment) -> Payment:
    found = await load(means.store, payment.merchant_id, payment.id)
    insist(found is not None, "a payment being driven is there")
    return found or payment


def _driven_elsewhere(means: Means, payment: Payment) -> bool:
    return payment.driver is not None and payment.driver != means.process


def _still_open(means: Means, payment: Payment) -> bool:
    open_ = payment.money in (MoneyState.SENT, MoneyState.UNKNOWN)
    return open_ and not _driven_elsewhere(means, payment)


async def _first_call(means: Means, route: Route, connector: Connector, payment: Payment, first: First) -> Payment:
    if first.leg_id is None:
        return await _charge(means, route, connector, payment, first)
    leg = leg_of(payment, first.leg_id)
    if not _in_time(means, route, payment):
        return payment
    if leg.kind == "reversal":
        return await _reverse(means, route, connector, payment)
    return await _call_leg(means, route, connector, payment, leg)


async def _charge(means: Means, route: Route, connector: Connector, payment: Payment, first: First) -> Payment:
    """Make the charge; through another account only where it did not even leave for this one."""
    charge = Charge(
        order_no=payment.order_no,
        amount=payment.amount,
        entry=payment.entry,
        auth_code=first.auth_code,
        subject=payment.order_no,
        asked_at=payment.taken_at,
        wallet=payment.wallet,
        code_seconds=route.schedule.code_seconds,
    )
    outcome: Outcome = Unknown(Why.NOT_SENT, "too late")
    if _in_time(means, route, payment):
        outcome = await _charged(means, route, connector, payment, charge)
        if never_left(outcome) and first.others:
            following = onward(first.others[0], route)
            moved = await reroute(means, payment, following)
            if moved is not None:
                connector = means.accounts.connector(following.account)
                rest = First(first.auth_code, others=first.others[1:])
                return await _charge(means, following, connector, moved, rest)
            payment = await _read_at_last(means, payment)
    return await store_answer(means, route, payment, lambda now, turn: charge_answered(now, outcome, turn, called=True))


async def _charged(means: Means, route: Route, connector: Connector, payment: Payment, charge: Charge) -> Outcome:
    """The answer to a charge. One that may be long in coming is waited for no longer once somebody wants to know."""
    if not route.manifest.answer_seconds:
        return _heard(means, payment, await connector.charge(charge))
    answered = await means.drives.until_nudged(key_of(payment), means.clock, HEARING_SECONDS, connector.charge(charge))
    return Unknown(Why.NO_ANSWER, "asked meanwhile") if answered is None else _heard(means, payment, answered)


def _in_time(means: Means, route: Route, payment: Payment) -> bool:
    """Whether the lease outlasts a call made now: a charge after somebody else took over would follow its reversal."""
    latest = (payment.driver_until or 0) - int(route.schedule.call_seconds_max * MICROS)
    return means.clock.now() <= latest


async def _reverse(means: Means, route: Route, connector: Connector, payment: Payment) -> Payment:
    leg = payment.reversal
    if leg is None or payment.money is not MoneyState.REVERSING:
        return payment
    if leg.state is LegState.CREATED:
        payment = await _mark_sent(means, route, payment, leg)
        leg = leg_of(payment, leg.id)
        if not _mine_to_send(means, payment, leg):
            return payment
    outcome = _heard(means, payment, await connector.reverse(_leg_call(payment, leg)))
    origin: Outcome | None = None
    if isinstance(outcome, Declined):
        origin = await ask_for_charge(means, connector, payment)
    leg_id = leg.id
    return await store_answer(
        means,
        route,
        payment,
        lambda now, turn: reversal_answered(now, leg_of(now, leg_id), outcome, turn, origin=origin),
    )


async def _send_leg(means: Means, route: Route, connector: Connector, payment: Payment, leg: PaymentLeg) -> Payment:
    payment = await _mark_sent(means, route, payment, leg)
    leg = leg_of(payment, leg.id)
    if not _mine_to_send(means, payment, leg):
        return payment
    return await _call_leg(means, route, connector, payment, leg)


async def _call_leg(means: Means, route: Route, connector: Connector, payment: Payment, leg: PaymentLeg) -> Payment:
    call = _leg_call(payment, leg)
    answered = await (connector.void(call) if leg.kind == "void" else connector.refund(call))
    return await _store_leg_answer(means, route, payment, leg, _heard(means, payment, answered), called=True)


async def _ask_for_leg(means: Means, route: Route, connector: Connector, payment: Payment, leg: PaymentLeg) -> Payment:
    outcome = _heard(means, payment, await connector.query(leg_query(payment, leg)))
    if isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND:
        # The same call under the same number: at the provider it is the same act, however often it arrives.
        call = _leg_call(payment, leg)
        answered = await (connector.void(call) if leg.kind == "void" else connector.refund(call))
        outcome = _heard(means, payment, answered)
    return await _store_leg_answer(means, route, payment, leg, outcome, called=False)


async def _store_leg_answer(
    means: Means, route: Route, payment: Payment, leg: PaymentLeg, outcome: Outcome, *, called: bool
) -> Payment:
    decide = void_answered if leg.kind == "void" else refund_answered
    leg_id = leg.id
    return await store_answer(
        means,
        route,
        payment,
        lambda now, turn: decide(now, leg_of(now, leg_id), outcome, turn, called=called),
    )


async def _mark_sent(means: Means, route: Route, payment: Payment, leg: PaymentLeg) -> Payment:
    """Commit that a leg which waited its turn is now being sent: the intent before the call."""
    return await store_answer(means, route, payment, lambda now, turn: _sending(now, leg_of(now, leg.id), turn))


def _sending(payment: Payment, leg: PaymentLeg, turn: Turn) -> Decision | None:
    if leg.state is not LegState.CREATED:
        return None
    fact = _SENT_FACTS[leg.kind].fact(
        at=turn.now,
        actor=SYSTEM,
        subject=payment.id,
        leg=leg.id,
        pref=leg.order_no,
        amount={"cur": payment.currency, "minor": leg.amount_minor},
    )
    sent = {"state": LegState.SENT, "due_at": None}
    return Decision(payment={**lease(turn), "awaiting": None}, leg=leg, leg_set=sent, facts=(fact,))


def send_change(means: Means, payment: Payment, route: Route) -> Change | None:
    """The Change that says a leg which waited its turn is being sent now; None where none waits."""
    turn = turn_of(means, route)
    decisions = (_sending(payment, leg, turn) for leg in payment.legs)
    return next((decided_change(means, payment, decision) for decision in decisions if decision is not None), None)


def answer_change(means: Means, payment: Payment, route: Route, outcome: Outcome, *, called: bool) -> Change | None:
    """The Change that a drive commits for the answer to the call (``called``) or question that is open now.

    None where the answer changes nothing any more.
    """
    turn, leg = turn_of(means, route), _open_leg(payment, means.clock.now())
    if leg is None:
        decision = charge_answered(payment, outcome, turn, called=called)
    elif leg.kind == "reversal":
        decision = reversal_answered(payment, leg, outcome, turn)
    else:
        decide = void_answered if leg.kind == "void" else refund_answered
        decision = decide(payment, leg, outcome, turn, called=called)
    return None if decision is None else decided_change(means, payment, decision)


def _mine_to_send(means: Means, payment: Payment, leg: PaymentLeg) -> bool:
    return leg.state is LegState.SENT and not _driven_elsewhere(means, payment)


async def ask_for_charge(means: Means, connector: Connector, payment: Payment) -> Outcome:
    """What the provider says of the charge now."""
    query = Query(
        order_no=payment.order_no,
        amount=payment.amount,
        kind="charge",
        asked_at=payment.taken_at,
        entry=payment.entry,
    )
    return _heard(means, payment, await connector.query(query))


def _heard(means: Means, payment: Payment, answered: Answered) -> Outcome:
    """What was said; that an answer was not signed as it should be is noted for whoever runs the machine."""
    if isinstance(answered.outcome, Unknown) and answered.outcome.why is Why.BAD_SIGNATURE:
        means.accounts.distrust.note(payment.merchant_id, payment.account_id, Doubt.SIGNATURE)
    return answered.outcome


def _leg_call(payment: Payment, leg: PaymentLeg) -> Leg:
    return Leg(
        order_no=leg.order_no,
        origin_order_no=payment.order_no,
        origin_trade_no=payment.provider_trade_no,
        origin_amount=payment.amount,
        amount=Money(leg.amount_minor, leg.currency),
        reason=leg.reason,
        origin_asked_at=payment.taken_at,
        origin_entry=payment.entry,
    )


def leg_query(payment: Payment, leg: PaymentLeg) -> Query:
    """The question about a leg: by its own number, and by its charge's for who numbers no legs."""
    return Query(
        order_no=leg.order_no,
        amount=leg.amount,
        kind=leg.kind,
        asked_at=leg.asked_at,
        entry=payment.entry,
        origin_order_no=payment.order_no,
        origin_amount=payment.amount,
    )


def leg_of(payment: Payment, leg_id: str) -> PaymentLeg:
    """The leg of that id as it is now."""
    return next(leg for leg in payment.legs if leg.id == leg_id)


def _open_leg(payment: Payment, now: int) -> PaymentLeg | None:
    """The leg somebody has to do something about: what is under way before what is due in the queue."""
    open_ = [leg for leg in payment.legs if leg.state not in LEG.final]
    due = [leg for leg in open_ if not leg.queued] + [leg for leg in open_ if leg.queued and (leg.due_at or 0) <= now]
    return next(iter(due), None)


def _wait_seconds(payment: Payment, now: int) -> float:
    if any(leg.state is LegState.CREATED and not leg.queued for leg in payment.legs):
        return 0
    return max(0, ((payment.due_at or now) - now) / MICROS)


def decided_change(means: Means, payment: Payment, decision: Decision) -> Change:
    """What a decision writes: the payment and the leg as they were read, the facts, the sums."""
    guards = [Guard(payment_table, payment.row, decision.payment)]
    if decision.leg is not None:
        guards.append(Guard(payment_leg, decision.leg.row, decision.leg_set))
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        guards=tuple(guards),
        facts=decision.facts,
        totals=decision.totals,
    )

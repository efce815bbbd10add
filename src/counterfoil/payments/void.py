"""撤销: cancel a whole payment before the provider account's cut."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from counterfoil.basis import insist, local_time
from counterfoil.payments import facts
from counterfoil.payments.decision import lease
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import MOVE_NOT_LEGAL, PAST_THE_CUT, TOO_MANY_AT_ONCE, VOID_NOT_OFFERED
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.leg import LegIntent, asked_leg, leg_change, leg_fact
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, VoidAsk
from counterfoil.payments.place import Place, Route, place_was, route_of
from counterfoil.payments.reason import check_reason
from counterfoil.payments.request import answered_before, canonical_request, request_sha256, request_text
from counterfoil.payments.settle import after_intent, payment_for, settled
from counterfoil.payments.states import MONEY, LegState, MoneyEvent, MoneyState
from counterfoil.payments.way_back import WhyThisWay, way_back
from counterfoil.payments.words import state_words
from counterfoil.people import Act, Actor, Permission, demand_deed, demand_second, demand_somewhere
from counterfoil.store import Change

# In each round somebody wins, so this many at once all come to their turn.
_TRIES: Final = 24


async def void(means: Means, actor: Actor, ask: VoidAsk) -> Payment:
    """Void the payment and answer with it as it is after at most ``ask.wait_seconds``.

    A void never turns itself into a refund: where only a refund is possible it is refused with ``instead``.
    """
    # 1 may this person do it, here
    demand_somewhere(actor, Permission.VOID)
    check_reason(ask.reason, ask.reason_text)
    asked = canonical_request("void", ask, means.hmac_key)
    demand_deed(actor, request_sha256(request_text(asked)))
    for _ in range(_TRIES):
        # 2 was this id seen before
        if (seen := await answered_before(means, actor, asked, Permission.VOID)) is not None:
            return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load
        payment = await payment_for(means, actor, ask.payment_id, Permission.VOID)
        await demand_second(means.store, actor, Act.VOID, payment.amount_minor)
        route = await route_of(means, payment.merchant_id, payment.account_id)
        means.accounts.connector(route.account)  # where it cannot be called, nothing is begun
        turn = turn_of(means, route)
        # 4 is the move legal
        _check_legal(payment, route, turn.now)
        # 5 commit intent and fact
        place = await place_was(means, payment)
        intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
        if await commit_intent(means, _change(means, intent)) is None:
            continue
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        payment = await after_intent(means, actor.merchant_id, ask.payment_id)
        means.drives.start(key_of(payment), drive(means, payment, First(leg_id=ask.id)))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    raise TOO_MANY_AT_ONCE()


def void_change(means: Means, actor: Actor, ask: VoidAsk, payment: Payment, route: Route, place: Place) -> Change:
    """The Change that ``void`` commits first, out of what it would have read; ``place`` is the payment's."""
    turn, asked = turn_of(means, route), canonical_request("void", ask, means.hmac_key)
    _check_legal(payment, route, turn.now)
    intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
    return _change(means, intent)


def _check_legal(payment: Payment, route: Route, now: int) -> None:
    if payment.money not in (MoneyState.CAPTURED, MoneyState.PART_REFUNDED):
        raise MOVE_NOT_LEGAL(state=state_words(payment.money))
    back = way_back(payment, route.manifest, now)
    if back.kind == "void":
        return
    if back.why is WhyThisWay.AFTER_CUT:
        cut = local_time(back.until, route.account["zone"]).strftime("%m-%d %H:%M")
        raise PAST_THE_CUT(instead="refund", cut=cut, amount=payment.amount)
    raise VOID_NOT_OFFERED(instead="refund", amount=payment.refundable)


def _change(means: Means, intent: LegIntent) -> Change:
    payment = intent.payment
    to = MONEY.move(payment.money, MoneyEvent.VOID)
    insist(to is MoneyState.VOIDING, f"no void from {payment.money}")
    insist(not payment.refund_reserved_minor, "no void beside a refund")
    day = intent.place.business_day(intent.turn.now)
    leg = asked_leg(means, intent, kind="void", state=LegState.SENT.value, business_day=day)
    fact = leg_fact(facts.VOIDING, intent, leg, MoneyState.VOIDING)
    return leg_change(means, payment, leg, fact, {"money": MoneyState.VOIDING.value, **lease(intent.turn)})

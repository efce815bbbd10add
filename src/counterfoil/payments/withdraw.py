"""撤回: undo a payment whose outcome is not known yet, because the customer does not pay it this way.

What follows is a reversal (冲正) by the machine; the next charge waits until the reversal has an answer.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from counterfoil.payments import facts
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import MOVE_NOT_LEGAL, TOO_MANY_AT_ONCE
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.leg import LegIntent, asked_leg, leg_change, leg_fact
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, WithdrawAsk
from counterfoil.payments.place import Place, Route, place_was, route_of
from counterfoil.payments.request import answered_before, canonical_request
from counterfoil.payments.reverse import reversing
from counterfoil.payments.settle import ASK_SECONDS, after_intent, news_of, payment_for, settled
from counterfoil.payments.states import LegState, MoneyState
from counterfoil.payments.told import answered
from counterfoil.payments.words import state_words
from counterfoil.people import Actor, Permission, demand_somewhere
from counterfoil.store import Change

# In each round somebody wins, so this many at once all come to their turn.
_TRIES: Final = 24


async def withdraw(means: Means, actor: Actor, ask: WithdrawAsk) -> Payment:
    """Withdraw the payment and answer with it as it is after at most ``ask.wait_seconds``.

    Where the outcome became known meanwhile, that outcome stands and MOVE_NOT_LEGAL says which it is.
    """
    # 1 may this person do it, here
    demand_somewhere(actor, Permission.WITHDRAW)
    asked = canonical_request("withdraw", ask, means.hmac_key)
    for _ in range(_TRIES):
        # 2 was this id seen before
        if (seen := await answered_before(means, actor, asked, Permission.WITHDRAW)) is not None:
            return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load
        payment = await payment_for(means, actor, ask.payment_id, Permission.WITHDRAW)
        payment = await _asked_once_more(means, payment)
        route = await route_of(means, payment.merchant_id, payment.account_id)
        means.accounts.connector(route.account)  # where it cannot be called, nothing is begun
        turn = turn_of(means, route)
        # 4 is the move legal
        _check_legal(payment)
        # 5 commit intent and fact; a drive under way sends the reversal when its own call has ended
        place = await place_was(means, payment)
        intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
        if await commit_intent(means, _change(means, intent)) is None:
            continue
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        payment = await after_intent(means, actor.merchant_id, ask.payment_id)
        means.drives.changed(key_of(payment))
        if intent.driven:
            means.drives.nudge(key_of(payment))
        else:
            means.drives.start(key_of(payment), drive(means, payment, First(leg_id=ask.id)))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    raise TOO_MANY_AT_ONCE()


def withdraw_change(
    means: Means, actor: Actor, ask: WithdrawAsk, payment: Payment, route: Route, place: Place
) -> Change:
    """The Change that ``withdraw`` commits first, out of what it would have read; ``place`` is the payment's."""
    turn, asked = turn_of(means, route), canonical_request("withdraw", ask, means.hmac_key)
    _check_legal(payment)
    intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
    return _change(means, intent)


async def _asked_once_more(means: Means, payment: Payment) -> Payment:
    """What its customer paid since we last asked cannot be closed, so whoever drives it asks before that."""
    if not (payment.closable and answered(payment)) or not means.drives.running(key_of(payment)):
        return payment
    means.drives.nudge(key_of(payment))
    return await news_of(means, payment, ASK_SECONDS)


def _check_legal(payment: Payment) -> None:
    if payment.money not in (MoneyState.SENT, MoneyState.UNKNOWN):
        raise MOVE_NOT_LEGAL(state=state_words(payment.money))


def _change(means: Means, intent: LegIntent) -> Change:
    state = LegState.CREATED if intent.driven else LegState.SENT
    leg = asked_leg(means, intent, kind="reversal", state=state.value)
    columns = reversing(intent.payment, leg, intent.turn)
    fact = leg_fact(facts.REVERSING, intent, leg, MoneyState(columns["money"]), why="withdrawn")
    return leg_change(means, intent.payment, leg, fact, columns)

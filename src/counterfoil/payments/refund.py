"""退款: give money back, whole or in part, the way it came."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from counterfoil.basis import Money, insist
from counterfoil.payments import facts
from counterfoil.payments.decision import lease
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import (
    AMOUNT_OUT_OF_RANGE,
    CURRENCY_NOT_TAKEN,
    MOVE_NOT_LEGAL,
    REFUND_TOO_LARGE,
    TOO_MANY_AT_ONCE,
)
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.leg import LegIntent, asked_leg, leg_change, leg_fact
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment, RefundAsk
from counterfoil.payments.place import Place, Route, place_was, route_of
from counterfoil.payments.reason import check_reason
from counterfoil.payments.request import answered_before, canonical_request, request_sha256, request_text
from counterfoil.payments.settle import after_intent, payment_for, settled
from counterfoil.payments.states import MONEY, LegState, MoneyEvent
from counterfoil.payments.words import state_words
from counterfoil.people import Act, Actor, Permission, demand_deed, demand_second, demand_somewhere
from counterfoil.store import Change

# In each round somebody wins, so this many at once all come to their turn.
_TRIES: Final = 24


async def refund(means: Means, actor: Actor, ask: RefundAsk) -> Payment:
    """Refund ``ask.amount`` and answer with the payment as it is after at most ``ask.wait_seconds``.

    The amount is reserved on the payment with the intent, so that refunds under way never exceed what was received.
    """
    # 1 may this person do it, here
    demand_somewhere(actor, Permission.REFUND)
    check_reason(ask.reason, ask.reason_text)
    asked = canonical_request("refund", ask, means.hmac_key)
    demand_deed(actor, request_sha256(request_text(asked)))
    for _ in range(_TRIES):
        # 2 was this id seen before
        if (seen := await answered_before(means, actor, asked, Permission.REFUND)) is not None:
            return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load
        payment = await payment_for(means, actor, ask.payment_id, Permission.REFUND)
        await demand_second(means.store, actor, Act.REFUND, ask.amount.minor)
        route = await route_of(means, payment.merchant_id, payment.account_id)
        means.accounts.connector(route.account)  # where it cannot be called, nothing is begun
        turn = turn_of(means, route)
        # 4 is the move legal
        _check_legal(payment, ask.amount)
        # 5 commit intent and fact
        place = await place_was(means, payment)
        intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
        leg = _leg(means, intent, ask.amount)
        if await commit_intent(means, _change(means, intent, leg)) is None:
            continue
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        payment = await after_intent(means, actor.merchant_id, ask.payment_id)
        if leg["state"] == LegState.SENT:
            means.drives.start(key_of(payment), drive(means, payment, First(leg_id=ask.id)))
        else:
            means.drives.nudge(key_of(payment))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    raise TOO_MANY_AT_ONCE()


def refund_change(means: Means, actor: Actor, ask: RefundAsk, payment: Payment, route: Route, place: Place) -> Change:
    """The Change that ``refund`` commits first, out of what it would have read; ``place`` is the payment's."""
    turn, asked = turn_of(means, route), canonical_request("refund", ask, means.hmac_key)
    _check_legal(payment, ask.amount)
    intent = LegIntent(actor=actor, ask=ask, asked=asked, payment=payment, place=place, route=route, turn=turn)
    return _change(means, intent, _leg(means, intent, ask.amount))


def _check_legal(payment: Payment, amount: Money) -> None:
    if MONEY.move(payment.money, MoneyEvent.RESERVE_REFUND) is None:
        raise MOVE_NOT_LEGAL(state=state_words(payment.money))
    if amount.currency != payment.currency:
        raise CURRENCY_NOT_TAKEN(field="currency", currency=payment.currency)
    if amount.minor <= 0:
        raise AMOUNT_OUT_OF_RANGE(field="amount_minor", most=payment.refundable)
    if payment.refundable < amount:
        raise REFUND_TOO_LARGE(
            field="amount_minor",
            captured=payment.amount,
            refunded=Money(payment.refunded_minor, payment.currency),
            reserved=Money(payment.refund_reserved_minor, payment.currency),
            left=payment.refundable,
        )


def _leg(means: Means, intent: LegIntent, amount: Money) -> dict[str, Any]:
    return asked_leg(
        means,
        intent,
        kind="refund",
        amount_minor=amount.minor,
        state=(LegState.CREATED if intent.driven else LegState.SENT).value,
        business_day=intent.place.business_day(intent.turn.now),
    )


def _change(means: Means, intent: LegIntent, leg: dict[str, Any]) -> Change:
    payment = intent.payment
    reserved = payment.refund_reserved_minor + leg["amount_minor"]
    insist(payment.refunded_minor + reserved <= payment.amount_minor, "more reserved than received")
    insist(leg["amount_minor"] > 0, "a refund gives something back")
    fact = leg_fact(facts.REFUND_CREATED, intent, leg, payment.money, state=leg["state"])
    driving = lease(intent.turn) if leg["state"] == LegState.SENT else {"due_at": intent.turn.now}
    columns = {"refund_reserved_minor": reserved, "awaiting": None, **driving}
    return leg_change(means, payment, leg, fact, columns)

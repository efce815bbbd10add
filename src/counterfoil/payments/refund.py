"""退款: give money back, whole or in part, the way it came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from counterfoil.basis import JSON, Money, insist
from counterfoil.payments import facts
from counterfoil.payments.allowed import allowed
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import AMOUNT_OUT_OF_RANGE, CURRENCY_NOT_TAKEN, MOVE_NOT_LEGAL, REFUND_TOO_LARGE
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import Turn, lease
from counterfoil.payments.payment import Payment, RefundAsk
from counterfoil.payments.place import Route, place_of, route_of
from counterfoil.payments.reason import check_reason, reason_columns
from counterfoil.payments.request import answered_before, canonical_request, request_sha256, request_text
from counterfoil.payments.reverse import new_leg
from counterfoil.payments.settle import as_it_is, settled
from counterfoil.payments.states import MONEY, LegState, MoneyEvent
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.payments.void import said_of_leg
from counterfoil.payments.words import state_words
from counterfoil.people import Actor, Permission
from counterfoil.store import ABSENT, Change, Guard, Insert, Repeated, Require, Stale

_TRIES: Final = 5


async def refund(means: Means, actor: Actor, ask: RefundAsk) -> Payment:
    """Refund ``ask.amount`` and answer with the payment as it is after at most ``ask.wait_seconds``.

    The amount is reserved on the payment with the intent, so that refunds under way never exceed what was received.
    """
    # 1 may this person do it, here
    allowed(actor, Permission.REFUND)
    check_reason(ask.reason, ask.reason_text)
    asked = canonical_request("refund", ask, means.hmac_key)
    for _ in range(_TRIES):
        # 2 was this id seen before
        if (seen := await answered_before(means, actor.merchant_id, asked)) is not None:
            return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load
        payment = await as_it_is(means, actor.merchant_id, ask.payment_id)
        allowed(actor, Permission.REFUND, shop_id=payment.shop_id)
        route = await route_of(means, payment.merchant_id, payment.account_id)
        turn = turn_of(means, route)
        # 4 is the move legal
        _check_legal(payment, ask.amount)
        # 5 commit intent and fact
        leg = await _leg(means, actor, ask, asked, payment, route, turn)
        try:
            await means.store.commit(_change(means, actor, payment, leg, turn))
        except (Stale, Repeated):
            continue
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        payment = await as_it_is(means, actor.merchant_id, ask.payment_id)
        if leg["state"] == LegState.SENT:
            means.drives.start(key_of(payment), drive(means, payment, First(leg_id=ask.id)))
        else:
            means.drives.nudge(key_of(payment))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    return await as_it_is(means, actor.merchant_id, ask.payment_id)


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


async def _leg(
    means: Means, actor: Actor, ask: RefundAsk, asked: dict[str, JSON], payment: Payment, route: Route, turn: Turn
) -> dict[str, Any]:
    place = await place_of(means, payment.merchant_id, actor.terminal_id or payment.terminal_id)
    # One driver a payment: beside a drive under way the refund waits its turn, and that drive sends it.
    waits = payment.driver is not None and (payment.driver_until or 0) > turn.now
    return new_leg(
        means,
        payment,
        turn.now,
        kind="refund",
        id=ask.id,
        amount_minor=ask.amount.minor,
        state=(LegState.CREATED if waits else LegState.SENT).value,
        request=request_text(asked),
        actor_id=actor.person_id,
        approver_id=actor.approver_id,
        terminal_id=actor.terminal_id,
        business_day=place.business_day(turn.now),
        clearing_day=route.clearing_day(turn.now),
        **reason_columns(ask.reason, ask.reason_text, means.entropy),
    )


def _change(means: Means, actor: Actor, payment: Payment, leg: dict[str, Any], turn: Turn) -> Change:
    reserved = payment.refund_reserved_minor + leg["amount_minor"]
    insist(payment.refunded_minor + reserved <= payment.amount_minor, "more reserved than received")
    insist(leg["amount_minor"] > 0, "a refund gives something back")
    fact = facts.REFUND_CREATED.fact(
        at=turn.now,
        actor=actor.person_id,
        subject=payment.id,
        **{
            "from": payment.money.value,
            "to": payment.money.value,
            **said_of_leg(payment, leg, actor),
            "state": leg["state"],
            "reason": leg["reason"],
            "request_sha256": request_sha256(leg["request"]),
        },
    )
    driving = lease(turn) if leg["state"] == LegState.SENT else {"due_at": turn.now}
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        inserts=(Insert(payment_leg, leg),),
        guards=(Guard(payment_table, payment.row, {"refund_reserved_minor": reserved, **driving}),),
        # Ids are unique over all acts.
        requires=(Require(payment_table, {"merchant_id": payment.merchant_id, "id": leg["id"]}, ABSENT),),
        facts=(fact,),
    )

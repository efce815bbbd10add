"""撤销: cancel a whole payment before the provider account's cut."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from counterfoil.basis import JSON, insist, local_time
from counterfoil.payments import facts
from counterfoil.payments.allowed import allowed
from counterfoil.payments.drive import First, drive, key_of, turn_of
from counterfoil.payments.faults import MOVE_NOT_LEGAL, PAST_THE_CUT, VOID_NOT_OFFERED
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import Turn, lease
from counterfoil.payments.payment import Payment, VoidAsk
from counterfoil.payments.place import Route, route_of
from counterfoil.payments.reason import check_reason, reason_columns
from counterfoil.payments.request import answered_before, canonical_request, request_sha256, request_text
from counterfoil.payments.reverse import new_leg
from counterfoil.payments.settle import as_it_is, settled
from counterfoil.payments.states import MONEY, LegState, MoneyEvent, MoneyState
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.payments.way_back import WhyThisWay, way_back
from counterfoil.payments.words import state_words
from counterfoil.people import Actor, Permission
from counterfoil.store import ABSENT, Change, Guard, Insert, Repeated, Require, Stale

_TRIES: Final = 5


async def void(means: Means, actor: Actor, ask: VoidAsk) -> Payment:
    """Void the payment and answer with it as it is after at most ``ask.wait_seconds``.

    A void never turns itself into a refund: where only a refund is possible it is refused with ``instead``.
    """
    # 1 may this person do it, here
    allowed(actor, Permission.VOID)
    check_reason(ask.reason, ask.reason_text)
    asked = canonical_request("void", ask, means.hmac_key)
    for _ in range(_TRIES):
        # 2 was this id seen before
        if (seen := await answered_before(means, actor.merchant_id, asked)) is not None:
            return replace(await settled(means, seen, ask.wait_seconds), repeated=True)
        # 3 load
        payment = await as_it_is(means, actor.merchant_id, ask.payment_id)
        allowed(actor, Permission.VOID, shop_id=payment.shop_id)
        route = await route_of(means, payment.merchant_id, payment.account_id)
        turn = turn_of(means, route)
        # 4 is the move legal
        _check_legal(payment, route, turn.now)
        # 5 commit intent and fact
        leg = _leg(means, actor, ask, asked, payment, route, turn.now)
        try:
            await means.store.commit(_change(means, actor, payment, leg, turn))
        except (Stale, Repeated):
            continue
        # 6 call the provider with nothing locked, 7 commit the outcome: the drive does both
        payment = await as_it_is(means, actor.merchant_id, ask.payment_id)
        means.drives.start(key_of(payment), drive(means, payment, First(leg_id=ask.id)))
        # 8 answer
        return await settled(means, payment, ask.wait_seconds)
    return await as_it_is(means, actor.merchant_id, ask.payment_id)


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


def _leg(
    means: Means, actor: Actor, ask: VoidAsk, asked: dict[str, JSON], payment: Payment, route: Route, now: int
) -> dict[str, Any]:
    return new_leg(
        means,
        payment,
        now,
        kind="void",
        id=ask.id,
        state=LegState.SENT.value,
        request=request_text(asked),
        actor_id=actor.person_id,
        approver_id=actor.approver_id,
        terminal_id=actor.terminal_id,
        clearing_day=route.clearing_day(now),
        **reason_columns(ask.reason, ask.reason_text, means.entropy),
    )


def _change(means: Means, actor: Actor, payment: Payment, leg: dict[str, Any], turn: Turn) -> Change:
    to = MONEY.move(payment.money, MoneyEvent.VOID)
    insist(to is MoneyState.VOIDING, f"no void from {payment.money}")
    insist(not payment.refund_reserved_minor, "no void beside a refund")
    fact = facts.VOIDING.fact(
        at=turn.now,
        actor=actor.person_id,
        subject=payment.id,
        **{
            "from": payment.money.value,
            "to": MoneyState.VOIDING.value,
            **said_of_leg(payment, leg, actor),
            "reason": leg["reason"],
            "request_sha256": request_sha256(leg["request"]),
        },
    )
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        inserts=(Insert(payment_leg, leg),),
        guards=(Guard(payment_table, payment.row, {"money": MoneyState.VOIDING.value, **lease(turn)}),),
        # Ids are unique over all acts.
        requires=(Require(payment_table, {"merchant_id": payment.merchant_id, "id": leg["id"]}, ABSENT),),
        facts=(fact,),
    )


def said_of_leg(payment: Payment, leg: dict[str, Any], actor: Actor) -> dict[str, JSON]:
    """What the intent of a leg says of it and of who asked."""
    return {
        "leg": leg["id"],
        "pref": leg["order_no"],
        "amount": {"cur": leg["currency"], "minor": leg["amount_minor"]},
        "provider": payment.provider,
        "day": leg["business_day"],
        "term": actor.terminal_id,
        "auth": actor.auth,
        "approver": actor.approver_id,
    }

"""取消排队的退款: give up a refund that waits for the account to cover it; its amount may be refunded again.

The provider is asked first: a copy of the refund that was still on its way may have been carried out after the account
was said to be short. What was carried out is done, not cancelled.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from counterfoil.payments.drive import decided_change, leg_query, turn_of
from counterfoil.payments.faults import REFUND_NOT_ASKED, REFUND_NOT_QUEUED, TOO_MANY_AT_ONCE
from counterfoil.payments.intent import commit_intent
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import cancelled, refund_answered
from counterfoil.payments.payment import CANCELLED, Payment, PaymentLeg
from counterfoil.payments.place import Route, named, route_of
from counterfoil.payments.request import request_sha256, request_text
from counterfoil.payments.settle import after_intent, payment_for
from counterfoil.people import Actor, Permission, demand_deed, demand_somewhere
from counterfoil.providers import Approved, Declined, Outcome, Unknown, Why

# In each round somebody wins, so this many at once all come to their turn.
_TRIES: Final = 24


async def cancel_refund(means: Means, actor: Actor, payment_id: str, refund_id: str) -> Payment:
    """Cancel the queued refund and answer with the payment. What was cancelled before is answered as it is.

    Raises REFUND_NOT_QUEUED where it is or was being tried at this moment, has been carried out or has failed;
    REFUND_NOT_ASKED where the provider cannot say now whether it was.
    """
    # 1 may this person do it
    demand_somewhere(actor, Permission.REFUND)
    demand_deed(actor, cancel_sha256(payment_id, refund_id))
    before: PaymentLeg | None = None
    for _ in range(_TRIES):
        # 2 load
        payment = await payment_for(means, actor, payment_id, Permission.REFUND)
        leg = next((one for one in payment.refunds if one.id == refund_id), None)
        # 3 was it done before
        if leg is not None and leg.decline_reason == CANCELLED:
            return replace(payment, repeated=True)
        # 4 is the move legal: a retry marks itself as sent before it calls, so one of the two is too late
        # Tried while the provider was asked, a copy of that try may arrive after any question put now.
        if leg is None or not leg.queued or (before and before.tried_at != leg.tried_at):
            raise REFUND_NOT_QUEUED(field="refund_id")
        before = leg
        # 5 ask the provider, with nothing locked
        route = await route_of(means, payment.merchant_id, payment.account_id)
        outcome = await _asked(means, route, payment, leg)
        # 6 commit with its fact
        turn = turn_of(means, route)
        decision = refund_answered(payment, leg, outcome, turn, called=False) if isinstance(outcome, Approved) else None
        if decision is None:
            by = {"term": actor.terminal_id, "auth": actor.auth, "approver": actor.approver_id}
            decision = cancelled(payment, leg, turn, actor_id=actor.person_id, **by)
        if await commit_intent(means, decided_change(means, payment, decision)) is None:
            continue
        if isinstance(outcome, Approved):
            raise REFUND_NOT_QUEUED(field="refund_id")
        # 7 answer
        return await after_intent(means, actor.merchant_id, payment_id)
    raise TOO_MANY_AT_ONCE()


def cancel_sha256(payment_id: str, refund_id: str) -> str:
    """The digest of asking for it: what a supervisor allows."""
    return request_sha256(request_text({"act": "cancel_refund", "payment_id": payment_id, "id": refund_id}))


async def _asked(means: Means, route: Route, payment: Payment, leg: PaymentLeg) -> Outcome:
    """What the provider says of the refund: that it was carried out, or that it was not. Raises REFUND_NOT_ASKED."""
    query = leg_query(payment, leg)
    outcome = (await means.accounts.connector(route.account).query(query)).outcome
    not_there = isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND
    if not (not_there or isinstance(outcome, Approved | Declined)):
        raise REFUND_NOT_ASKED(amount=leg.amount, provider=named(route.manifest))
    return outcome

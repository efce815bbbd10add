"""What a refund would give back of the provider's fee, asked before it is made; nothing moves."""

from __future__ import annotations

from typing import cast

from counterfoil.basis import Money
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import route_of
from counterfoil.payments.settle import payment_for
from counterfoil.people import Actor, Permission, demand_somewhere
from counterfoil.providers import Ability, Leg, Manifest, SaidField, TellsRefundFee, answered_to, read_out


def fee_is_told(manifest: Manifest) -> bool:
    """Whether the provider answers this question."""
    return Ability.REFUND_FEE in manifest.abilities


async def refund_fee(means: Means, actor: Actor, payment_id: str, amount: Money) -> tuple[SaidField, ...]:
    """What the provider says of the fee for a refund of ``amount``, field by field; nothing where it is not asked.

    Raises Refused CF-2021 (may not), CF-3109 (no such payment), CF-42xx; Trouble CF-4234 (no good answer).
    """
    demand_somewhere(actor, Permission.READ)
    payment = await payment_for(means, actor, payment_id, Permission.READ)
    route = await route_of(means, payment.merchant_id, payment.account_id)
    if not fee_is_told(route.manifest):
        return ()
    connector = cast("TellsRefundFee", means.accounts.connector(route.account))
    answer = await answered_to(connector.refund_fee(_leg(payment, amount)))
    ours = frozenset({payment.order_no, payment.provider_trade_no or "", route.account["merchant_no"]})
    return read_out(answer, route.manifest, ours)


def _leg(payment: Payment, amount: Money) -> Leg:
    """The refund as it would be asked for; it has no number, since it is not asked for."""
    return Leg(
        order_no="",
        origin_order_no=payment.order_no,
        origin_trade_no=payment.provider_trade_no,
        origin_amount=payment.amount,
        amount=amount,
        reason="",
        origin_asked_at=payment.taken_at,
        origin_entry=payment.entry,
    )

"""Whose payment it is: to whom it is not shown, and who can do nothing to it, it answers as one that is not there."""

from __future__ import annotations

from counterfoil.payments.payment import Payment
from counterfoil.people import Actor, Permission


def in_sight(actor: Actor, payment: Payment, permission: Permission = Permission.READ) -> bool:
    """Whether there is such a payment for this actor: in its shop they may read payments, or do what they ask for."""
    return actor.may(Permission.READ, payment.shop_id) or actor.may(permission, payment.shop_id)

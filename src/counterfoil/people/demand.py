"""May this actor do this, here."""

from __future__ import annotations

from counterfoil.people.faults import APPROVED_FOR_ANOTHER, SHOP_NOT_ALLOWED, no_permission
from counterfoil.people.permission import Actor, Permission


def demand(actor: Actor, permission: Permission) -> None:
    """Go on only if the actor holds the permission. Raises Refused CF-2021, which names it."""
    if not actor.may(permission):
        raise no_permission(permission)


def demand_deed(actor: Actor, request_sha256: str) -> None:
    """Go on only if whoever approved it for the actor approved this very request. Raises Refused CF-2072."""
    if actor.approver_id is not None and actor.deed_sha256 != request_sha256:
        raise APPROVED_FOR_ANOTHER()


def demand_shop(actor: Actor, shop_id: str) -> None:
    """Go on only if the actor may act in that shop. Raises Refused CF-2012."""
    if actor.shop_ids is not None and shop_id not in actor.shop_ids:
        raise SHOP_NOT_ALLOWED(field="shop_id")

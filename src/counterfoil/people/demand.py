"""May this actor do this, here."""

from __future__ import annotations

from counterfoil.people.faults import APPROVED_FOR_ANOTHER, SHOP_NOT_ALLOWED, no_permission
from counterfoil.people.permission import Actor, Permission


def demand(actor: Actor, permission: Permission, shop_id: str | None = None) -> None:
    """Go on only if the actor holds the permission: in that shop, where they stand, or else everywhere.

    Raises Refused CF-2021, which names it; CF-2012 where they hold it, but not in that shop.
    """
    if actor.may(permission, shop_id):
        return
    if shop_id and actor.may_somewhere(permission):
        raise SHOP_NOT_ALLOWED(field="shop_id")
    raise no_permission(permission)


def demand_there(actor: Actor, permission: Permission, shop_id: str | None) -> None:
    """Go on only if they may in that shop, of which they know: it is a thing they see. Raises Refused CF-2021."""
    if not actor.may(permission, shop_id):
        raise no_permission(permission)


def demand_deed(actor: Actor, request_sha256: str) -> None:
    """Go on only if whoever approved it for the actor approved this very request. Raises Refused CF-2072."""
    if actor.approver_id is not None and actor.deed_sha256 != request_sha256:
        raise APPROVED_FOR_ANOTHER()


def demand_somewhere(actor: Actor, permission: Permission) -> None:
    """Go on only if there is a shop in which the actor holds the permission. Raises Refused CF-2021.

    For what then shows or does no more than ``Actor.shops_for`` says.
    """
    if not actor.may_somewhere(permission):
        raise no_permission(permission)

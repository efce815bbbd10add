"""A supervisor's number and password allow somebody else one act at that terminal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import MappingProxyType

from counterfoil.basis import Secret, insist
from counterfoil.people.begin_session import At, actor_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_APPROVED
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Held, Permission
from counterfoil.people.person import Person
from counterfoil.people.policy_faults import MAY_NOT_APPROVE, SAME_PERSON
from counterfoil.people.prove import at_terminal, prove
from counterfoil.people.roles.held import held_now
from counterfoil.people.roles.reading import grants_of
from counterfoil.store import ChangePart


async def approve(
    means: Means,
    actor: Actor,
    number: str,
    password: Secret[str],
    permission: Permission,
    *,
    request_sha256: str,
    roles: Collection[str] | None = None,
    made_by: str | None = None,
    address: str | None = None,
) -> Actor:
    """The actor with that one permission more and the approver's id, for the act at hand only: nothing of it is kept.

    They hold it where the approver does: everywhere, or in the approver's shops. ``request_sha256`` is the digest of
    the very request that is allowed: it stands in the fact, and the act refuses an actor approved for another.

    ``made_by``: who made the payment it is about; where that is the approver, they may, and the fact says so.

    ``roles``: where the act needs a second person, the roles of which they must have one, here or in all shops.

    Wrong tries count against that number at that terminal as at a sign-in.
    Raises Refused CF-2001, CF-2002, CF-2007, CF-2008 as ``sign_in`` does, CF-2021 where the approver may not do it
    either, CF-2152 where it is the actor again, CF-2153 where they have none of ``roles``; Trouble CF-2010.
    """
    # 1 where, and what is shown
    insist(actor.terminal_id is not None, "only somebody at a terminal is approved there")
    proof = await at_terminal(
        means, actor.merchant_id, actor.terminal_id or "", number=number, password=password, address=address
    )

    for_it = replace(actor, deed_sha256=request_sha256)

    # 2 the approver may do it, and the approval becomes a fact
    async def allow(approver: Person, now: int) -> tuple[ChangePart, Actor]:
        held, unchanged = await held_now(means, actor.merchant_id, approver.id)
        demand(actor_of(approver, held, At(proof.place.terminal_id, proof.place.shop_id)), permission)
        if approver.id == actor.person_id:
            raise SAME_PERSON()
        if roles is not None and not await has_role(means, approver, roles, proof.place.shop_id):
            raise MAY_NOT_APPROVE()
        fact = PERSON_APPROVED.fact(
            at=now,
            actor=actor.person_id,
            subject=actor.person_id,
            terminal=proof.place.terminal_id,
            approver=approver.id,
            permission=permission.value,
            request_sha256=request_sha256,
            made=approver.id == made_by,
        )
        return ChangePart(requires=(unchanged,), facts=(fact,)), _approved(for_it, approver, held, permission)

    return await prove(means, proof, allow)


async def has_role(means: Means, who: Person, roles: Collection[str], shop_id: str | None) -> bool:
    """Whether they have one of these roles, in all shops or in that one."""
    some = await grants_of(means.store, who.merchant_id, who.id)
    return any(one.role in roles and one.shop_id in (None, shop_id) for one in some)


def _approved(actor: Actor, approver: Person, held: Held, permission: Permission) -> Actor:
    insist(permission in held.anywhere(), "nobody gives what they have not")
    if permission in held.everywhere:
        permissions = actor.permissions | {permission}
        return replace(actor, permissions=permissions, approver_id=approver.id, approvals=1)
    there = {shop for shop, more in held.in_shops.items() if permission in more}
    more = {shop: actor.in_shops.get(shop, frozenset()) | {permission} for shop in there}
    in_shops = MappingProxyType({**actor.in_shops, **more})
    return replace(actor, in_shops=in_shops, approver_id=approver.id, approvals=1)

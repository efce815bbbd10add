"""A supervisor's number and password allow somebody else one act at that terminal."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.basis import Secret, insist
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_APPROVED
from counterfoil.people.means import Means
from counterfoil.people.permission import ALLOWED, Actor, Permission
from counterfoil.people.person import Person
from counterfoil.people.prove import at_terminal, prove
from counterfoil.people.sign_in import actor_of
from counterfoil.store import ChangePart


async def approve(
    means: Means, actor: Actor, number: str, password: Secret[str], permission: Permission, *, request_sha256: str
) -> Actor:
    """The actor with that one permission more and the approver's id, for the act at hand only: nothing of it is kept.

    ``request_sha256`` is the digest of the very request that is allowed: it stands in the fact, and the act refuses an
    actor who was approved for another.

    Wrong tries count against that number at that terminal as at a sign-in.
    Raises Refused CF-2001, CF-2002, CF-2007, CF-2008 as ``sign_in`` does, CF-2021 where the approver may not do it
    either; Trouble CF-2010.
    """
    # 1 where, and what is shown
    insist(actor.terminal_id is not None, "only somebody at a terminal is approved there")
    proof = await at_terminal(means, actor.merchant_id, actor.terminal_id or "", number=number, password=password)

    # 2 the approver may do it, and the approval becomes a fact
    async def allow(approver: Person, now: int) -> tuple[ChangePart, Actor]:
        demand(actor_of(approver, proof.place.terminal_id), permission)
        fact = PERSON_APPROVED.fact(
            at=now,
            actor=actor.person_id,
            subject=actor.person_id,
            terminal=proof.place.terminal_id,
            approver=approver.id,
            permission=permission.value,
            request_sha256=request_sha256,
        )
        return ChangePart(facts=(fact,)), _approved(actor, approver, permission, request_sha256)

    return await prove(means, proof, allow)


def _approved(actor: Actor, approver: Person, permission: Permission, request_sha256: str) -> Actor:
    insist(permission in ALLOWED[approver.role], "nobody gives what they have not")
    more = actor.permissions | {permission}
    return replace(actor, permissions=more, approver_id=approver.id, deed_sha256=request_sha256)

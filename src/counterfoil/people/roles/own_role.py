"""自定义角色: a merchant makes a role of its own, alters it, retires it; it counts from the next request on."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from counterfoil.evidence import FactKind
from counterfoil.people.demand import demand
from counterfoil.people.facts import ROLE_ALTERED, ROLE_MADE, ROLE_RETIRED
from counterfoil.people.faults_of_rights import ROLE_EMPTY, ROLE_TAKEN, ROLE_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Held, Permission
from counterfoil.people.person import ACTIVE, DISABLED, OwnRole
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.roles.held import permissions_in
from counterfoil.people.roles.reading import as_own_role, own_role_row, own_roles
from counterfoil.people.roles.rights import change_rights, demand_covers
from counterfoil.people.shapes import text
from counterfoil.people.tables import own_role
from counterfoil.store import ChangePart, Fact, Guard, Insert, Row


async def make_role(means: Means, actor: Actor, name: str, permissions: AbstractSet[Permission]) -> OwnRole:
    """The new role, which nobody has yet.

    Raises Refused CF-2014 (name), CF-2021 (may not), CF-2035 (more than the actor holds), CF-2038 (name taken), CF-2039
    (allows nothing); Trouble CF-2010.
    """
    plain = text(name, "name")

    await demand_second(means.store, actor, Act.MAKE_ROLE)

    async def part(now: Actor) -> tuple[ChangePart, OwnRole]:
        demand(now, Permission.MANAGE_ROLES)
        await _check(means, now, plain, permissions, None)
        at = means.clock.now()
        role_id = means.ids.uuid()
        row = {
            "merchant_id": actor.merchant_id,
            "id": role_id,
            "name": plain,
            "permissions": _kept(permissions),
            "state": ACTIVE,
            "made_at": at,
        }
        fact = _fact(means, actor, ROLE_MADE, role_id, permissions)
        return ChangePart(inserts=(Insert(own_role, row),), facts=(fact,)), as_own_role({**row, "version": 1})

    return await change_rights(means, actor, part)


async def alter_role(means: Means, actor: Actor, role_id: str, name: str, permissions: AbstractSet[Permission]) -> None:
    """Another name or other permissions for an own role. The actor holds what it allowed and what it is to allow.

    Raises as ``make_role``, and Refused CF-2037 (no such active role).
    """
    plain = text(name, "name")

    await demand_second(means.store, actor, Act.ALTER_ROLE)

    async def part(now: Actor) -> tuple[ChangePart | None, None]:
        before = await _to_change(means, now, role_id)
        await _check(means, now, plain, permissions, role_id)
        values = {"name": plain, "permissions": _kept(permissions)}
        if all(before[key] == value for key, value in values.items()):
            return None, None
        fact = _fact(means, actor, ROLE_ALTERED, role_id, permissions)
        return ChangePart(guards=(Guard(own_role, before, values),), facts=(fact,)), None

    await change_rights(means, actor, part)


async def retire_role(means: Means, actor: Actor, role_id: str) -> None:
    """The role allows nothing any more, whoever has it, and nobody is given it. There is no way back.

    Raises Refused CF-2021 (may not), CF-2035 (allowed what the actor lacks), CF-2037 (no such active role), CF-2150
    (nobody else approved it); Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.RETIRE_ROLE)

    async def part(now: Actor) -> tuple[ChangePart, None]:
        before = await _to_change(means, now, role_id)
        fact = ROLE_RETIRED.fact(at=means.clock.now(), actor=actor.person_id, subject=role_id)
        return ChangePart(guards=(Guard(own_role, before, {"state": DISABLED}),), facts=(fact,)), None

    await change_rights(means, actor, part)


async def _to_change(means: Means, actor: Actor, role_id: str) -> Row:
    demand(actor, Permission.MANAGE_ROLES)
    row = await own_role_row(means.store, actor.merchant_id, role_id)
    if row is None or row["state"] != ACTIVE:
        raise ROLE_UNKNOWN()
    demand_covers(actor, Held(permissions_in(row["permissions"])))
    return row


async def _check(
    means: Means, actor: Actor, name: str, permissions: AbstractSet[Permission], itself: str | None
) -> None:
    if not permissions:
        raise ROLE_EMPTY(field="permissions")
    demand_covers(actor, Held(frozenset(permissions)))
    known = await own_roles(means.store, actor.merchant_id)
    if any(one.name == name and one.id != itself and one.state == ACTIVE for one in known):
        raise ROLE_TAKEN(field="name")


def _kept(permissions: AbstractSet[Permission]) -> str:
    """In the table's order, so that the same set is always the same text."""
    return " ".join(permission.value for permission in Permission if permission in permissions)


def _fact(means: Means, actor: Actor, kind: FactKind, role_id: str, permissions: AbstractSet[Permission]) -> Fact:
    return kind.fact(
        at=means.clock.now(), actor=actor.person_id, subject=role_id, permissions=_kept(permissions).split()
    )

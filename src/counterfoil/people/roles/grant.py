"""授予、收回角色: give a person a role, in one shop or in all, and take it back. It counts from their next request."""

from __future__ import annotations

import uuid
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.evidence import SYSTEM
from counterfoil.people.demand import demand
from counterfoil.people.facts import GRANT_ENDED, GRANT_MADE
from counterfoil.people.faults import PERSON_UNKNOWN, SHOP_UNKNOWN
from counterfoil.people.faults_of_rights import ROLE_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import ALLOWED, WHOLE_MERCHANT, Actor, Held, Permission, Role
from counterfoil.people.person import ACTIVE, DISABLED, Grant
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import person, shop
from counterfoil.people.roles.held import permissions_in
from counterfoil.people.roles.reading import as_grant, own_role_row
from counterfoil.people.roles.rights import change_rights, demand_another, demand_covers
from counterfoil.people.tables import role_grant
from counterfoil.store import ChangePart, Guard, Insert, Row, by_key

_EVERYWHERE: Final = "everywhere"
_GRANT: Final = by_key(
    select(role_grant)
    .where(role_grant.c.merchant_id == bindparam("merchant_id"))
    .where(role_grant.c.id == bindparam("id"))
)


async def grant_role(means: Means, actor: Actor, person_id: str, role: str, shop_id: str | None = None) -> Grant:
    """The person has the role, in that shop or (None) in all. One they have already stays, without another fact.

    Raises Refused CF-2021 or CF-2012 (may not), CF-2035 (would give what the actor lacks), CF-2018 (nobody of that id),
    CF-2037 (no such role), CF-2009 (no such shop); Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.GRANT_ROLE)

    async def part(now: Actor) -> tuple[ChangePart | None, Grant]:
        demand(now, Permission.GRANT_ROLES, shop_id)
        whose = await person(means.store, actor.merchant_id, person_id)
        if whose is None or whose.state != ACTIVE:
            raise PERSON_UNKNOWN(number="")
        if shop_id is not None and await shop(means.store, actor.merchant_id, shop_id) is None:
            raise SHOP_UNKNOWN(field="shop_id")
        demand_covers(now, await gives(means, actor.merchant_id, role, shop_id))
        made = new_grant(means, actor.merchant_id, person_id, role, shop_id)
        before = await _grant_row(means, actor.merchant_id, made.id)
        if before is not None and before["state"] == ACTIVE:
            return None, as_grant(before)
        return granted_part(made, before, by=actor.person_id), made

    return await change_rights(means, actor, part)


async def end_grant(means: Means, actor: Actor, grant_id: str) -> None:
    """Take a role back. One that is taken back already stays so.

    Raises Refused CF-2021 or CF-2012 (may not), CF-2035 (takes what the actor lacks), CF-2036 (the last administrator),
    CF-2037 (no such grant); Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.END_GRANT)

    async def part(now: Actor) -> tuple[ChangePart | None, None]:
        row = await _grant_row(means, actor.merchant_id, grant_id)
        if row is None:
            raise ROLE_UNKNOWN()
        ended = as_grant(row)
        demand(now, Permission.GRANT_ROLES, ended.shop_id)
        if row["state"] != ACTIVE:
            return None, None
        demand_covers(now, await gives(means, actor.merchant_id, ended.role, ended.shop_id, retired=True))
        if ended.role == Role.ADMINISTRATOR and ended.shop_id is None:
            await demand_another(means, actor.merchant_id, ended.person_id)
        at = means.clock.now()
        fact = GRANT_ENDED.fact(
            at=at,
            actor=actor.person_id,
            subject=ended.person_id,
            role=ended.role,
            shop=ended.shop_id,
        )
        return ChangePart(guards=(Guard(role_grant, row, {"state": DISABLED, "gone_at": at}),), facts=(fact,)), None

    await change_rights(means, actor, part)


async def gives(means: Means, merchant_id: int, role: str, shop_id: str | None, *, retired: bool = False) -> Held:
    """What a role gives in that shop, or in all. Raises Refused CF-2037 where there is none of that name or id.

    ``retired``: of an own role that is retired too, what it gave.
    """
    if role in set(Role):
        allowed = ALLOWED[Role(role)]
    else:
        row = await own_role_row(means.store, merchant_id, role)
        if row is None or (row["state"] != ACTIVE and not retired):
            raise ROLE_UNKNOWN(field="role")
        allowed = permissions_in(row["permissions"])
    return Held(allowed) if shop_id is None else Held(in_shops={shop_id: allowed - WHOLE_MERCHANT})


def granted_part(made: Grant, before: Row | None = None, *, by: str = SYSTEM) -> ChangePart:
    """The part of a Change that gives a role: a new row, or the one that was ended begins anew."""
    names = ("merchant_id", "id", "person_id", "shop_id", "made_at")
    ships = made.role in set(Role)
    which = {"role": made.role if ships else None, "own_role_id": None if ships else made.role}
    row = {**{name: getattr(made, name) for name in names}, **which, "state": ACTIVE}
    fact = GRANT_MADE.fact(at=made.made_at, actor=by, subject=made.person_id, role=made.role, shop=made.shop_id)
    if before is None:
        return ChangePart(inserts=(Insert(role_grant, row),), facts=(fact,))
    again = {"state": ACTIVE, "made_at": made.made_at, "gone_at": None}
    return ChangePart(guards=(Guard(role_grant, before, again),), facts=(fact,))


def new_grant(means: Means, merchant_id: int, person_id: str, role: str, shop_id: str | None) -> Grant:
    """A grant to be; its id is made of who, what and where, so that nobody has the same twice."""
    return Grant(
        merchant_id=merchant_id,
        id=str(uuid.uuid5(uuid.UUID(person_id), f"{role} {shop_id or _EVERYWHERE}")),
        person_id=person_id,
        role=role,
        shop_id=shop_id,
        made_at=means.clock.now(),
    )


async def _grant_row(means: Means, merchant_id: int, grant_id: str) -> Row | None:
    return await means.store.fetch_one(_GRANT, {"merchant_id": merchant_id, "id": grant_id})

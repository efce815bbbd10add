"""What roles and their places are called, on whatever page they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.doors.office.desk import Desk
from counterfoil.doors.screen.in_sight import is_among, within
from counterfoil.people import ACTIVE, Grant, Permission, Person, Role, grants_of, own_roles, shops


@dataclass(frozen=True, slots=True)
class Had:
    """A role somebody has: what it and its place are called."""

    id: str
    role: str
    place: str


async def roles_of(desk: Desk, whose: Person, permission: Permission) -> list[Had]:
    """What the person's roles and their places are called, of those that count where one holds the permission."""
    all_ = await grants_of(desk.app.store, desk.merchant_id, whose.id)
    return await named(desk, within(all_, desk.actor.shops_for(permission)))


async def role_names(desk: Desk) -> dict[str, str]:
    """What every role is called that can be given: those that ship, then the merchant's own."""
    own = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id) if one.state == ACTIVE}
    return {role.value: desk.t(f"office.role.{role.value}") for role in Role} | own


async def shop_names(desk: Desk) -> dict[str, str]:
    """The shops, by id."""
    return {one.id: one.name for one in await shops(desk.app.store, desk.merchant_id)}


async def places_for(desk: Desk, permission: Permission) -> dict[str, str]:
    """The shops in which one holds the permission, by id; "" is all of them, for whoever holds it there."""
    seen = desk.actor.shops_for(permission)
    everywhere = {"": desk.t("office.grant.everywhere")} if seen is None else {}
    return everywhere | {shop: name for shop, name in (await shop_names(desk)).items() if is_among(shop, seen)}


async def named(desk: Desk, some: Sequence[Grant]) -> list[Had]:
    """Each of these, as it is called; also of a role that was retired."""
    retired = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id)}
    roles, places = retired | await role_names(desk), await shop_names(desk)
    everywhere = desk.t("office.grant.everywhere")
    return [
        Had(one.id, roles.get(one.role, "—"), places.get(one.shop_id, "—") if one.shop_id else everywhere)
        for one in some
    ]

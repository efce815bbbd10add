"""一个人的角色: which they have and where, one given, one taken back; each with what it means before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import JSON, Fault
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ACTIVE,
    PERSON_UNKNOWN,
    Deed,
    Grant,
    Permission,
    Person,
    Role,
    demand_somewhere,
    end_grant,
    gives,
    grant_role,
    grants_of,
    own_roles,
    person,
    shops,
)


def routes(app: App) -> list[BaseRoute]:
    """The list with the form, and the page that takes one back."""
    return [
        at_desk(app, "/office/operators/{id}/roles", shown, GIVING),
        at_desk(app, "/office/operators/{id}/roles/{grant}", ask_back, TAKING_BACK),
    ]


@dataclass(frozen=True, slots=True)
class Had:
    """A role somebody has: what it and its place are called."""

    id: str
    role: str
    place: str


async def shown(desk: Desk) -> Response:
    """What they have, and what they could be given."""
    return await _page(desk, {})


async def give(desk: Desk, form: Form) -> Response:
    """One more, in one shop or in all."""
    try:
        await grant_role(
            desk.app.people, desk.actor, id_in(desk), form.get("role", ""), form.get("shop_id", "") or None
        )
    except Fault as fault:
        desk.note("grant_role", fault)
        return await _page(desk, form, fault)
    return go(f"/office/operators/{id_in(desk)}/roles", done="given")


async def ask_back(desk: Desk) -> Response:
    """What they will not be allowed any more."""
    return await _back_page(desk)


async def take_back(desk: Desk, _: Form) -> Response:
    """Take it back; their next request is answered without it."""
    try:
        await end_grant(desk.app.people, desk.actor, desk.request.path_params["grant"])
    except Fault as fault:
        desk.note("end_grant", fault)
        return await _back_page(desk, fault)
    return go(f"/office/operators/{id_in(desk)}/roles", done="taken")


async def roles_of(desk: Desk, whose: Person) -> list[Had]:
    """What the person's roles and their places are called."""
    return await _named(desk, await grants_of(desk.app.store, desk.merchant_id, whose.id))


async def role_names(desk: Desk) -> dict[str, str]:
    """What every role is called that can be given: those that ship, then the merchant's own."""
    own = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id) if one.state == ACTIVE}
    return {role.value: desk.t(f"office.role.{role.value}") for role in Role} | own


async def shop_names(desk: Desk) -> dict[str, str]:
    """The shops, by id."""
    return {one.id: one.name for one in await shops(desk.app.store, desk.merchant_id)}


async def _named(desk: Desk, some: list[Grant]) -> list[Had]:
    retired = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id)}
    roles, places = retired | await role_names(desk), await shop_names(desk)
    everywhere = desk.t("office.grant.everywhere")
    return [
        Had(one.id, roles.get(one.role, "—"), places.get(one.shop_id, "—") if one.shop_id else everywhere)
        for one in some
    ]


async def _page(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose = await _person(desk)
    return render(
        desk,
        "person_roles.html",
        status_of(fault),
        whose=whose,
        had=await roles_of(desk, whose),
        roles=await role_names(desk),
        places=await shop_names(desk),
        typed=typed,
        **tell(desk, fault),
    )


async def _back_page(desk: Desk, fault: Fault | None = None) -> Response:
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose = await _person(desk)
    grant = await _grant(desk)
    (had,) = await _named(desk, [grant])
    held = await gives(desk.app.people, desk.merchant_id, grant.role, grant.shop_id, retired=True)
    lost = [permission for permission in Permission if permission in held.anywhere()]
    return render(desk, "take_back.html", status_of(fault), whose=whose, had=had, lost=lost, **tell(desk, fault))


async def _grant(desk: Desk) -> Grant:
    known = await grants_of(desk.app.store, desk.merchant_id, id_in(desk))
    grant = next((one for one in known if one.id == desk.request.path_params["grant"]), None)
    if grant is None:
        raise NO_SUCH_PAGE()
    return grant


async def _person(desk: Desk) -> Person:
    found = await person(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise PERSON_UNKNOWN(number="")
    return found


async def _giving(desk: Desk, form: Form) -> Told:
    """What it would give. Raises what ``grant_role`` would refuse of role and place."""
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose, role, shop_id = await _person(desk), form.get("role", ""), form.get("shop_id", "") or None
    await gives(desk.app.people, desk.merchant_id, role, shop_id)
    had = [one.id for one in await grants_of(desk.app.store, desk.merchant_id, whose.id)]
    what: dict[str, JSON] = {"person": whose.id, "role": role, "shop": shop_id, "had": list(had)}
    return await _told(desk, "grant_role", what, whose, Granting(role, shop_id))


async def _taking_back(desk: Desk, _: Form) -> Told:
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose, grant = await _person(desk), await _grant(desk)
    what: dict[str, JSON] = {"person": whose.id, "grant": grant.id, "role": grant.role, "shop": grant.shop_id}
    return await _told(desk, "end_grant", what, whose, Granting(grant.role, grant.shop_id))


@dataclass(frozen=True, slots=True)
class Granting:
    """A role and where it counts."""

    role: str
    shop_id: str | None


async def _told(desk: Desk, act: str, what: dict[str, JSON], whose: Person, grant: Granting) -> Told:
    names = await shop_names(desk)
    place = names.get(grant.shop_id, "—") if grant.shop_id else desk.t("office.grant.everywhere")
    role = (await role_names(desk)).get(grant.role, "—")
    return Told(
        deed=Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(f"act.{act}"),
        lines=(
            (desk.t("request.who"), desk.operator(whose.called)),
            (desk.t("office.operator.role"), role),
            (desk.t("office.grant.where"), place),
        ),
        means=desk.t("office.grant.means.now"),
        button=desk.t(f"act.{act}"),
        back=f"/office/operators/{whose.id}/roles",
        shop_id=grant.shop_id,
    )


async def _not_given(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _page(desk, form, fault)


# Neither is confirmed with a second factor unless the merchant's table has it approved by another person.
GIVING: Final = Danger(act="grant_role", tell=_giving, carry_out=give, otherwise=_not_given, always=False)
TAKING_BACK: Final = Danger(act="end_grant", tell=_taking_back, carry_out=take_back, always=False)

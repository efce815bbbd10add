"""谁能做什么: the table of roles and permissions as it is, and the roles a merchant makes for itself."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.danger import Danger
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.people_dangers import making_role, retiring_role
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import within
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ACTIVE,
    ALLOWED,
    ROLE_UNKNOWN,
    OwnRole,
    Permission,
    Role,
    alter_role,
    demand,
    grants,
    make_role,
    own_role_by_id,
    own_roles,
    persons,
    retire_role,
)

_MAY = "may_"


def routes(app: App) -> list[BaseRoute]:
    """The table, a new role, and one of the merchant's own."""
    return [
        at_desk(app, "/office/roles", roles),
        at_desk(app, "/office/roles/add", form, MAKING),
        at_desk(app, "/office/roles/{id}", one, ALTERING),
        at_desk(
            app,
            "/office/roles/{id}/retire",
            ask_retire,
            RETIRING,
        ),
    ]


async def roles(desk: Desk) -> Response:
    """Permissions down, roles across, and how many have each role."""
    demand(desk.actor, Permission.OFFICE)
    own = [one for one in await own_roles(desk.app.store, desk.merchant_id) if one.state == ACTIVE]
    named = [(role.value, desk.t(f"office.role.{role.value}"), ALLOWED[role]) for role in Role]
    named += [(one.id, one.name, one.permissions) for one in own]
    having = await _having(desk)
    return render(
        desk,
        "roles.html",
        roles=[(name, having.get(key, 0)) for key, name, _ in named],
        rows=[(permission, [permission in allowed for _, _, allowed in named]) for permission in Permission],
        own=own,
        may=desk.actor.may(Permission.MANAGE_ROLES),
    )


async def form(desk: Desk) -> Response:
    """A name, and what the role may do."""
    return _form(desk, None, {})


async def add(desk: Desk, form: Form) -> Response:
    """Make it."""
    try:
        made = await make_role(desk.app.people, desk.actor, form.get("name", ""), _ticked(form))
    except Fault as fault:
        desk.note("make_role", fault)
        return _form(desk, None, form, fault)
    return go(f"/office/roles/{made.id}", done="made")


async def one(desk: Desk) -> Response:
    """What it is called and may do, to be altered."""
    found = await _own(desk)
    return _form(desk, found, {"name": found.name, **{_MAY + each.value: "yes" for each in found.permissions}})


async def alter(desk: Desk, form: Form) -> Response:
    """Write it; whoever has it may so from their next request on."""
    found = await _own(desk)
    try:
        await alter_role(desk.app.people, desk.actor, found.id, form.get("name", ""), _ticked(form))
    except Fault as fault:
        desk.note("alter_role", fault)
        return _form(desk, found, form, fault)
    return go(f"/office/roles/{found.id}", done="altered")


async def ask_retire(desk: Desk) -> Response:
    """Who has it now, before it is retired."""
    return await _retire_page(desk)


async def retire(desk: Desk, _: Form) -> Response:
    """Retire it."""
    try:
        await retire_role(desk.app.people, desk.actor, id_in(desk))
    except Fault as fault:
        desk.note("retire_role", fault)
        return await _retire_page(desk, fault)
    return go("/office/roles", done="retired")


async def roles_of_everybody(desk: Desk) -> dict[str, str]:
    """What people's roles are called, by person: those that count where one may see who there is."""
    own = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id)}
    called: dict[str, list[str]] = {}
    seen = desk.actor.shops_for(Permission.READ_PEOPLE)
    for grant in within(await grants(desk.app.store, desk.merchant_id), seen):
        name = own.get(grant.role) or desk.t(f"office.role.{grant.role}")
        names = called.setdefault(grant.person_id, [])
        if name not in names:
            names.append(name)
    return {person_id: " · ".join(names) for person_id, names in called.items()}


async def _having(desk: Desk) -> dict[str, int]:
    """How many active people have each role."""
    active = {one.id for one in await persons(desk.app.store, desk.merchant_id) if one.state == ACTIVE}
    having: dict[str, set[str]] = {}
    for grant in await grants(desk.app.store, desk.merchant_id):
        having.setdefault(grant.role, set()).add(grant.person_id)
    return {role: len(some & active) for role, some in having.items()}


def _ticked(form: Form) -> frozenset[Permission]:
    return frozenset(permission for permission in Permission if form.get(_MAY + permission.value))


async def _own(desk: Desk) -> OwnRole:
    demand(desk.actor, Permission.MANAGE_ROLES)
    found = await own_role_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None or found.state != ACTIVE:
        raise ROLE_UNKNOWN()
    return found


def _form(desk: Desk, found: OwnRole | None, typed: Form, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_ROLES)
    return render(
        desk,
        "role_form.html",
        status_of(fault),
        found=found,
        name=typed.get("name", "")[:64],
        rows=[(each, bool(typed.get(_MAY + each.value)), desk.actor.may(each)) for each in Permission],
        **tell(desk, fault),
    )


async def _retire_page(desk: Desk, fault: Fault | None = None) -> Response:
    found = await _own(desk)
    count = (await _having(desk)).get(found.id, 0)
    return render(desk, "role_retire.html", status_of(fault), found=found, count=count, **tell(desk, fault))


MAKING: Final = Danger(act="make_role", tell=making_role, carry_out=add)
ALTERING: Final = Danger(act="alter_role", tell=making_role, carry_out=alter)
RETIRING: Final = Danger(act="retire_role", tell=retiring_role, carry_out=retire)

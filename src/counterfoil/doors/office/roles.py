"""谁能做什么: the table of roles and permissions as it is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.people import ACTIVE, ALLOWED, Permission, Role, grants, own_roles, persons


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/roles", roles)]


async def roles(desk: Desk) -> Response:
    """Permissions down, roles across, and how many have each role."""
    active = {one.id for one in await persons(desk.app.store, desk.merchant_id) if one.state == ACTIVE}
    given = await grants(desk.app.store, desk.merchant_id)
    having = {role: len({one.person_id for one in given if one.role == role} & active) for role in Role}
    return render(
        desk,
        "roles.html",
        roles=[(role, having[role]) for role in Role],
        rows=[(permission, [permission in ALLOWED[role] for role in Role]) for permission in Permission],
    )


async def roles_of_everybody(desk: Desk) -> dict[str, str]:
    """What people's roles are called, by person."""
    own = {one.id: one.name for one in await own_roles(desk.app.store, desk.merchant_id)}
    called: dict[str, list[str]] = {}
    for grant in await grants(desk.app.store, desk.merchant_id):
        name = own.get(grant.role) or desk.t(f"office.role.{grant.role}")
        names = called.setdefault(grant.person_id, [])
        if name not in names:
            names.append(name)
    return {person_id: " · ".join(names) for person_id, names in called.items()}

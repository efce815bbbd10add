"""谁能做什么: the table of roles and permissions as it is."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.people import ALLOWED, Permission, Role, persons


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/roles", roles)]


async def roles(desk: Desk) -> Response:
    """Permissions down, roles across, and how many have each role."""
    people = [one.role for one in await persons(desk.app.store, desk.merchant_id) if one.state == "active"]
    return render(
        desk,
        "roles.html",
        roles=[(role, people.count(role)) for role in Role],
        rows=[(permission, [permission in ALLOWED[role] for role in Role]) for permission in Permission],
    )

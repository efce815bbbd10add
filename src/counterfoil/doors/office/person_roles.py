"""一个人的角色: which they have and where; one given, one taken back, after what that means was said."""

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
from counterfoil.doors.office.people_dangers import giving, taking_back
from counterfoil.doors.office.role_names import named, places_for, role_names, roles_of
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import person_in_sight, within
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    Permission,
    Person,
    demand_somewhere,
    end_grant,
    gives,
    grant_role,
    grants_of,
)


def routes(app: App) -> list[BaseRoute]:
    """The list with the form, and the page that takes one back."""
    return [
        at_desk(
            app,
            "/office/operators/{id}/roles",
            shown,
            GIVING,
        ),
        at_desk(
            app,
            "/office/operators/{id}/roles/{grant}",
            ask_back,
            TAKING_BACK,
        ),
    ]


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


async def _page(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose = await _person(desk)
    return render(
        desk,
        "person_roles.html",
        status_of(fault),
        whose=whose,
        had=await roles_of(desk, whose, Permission.GRANT_ROLES),
        roles=await role_names(desk),
        places=await places_for(desk, Permission.GRANT_ROLES),
        typed=typed,
        **tell(desk, fault),
    )


async def _back_page(desk: Desk, fault: Fault | None = None) -> Response:
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose = await _person(desk)
    all_ = await grants_of(desk.app.store, desk.merchant_id, whose.id)
    known = within(all_, desk.actor.shops_for(Permission.GRANT_ROLES))
    grant = next((one for one in known if one.id == desk.request.path_params["grant"]), None)
    if grant is None:
        raise NO_SUCH_PAGE()
    (had,) = await named(desk, [grant])
    held = await gives(desk.app.people, desk.merchant_id, grant.role, grant.shop_id, retired=True)
    lost = [permission for permission in Permission if permission in held.anywhere()]
    return render(desk, "take_back.html", status_of(fault), whose=whose, had=had, lost=lost, **tell(desk, fault))


async def _person(desk: Desk) -> Person:
    return await person_in_sight(desk, id_in(desk), Permission.GRANT_ROLES)


GIVING: Final = Danger(act="grant_role", tell=giving, carry_out=give, otherwise=_page)
TAKING_BACK: Final = Danger(act="end_grant", tell=taking_back, carry_out=take_back)

"""一个人的操作员号: given to somebody who works in the office only so far, with the password they use at the tills."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.danger import Danger
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.numbers import hint
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.people_dangers import numbering
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import person_in_sight
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import Permission, add_number, demand

_NUMBER_MAX: Final = 8


def routes(app: App) -> list[BaseRoute]:
    """One page with its act."""
    act = Danger(act="add_number", tell=numbering, carry_out=add, otherwise=_page)
    return [at_desk(app, "/office/operators/{id}/number", shown, act)]


async def shown(desk: Desk) -> Response:
    """The form."""
    return await _page(desk, {})


async def add(desk: Desk, form: Form) -> Response:
    """Give it; with the next step they sign in at a till."""
    try:
        await add_number(
            desk.app.people, desk.actor, id_in(desk), form.get("number", ""), Secret(form.get("password", ""))
        )
    except Fault as fault:
        desk.note("add_number", fault)
        return await _page(desk, form, fault)
    return go(f"/office/operators/{id_in(desk)}", done="numbered")


async def _page(desk: Desk, form: Form, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    whose = await person_in_sight(desk, id_in(desk), Permission.MANAGE_PEOPLE)
    return render(
        desk,
        "person_number.html",
        status_of(fault),
        whose=whose,
        hint=hint(desk),
        typed=form.get("number", "")[:_NUMBER_MAX],
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )

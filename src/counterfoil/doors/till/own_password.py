"""改自己的密码: an operator shows the present till password and sets another.

Whoever signed in with one that somebody else typed sets their own first (``FIRST_PAGE``), before anything else.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.screen.cookies import keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.peer import peer_of
from counterfoil.doors.till.cookies import SESSION
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import FIRST_PAGE, at_desk
from counterfoil.doors.till.faults import PASSWORDS_DIFFER
from counterfoil.doors.till.pages import render
from counterfoil.people import change_password, finish_password


def routes(app: App) -> list[BaseRoute]:
    """The page behind a tile of *more*, and the one before everything."""
    return [
        at_desk(app, "/till/more/password", ask, change),
        at_desk(app, FIRST_PAGE, ask_first, set_first),
    ]


async def ask(desk: Desk) -> Response:
    """The present one, and the new one twice."""
    return _page(desk)


async def change(desk: Desk, form: Form) -> Response:
    """Set it; the session here goes on under another token, and all others of that operator end."""
    try:
        token = await _changed(desk, form)
    except Fault as fault:
        desk.note("change_password", fault)
        return _page(desk, fault)
    response = go("/till/more", done="password")
    keep(response, desk.request, SESSION, token.reveal())
    return response


async def ask_first(desk: Desk) -> Response:
    """The new one twice; whoever has their own already goes on."""
    return go("/till/menu") if desk.person.has_own_password else _first_page(desk)


async def set_first(desk: Desk, form: Form) -> Response:
    """Set it; the session goes on under another token, with all that the operator may."""
    if desk.person.has_own_password:
        return go("/till/menu")
    try:
        token = await finish_password(desk.app.people, desk.session, _twice(form), enrolled=desk.enrolled)
    except Fault as fault:
        desk.note("finish_password", fault)
        return _first_page(desk, fault)
    response = go("/till/menu")
    keep(response, desk.request, SESSION, token.reveal())
    return response


async def _changed(desk: Desk, form: Form) -> Secret[str]:
    new = _twice(form)
    return await change_password(
        desk.app.people,
        desk.session,
        password=Secret(form.get("password", "")),
        new=new,
        address=peer_of(desk.request),
        enrolled=desk.enrolled,
    )


def _twice(form: Form) -> Secret[str]:
    if form.get("new", "") != form.get("again", ""):
        raise PASSWORDS_DIFFER(field="again")
    return Secret(form.get("new", ""))


def _first_page(desk: Desk, fault: Fault | None = None) -> Response:
    return render(desk, "first_password.html", status_of(fault), enrolled=desk.enrolled, **tell(desk, fault))


def _page(desk: Desk, fault: Fault | None = None) -> Response:
    return render(desk, "own_password.html", status_of(fault), enrolled=desk.enrolled, **tell(desk, fault))

"""一个人的后台登录: opened, given another address, closed, or a reset begun. A code is shown once, to be handed on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.danger import Danger
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.people_dangers import changing_login
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ACTIVE,
    EMAIL_CHARACTERS_MAX,
    PERSON_UNKNOWN,
    Permission,
    Person,
    begin_reset,
    change_email,
    close_login,
    demand,
    login_of,
    open_login,
    person,
)


def routes(app: App) -> list[BaseRoute]:
    """One page, with a form for each act."""
    return [
        at_desk(
            app,
            "/office/operators/{id}/login",
            shown,
            CHANGING,
        )
    ]


async def shown(desk: Desk) -> Response:
    """The login as it is, and what can be done with it."""
    return await _page(desk, "")


async def act(desk: Desk, form: Form) -> Response:
    """Do what the pressed button says; a code that came of it is shown, once."""
    name = form.get("act", "")
    try:
        code = await _ACTS.get(name, _nothing)(desk, form)
    except Fault as fault:
        desk.note("change_login", fault)
        return await _page(desk, form.get("email", "")[:EMAIL_CHARACTERS_MAX], fault)
    if code is not None:
        return await code_page(desk, await _person(desk), code)
    return go(f"/office/operators/{id_in(desk)}", done="login")


async def code_page(desk: Desk, whose: Person, code: Secret[str]) -> Response:
    """The code for whoever sets their password with it. It stands nowhere else, and on no page that can be reloaded."""
    login = await login_of(desk.app.store, desk.merchant_id, whose.id)
    until = login.reset_until if login else None
    address = str(desk.request.url.replace(path=f"/office/at/{desk.merchant_id}/reset", query=""))
    response = render(desk, "code.html", whose=whose, code=code.reveal(), until=until, address=address, login=login)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _open(desk: Desk, form: Form) -> Secret[str]:
    return await open_login(desk.app.people, desk.actor, id_in(desk), form.get("email", ""))


async def _change(desk: Desk, form: Form) -> None:
    await change_email(desk.app.people, desk.actor, id_in(desk), form.get("email", ""))


async def _close(desk: Desk, _: Form) -> None:
    await close_login(desk.app.people, desk.actor, id_in(desk))


async def _reset(desk: Desk, _: Form) -> Secret[str]:
    return await begin_reset(desk.app.people, desk.actor, id_in(desk))


async def _nothing(_desk: Desk, _form: Form) -> None:
    """A button that no page has does nothing."""


_ACTS: Final[Mapping[str, Callable[[Desk, Form], Awaitable[Secret[str] | None]]]] = {
    "open": _open,
    "email": _change,
    "close": _close,
    "reset": _reset,
}


async def _page(desk: Desk, typed: str, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    whose = await _person(desk)
    login = await login_of(desk.app.store, desk.merchant_id, whose.id)
    open_ = login if login and login.state == ACTIVE else None
    return render(
        desk,
        "person_login.html",
        status_of(fault),
        whose=whose,
        login=open_,
        typed=typed or (open_.email if open_ else "") or "",
        **tell(desk, fault),
    )


async def _person(desk: Desk) -> Person:
    found = await person(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise PERSON_UNKNOWN(number="")
    return found


CHANGING: Final = Danger(act="change_login", tell=changing_login, carry_out=act)

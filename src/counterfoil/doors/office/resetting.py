"""设置后台密码: whoever was given a code sets their own password with it, and signs in afterwards as always."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.endpoint import as_guest
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.sign_in import merchant_asked, sign_in_page
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import status_of, tell
from counterfoil.people import EMAIL_CHARACTERS_MAX, finish_reset


def routes(app: App) -> list[BaseRoute]:
    """The page behind the link under the sign-in."""
    return [as_guest(app, "/office/at/{merchant_id}/reset", ask, finish)]


async def ask(guest: Guest) -> Response:
    """The address, the code and the new password."""
    return await _page(guest, "")


async def finish(guest: Guest, form: Form) -> Response:
    """Set it, and go on to the sign-in."""
    whose, email = await merchant_asked(guest), form.get("email", "")
    try:
        await finish_reset(
            guest.app.people,
            merchant_id=whose.merchant_id,
            email=email,
            code=form.get("code", ""),
            new=Secret(form.get("new", "")),
        )
    except Fault as fault:
        return await _page(guest, email[:EMAIL_CHARACTERS_MAX], fault)
    return await sign_in_page(guest, whose, email=email[:EMAIL_CHARACTERS_MAX], done=True)


async def _page(guest: Guest, email: str, fault: Fault | None = None) -> Response:
    whose = await merchant_asked(guest)
    return render(guest, "office_reset.html", status_of(fault), merchant=whose, email=email, **tell(guest, fault))

"""初始设置: the page that makes the first merchant, shop, terminal and administrator; closed for ever afterwards."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import CNY, Fault, Secret
from counterfoil.doors.office.endpoint import as_guest
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import FirstMerchant, NewShop, NewTerminal, set_up, setup_open

PATH: Final = "/setup"
ZONE: Final = "Asia/Shanghai"
# What stands in the form; never a password or the code.
_KEPT: Final = ("merchant", "zone", "shop", "terminal", "label", "name", "email", "number")
_FIRST: Final = {"zone": ZONE, "terminal": "T01"}
_TYPED_MAX: Final = 254


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [as_guest(app, PATH, ask, make)]


async def ask(guest: Guest) -> Response:
    """What is needed to begin; to the office where that was done."""
    if not await setup_open(guest.app.people):
        return go("/office")
    return _page(guest, _FIRST)


async def make(guest: Guest, form: Form) -> Response:
    """Make it, and go on to the administrator's sign-in."""
    number = form.get("number", "").strip() or None
    zone = form.get("zone", "").strip()
    asked = FirstMerchant(
        merchant=form.get("merchant", ""),
        zone=zone,
        currency=CNY,
        shop=NewShop(name=form.get("shop", ""), zone=zone),
        terminal=NewTerminal(number=form.get("terminal", ""), label=form.get("label", "")),
        name=form.get("name", ""),
        email=form.get("email", ""),
        password=Secret(form.get("password", "")),
        number=number,
        till_password=Secret(form.get("till_password", "")) if number else None,
    )
    try:
        made = await set_up(guest.app.people, asked, Secret(form.get("code", "")))
    except Fault as fault:
        return _page(guest, form, fault)
    return go(f"/office/at/{made.merchant_id}")


def _page(guest: Guest, typed: Form, fault: Fault | None = None) -> Response:
    kept = {name: typed.get(name, "")[:_TYPED_MAX] for name in _KEPT}
    wrong = fault.field if fault else None
    return render(guest, "setup.html", status_of(fault), typed=kept, wrong=wrong, **tell(guest, fault))

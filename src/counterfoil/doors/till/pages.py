"""Rendering: one environment, and what every page is given."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from counterfoil.basis import Fault, Money
from counterfoil.doors import static
from counterfoil.doors.till.cookies import GUEST, keep, own_path
from counterfoil.doors.till.desk import Desk, Guest
from counterfoil.doors.till.guard import Form
from counterfoil.locale import clock_time, day, full_time, when


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": static.address, "money": _money, "link": link, "clock_time": clock_time}
    return made


def render(guest: Guest, template: str, status: int = 200, **more: Any) -> Response:
    """The page ``template`` for whoever asks. A guest without a token is given one."""
    desk = guest if isinstance(guest, Desk) else None
    given = {"guest": guest, "desk": desk, "t": guest.t, "language": guest.language, "csrf": guest.csrf}
    text = _environment().get_template(template).render(**given, **_times(guest), **more)
    response = HTMLResponse(text, status, {"Content-Language": guest.language, "Cache-Control": "no-store"})
    if desk is None and guest.request.cookies.get(GUEST) != guest.csrf:
        keep(response, guest.request, GUEST, guest.csrf)
    return response


def go(path: str, **query: str | None) -> Response:
    """Send the browser on (303), so that a reload repeats a reading and never an act."""
    return RedirectResponse(link(path, **query), 303)


def link(path: str, **query: str | None) -> str:
    """``path`` with what of ``query`` is set."""
    said = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(said)}" if said else path


def back_of(form: Form) -> str:
    """Where a form says it came from: a page of the till's own, with the amount that was being keyed there."""
    back = form.get("back", "")
    if back == "/till":
        return back
    keyed = "amount" in form and own_path(back) == "/till/take"
    return link("/till/take", amount=form["amount"]) if keyed else own_path(back)


def tell(guest: Guest, fault: Fault | None) -> dict[str, Any]:
    """A fault for the macro ``note``; nothing for it where there is none."""
    return {"fault": fault.tell(guest.language) if fault else None}


def status_of(fault: Fault | None) -> int:
    """The HTTP status of a page that shows ``fault``."""
    return fault.kind.status if fault else 200


def _money(minor: int, currency: str = "CNY") -> str:
    return str(Money(minor, currency))


def _times(guest: Guest) -> dict[str, Any]:
    if not isinstance(guest, Desk):
        return {}
    zone, now, language = guest.shop.zone, guest.now, guest.language
    return {
        "when": lambda micros: when(micros, zone=zone, now=now, language=language),
        "full": lambda micros: full_time(micros, zone=zone),
        "day": lambda text: day(text, language),
    }

"""Rendering: one environment a door, and what every page is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from counterfoil.basis import Fault, Money
from counterfoil.doors import static
from counterfoil.doors.screen.cookies import GUEST, cookie_of, keep
from counterfoil.doors.screen.guest import Guest, Signed
from counterfoil.locale import clock_time, day, full_time, when

_COMPONENTS: Final = Path(__file__).parent / "templates"
# The two that say "not known yet", and the catch-all: in the look of being checked, never red.
CHECKING: Final = frozenset({"CF-3116", "CF-3117", "CF-3118", "CF-9001"})


class Pages:
    """The pages of one door: its templates, over the components that all doors share."""

    def __init__(self, templates: Path, **more: Any) -> None:
        """``more``: what else every page of the door is given."""
        self._environment = Environment(
            loader=FileSystemLoader([templates, _COMPONENTS]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "static": static.address,
            "money": _money,
            "link": link,
            "clock_time": clock_time,
            **more,
        }

    def render(self, guest: Guest, template: str, status: int = 200, **more: Any) -> Response:
        """The page ``template`` for whoever asks. A guest without a token is given one."""
        desk = guest if isinstance(guest, Signed) else None
        given = {"guest": guest, "desk": desk, "t": guest.t, "language": guest.language, "csrf": guest.csrf}
        text = self._environment.get_template(template).render(**given, **_times(guest), **more)
        response = HTMLResponse(text, status, {"Content-Language": guest.language, "Cache-Control": "no-store"})
        if desk is None and cookie_of(guest.request, GUEST) != guest.csrf:
            keep(response, guest.request, GUEST, guest.csrf)
        return response

    def fault(self, guest: Guest, fault: Fault, *, to: str, button: str) -> Response:
        """The page of ``fault``. ``to`` and ``button`` (its text) make its primary button."""
        checking = fault.kind.code in CHECKING
        told = fault.tell(guest.language)
        response = self.render(
            guest, "fault.html", fault.kind.status, fault=told, checking=checking, to=to, button=button
        )
        if fault.kind.retry_after_seconds is not None:
            response.headers["Retry-After"] = str(fault.kind.retry_after_seconds)
        return response


def go(path: str, **query: str | None) -> Response:
    """Send the browser on (303), so that a reload repeats a reading and never an act."""
    return RedirectResponse(link(path, **query), 303)


def link(path: str, **query: str | None) -> str:
    """``path`` with what of ``query`` is set."""
    said = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(said)}" if said else path


def tell(guest: Guest, fault: Fault | None) -> dict[str, Any]:
    """A fault for the macro ``note``; nothing for it where there is none."""
    return {"fault": fault.tell(guest.language) if fault else None}


def status_of(fault: Fault | None) -> int:
    """The HTTP status of a page that shows ``fault``."""
    return fault.kind.status if fault else 200


def _money(minor: int, currency: str = "CNY") -> str:
    return str(Money(minor, currency))


def _times(guest: Guest) -> dict[str, Any]:
    if not isinstance(guest, Signed):
        return {}
    zone, now, language = guest.zone, guest.now, guest.language
    return {
        "when": lambda micros: when(micros, zone=zone, now=now, language=language),
        "full": lambda micros: full_time(micros, zone=zone),
        "day": lambda text: day(text, language),
    }

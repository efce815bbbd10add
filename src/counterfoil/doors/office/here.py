"""At which site the office is open, by the settings or by the request, and whether passkeys work there."""

from __future__ import annotations

import base64

from starlette.requests import Request

from counterfoil.doors.screen.guest import Guest
from counterfoil.factors import Site, site_of


def site_at(guest: Guest) -> Site:
    """The site of ``public_url`` where the settings say one, else of the address the browser is at."""
    return site_of(guest.app.settings.server.public_url or _asked(guest.request))


def why_no_passkeys(guest: Guest) -> str | None:
    """Why none is offered: ``number``, ``tls``, or ``elsewhere`` (not at the address the settings say); else None."""
    site = site_at(guest)
    if site.why_not is None and site.origin != site_of(_asked(guest.request)).origin:
        return "elsewhere"
    return site.why_not


def packed(options: str) -> str:
    """The options for a device as a page's attribute carries them: base64url, for a script and not for people."""
    return base64.urlsafe_b64encode(options.encode()).rstrip(b"=").decode()


def came_from(request: Request) -> str:
    """The browser and the address a session begins at, for its owner to know it by."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for sign, name in _BROWSERS if sign in agent), "—")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "—")
    return f"{browser} · {system} · {request.client.host if request.client else '—'}"


# The first that is found counts: Edge calls itself Chrome, Chrome calls itself Safari, Android Linux.
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _asked(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"

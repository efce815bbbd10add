"""At which address other devices reach us: what the settings say, else what this browser used."""

from __future__ import annotations

from urllib.parse import urlsplit

from counterfoil.basis import address_of
from counterfoil.doors.screen.guest import Guest


def reached_at(guest: Guest, path: str) -> str:
    """The whole address of one of our pages."""
    url = guest.request.url
    known = guest.app.settings.server.public_url or f"{url.scheme}://{guest.request.headers.get('host', '')}"
    return known.rstrip("/") + path


def reachable(address: str) -> bool:
    """Whether another device could open it: an address of this machine means that other device itself."""
    host = urlsplit(address).hostname or ""
    here = address_of(host)
    own = here.is_loopback if here is not None else host == "localhost" or host.endswith(".localhost")
    return bool(host) and not own

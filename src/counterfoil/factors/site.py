"""Where passkeys belong: the name and origin of the office's pages, and why there may be none."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from counterfoil.factors.faults import PASSKEYS_NOT_HERE

HERE: Final = "localhost"


@dataclass(frozen=True, slots=True)
class Site:
    """``rp_id`` is the host's name, ``origin`` what a browser says it is at: scheme, host and port."""

    rp_id: str
    origin: str

    @property
    def why_not(self) -> str | None:
        """Why a browser offers no passkey here: ``number`` (an address without a name), ``tls``; None: it does."""
        if _is_number(self.rp_id):
            return "number"
        local = self.rp_id == HERE or self.rp_id.endswith(f".{HERE}")
        return None if local or self.origin.startswith("https://") else "tls"

    def demand(self) -> None:
        """Go on only where passkeys are. Raises Refused CF-2063."""
        if self.why_not is not None:
            raise PASSKEYS_NOT_HERE()


def site_of(url: str) -> Site:
    """The site of an address such as ``https://pay.example.org/office``."""
    parts = urlsplit(url)
    return Site((parts.hostname or "").lower(), f"{parts.scheme}://{parts.netloc}".lower())


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

"""The network address a request comes from, as wrong sign-ins are counted by it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_network
from typing import Final

from starlette.requests import Request

from counterfoil.doors.shell import caller_of

# What one household or shop is given in IPv6: whoever has it has every address in it.
_IPV6_BITS: Final = 64


def peer_of(request: Request) -> str | None:
    """The caller: an IPv4 address, or the /64 an IPv6 one lies in. None where it tells nobody apart.

    That is where nobody knows it, and on loopback: whoever comes from there is the machine itself, or everybody who
    comes through a proxy on it that this server was not told of.
    """
    address = caller_of(request)
    if address is None or address.is_loopback:
        return None
    return str(ip_network((address, _IPV6_BITS), strict=False) if isinstance(address, IPv6Address) else address)

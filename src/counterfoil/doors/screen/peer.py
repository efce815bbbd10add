"""The network address a request comes from, as wrong sign-ins are counted by it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from starlette.requests import Request

# What one household or shop is given in IPv6: whoever has it has every address in it.
_IPV6_BITS: Final = 64


def peer_of(request: Request) -> str | None:
    """The socket's peer: an IPv4 address, or the /64 an IPv6 one lies in. None where it tells nobody apart.

    That is where the socket has none, and on loopback: whoever comes from there is the machine itself, or everybody who
    comes through a proxy on it.
    """
    if request.client is None:
        return None
    try:
        address = ip_address(request.client.host.partition("%")[0])
    except ValueError:
        return None
    address = (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
    if address.is_loopback:
        return None
    return str(ip_network((address, _IPV6_BITS), strict=False) if isinstance(address, IPv6Address) else address)

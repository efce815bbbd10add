"""Networks in CIDR form, and whether an address lies in one; an IPv4 address inside IPv6 is that IPv4 address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAPPED_BITS: Final = 96
_TEXT_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Networks:
    """A list of networks, each named once, in the order they were given."""

    all: tuple[Network, ...] = ()

    @classmethod
    def read(cls, texts: Iterable[str]) -> Networks:
        """From ``10.0.0.0/8``, ``2001:db8::/32`` or a single address.

        Raises ValueError, naming the text, for what is none, and where bits are set behind the prefix: whoever wrote
        ``10.0.0.7/8`` meant one thing of two.
        """
        return cls(tuple(dict.fromkeys(_network(text) for text in texts)))

    def hold(self, address: Address | None) -> bool:
        """Whether ``address`` lies in one of them; nobody's (None) lies in none."""
        return address is not None and any(address.version == one.version and address in one for one in self.all)

    def texts(self) -> Sequence[str]:
        """As people write them, a single address without its prefix."""
        return [str(one.network_address) if one.num_addresses == 1 else str(one) for one in self.all]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.all)


def address_of(text: str) -> Address | None:
    """The address that ``text`` is, narrowed to IPv4 where it is mapped, without its zone; None where it is none."""
    if len(text) > _TEXT_MAX:
        return None
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return _narrow(found)


def _narrow(found: Address) -> Address:
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _network(text: str) -> Network:
    plain = text.strip()
    if len(plain) > _TEXT_MAX:
        raise ValueError(f"{plain[:_TEXT_MAX]}… is too long for a network")
    if "%" in plain:
        raise ValueError(f"{plain} names a zone, which no other machine knows")
    found = ipaddress.ip_network(plain)
    inner = found.network_address.ipv4_mapped if isinstance(found, ipaddress.IPv6Network) else None
    if inner is None or found.prefixlen < _MAPPED_BITS:
        return found
    return ipaddress.ip_network((inner, found.prefixlen - _MAPPED_BITS))


NOWHERE: Final = Networks()
# What the public network does not route: this machine, RFC 1918, RFC 3927, RFC 4193, RFC 4291.
HOME: Final = Networks.read(
    ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1", "fc00::/7", "fe80::/10")
)

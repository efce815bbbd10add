"""Which addresses a provider may have: those of the public internet, and this machine's own where a sandbox runs.

An account's address is typed by a person, so it is held like any input that makes a server call somebody: no network of
the shop, of the machine or of a cloud's own services is reached through it, whatever a name resolves to.
Source: the IANA registries of special-purpose addresses (RFC 6890), and what cloud vendors document of their own.
"""

from __future__ import annotations

import ipaddress
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC_4: Final = tuple(
    ipaddress.IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' own; Alibaba's metadata is 100.100.100.200
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's own services
        "169.254.0.0/16",  # link-local; metadata of most clouds is 169.254.169.254
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols; Oracle's metadata is 192.0.0.192
        "192.0.2.0/24",  # documents
        "192.88.99.0/24",  # old 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",  # documents
        "203.0.113.0/24",  # documents
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_PUBLIC_6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",  # documents
        "2002::/16",  # 6to4, which carries any IPv4 address
        "3fff::/20",  # documents
    )
)
# RFC 6052: an IPv4 address behind a translator of the network.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_BITS: Final = 0xFFFFFFFF


def is_public(address: Address) -> bool:
    """Whether it is one of the public internet. An IPv4 address in an IPv6 one is judged as what it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or address.ipv4_mapped is not None:
        return False
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & _IPV4_BITS))
    return address in _PUBLIC_6 and not any(address in network for network in _NOT_PUBLIC_6)


def is_loopback(host: str) -> bool:
    """Whether a connection to ``host`` as written reaches this machine."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = address_of(host)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def address_of(host: str) -> Address | None:
    """The address that ``host`` is, as written; None for a name. What resolvers also take as one is 127.0.0.1.

    They read 127.1, 0x7f000001, 017700000001 and 2130706433 as addresses; no provider is named so.
    """
    name = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        last = name.rpartition(".")[2]
        return ipaddress.IPv4Address("127.0.0.1") if last.isdigit() or last.startswith("0x") else None

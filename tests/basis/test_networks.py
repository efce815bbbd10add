"""Which addresses lie in which networks, whatever form they are written in."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import HOME, NOWHERE, Networks, address_of

INSIDE = {
    "10.0.0.0/8": ("10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3", "::ffff:a01:203", " 10.4.4.4 "),
    "192.168.1.0/24": ("192.168.1.0", "192.168.1.255", "::ffff:192.168.1.7"),
    "203.0.113.7": ("203.0.113.7", "::ffff:203.0.113.7"),
    "2001:db8::/32": ("2001:db8::", "2001:db8:ffff::1", "2001:0DB8:0:0:0:0:0:1"),
    "::1": ("::1", "0:0:0:0:0:0:0:1"),
    "::ffff:10.0.0.0/104": ("10.9.9.9", "::ffff:10.9.9.9"),
    "fe80::/10": ("fe80::1", "fe80::1%eth0", "febf::1"),
    "0.0.0.0/0": ("1.1.1.1", "::ffff:1.1.1.1"),
    "::/0": ("::2", "2001:db8::1"),
}
OUTSIDE = {
    "10.0.0.0/8": ("9.255.255.255", "11.0.0.0", "::ffff:11.0.0.0", "::10.0.0.1", "::a00:1", "2002:a00:1::"),
    "192.168.1.0/24": ("192.168.0.255", "192.168.2.0", "::192.168.1.1"),
    "203.0.113.7": ("203.0.113.6", "203.0.113.8"),
    "2001:db8::/32": ("2001:db7:ffff::", "2001:db9::", "32.1.13.184"),
    "::1": ("::2", "0.0.0.1", "127.0.0.1"),
    "0.0.0.0/0": ("::1", "2001:db8::1"),
    "::/0": ("1.1.1.1", "::ffff:1.1.1.1"),
}
NO_ADDRESSES = (
    "",
    " ",
    "10.0.0",
    "10.0.0.256",
    "010.0.0.1",
    "0x0a000001",
    "167772161",
    "10.0.0.1:80",
    "[::1]",
    "::g",
    "localhost",
    "unix:",
    "1" * 65,
)
NO_NETWORKS = (
    "",
    "10.0.0.7/8",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10/8",
    "2001:db8::1/32",
    "::/129",
    "fe80::1%eth0",
    "*",
    "10.0.0.0-10.0.0.9",
    "lan",
    "9" * 65,
)


@pytest.mark.parametrize(("network", "address"), [(net, one) for net, all_ in INSIDE.items() for one in all_])
def test_an_address_inside_is_inside_in_every_form(network, address):
    assert Networks.read([network]).hold(address_of(address))


@pytest.mark.parametrize(("network", "address"), [(net, one) for net, all_ in OUTSIDE.items() for one in all_])
def test_an_address_outside_is_outside_in_every_form(network, address):
    assert not Networks.read([network]).hold(address_of(address))


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_address_lies_nowhere(text):
    assert address_of(text) is None
    assert not Networks.read(["0.0.0.0/0", "::/0"]).hold(address_of(text))


@pytest.mark.parametrize("text", NO_NETWORKS)
def test_what_is_no_network_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Networks.read([text])


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "::1", "10.1.1.1", "172.31.255.255", "fd00::1", "fe80::9"]
)
def test_what_the_public_network_does_not_route_is_home(address):
    assert HOME.hold(address_of(address))


@pytest.mark.parametrize(
    "address", ["126.255.255.255", "172.32.0.0", "192.169.0.0", "8.8.8.8", "100.64.0.1", "fec0::1"]
)
def test_what_is_routed_or_shared_by_a_carrier_is_not(address):
    assert not HOME.hold(address_of(address))


def test_a_list_is_shown_as_it_was_meant_and_each_network_once():
    read = Networks.read([" 10.0.0.0/8", "203.0.113.7/32", "10.0.0.0/8", "::ffff:192.168.0.0/112"])
    assert read.texts() == ["10.0.0.0/8", "203.0.113.7", "192.168.0.0/16"]
    assert Networks.read(read.texts()) == read
    assert not NOWHERE
    assert read


@given(st.ip_addresses(), st.integers(0, 128))
def test_membership_is_that_of_the_first_bits(address, prefix):
    bits = address.max_prefixlen
    prefix = min(prefix, bits)
    network = ipaddress.ip_network((address, prefix), strict=False)
    inside = address_of(str(address))
    # What is mapped is IPv4: such an address lies in networks of IPv4 only.
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None and prefix < 96:
        assert not Networks.read([str(network)]).hold(inside)
    else:
        assert Networks.read([str(network)]).hold(inside)

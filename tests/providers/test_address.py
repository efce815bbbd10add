"""Which addresses are called: held where one is typed and again where the connection is made, under whatever name."""

from __future__ import annotations

import ipaddress

import pytest

from counterfoil.basis import Refused
from counterfoil.providers import NotSent, Transport, is_public
from counterfoil.providers.transport import check_address
from counterfoil.testing.listening import listening

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104 - nobody listens there
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.254",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.0.0.53",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.7",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.9",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.1",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.255.255",
    "192.169.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2400:3200::1",
    "2606:4700::1111",
    "64:ff9b::808:808",
]
AS_WRITTEN = [
    "https://127.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://017700000001",
    "https://0x7f.1",
    "https://[::ffff:7f00:1]",
    "https://localhost.",
    "https://a.localhost",
    "https://[fe80::1%25eth0]",
]


def test_there_are_at_least_sixty_addresses_nobody_is_sent_to():
    assert len(set(NOT_PUBLIC) | set(AS_WRITTEN)) >= 60


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused_where_it_is_typed(text):
    assert not is_public(ipaddress.ip_address(text))
    host = f"[{text}]" if ":" in text else text
    with pytest.raises(Refused, match="CF-4205"):
        check_address(f"https://{host}/api", "live")


@pytest.mark.parametrize("url", AS_WRITTEN)
def test_what_a_resolver_would_read_as_an_address_is_refused_too(url):
    with pytest.raises(Refused, match="CF-4205"):
        check_address(url, "live")


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_called(text):
    assert is_public(ipaddress.ip_address(text))
    check_address(f"https://{f'[{text}]' if ':' in text else text}/api", "live")


class Resolver:
    """Says of a name what it is told to, the next thing each time, and counts."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    async def __call__(self, _host, _port):
        self.asked += 1
        said = self.answers[min(self.asked, len(self.answers)) - 1]
        return [ipaddress.ip_address(each) for each in said]


async def post(url, resolve, *, loopback=False):
    transport = Transport(
        commit_open=lambda: False,
        connect_seconds=0.3,
        read_seconds=2,
        total_seconds=3,
        loopback=loopback,
        resolve=resolve,
    )
    try:
        return await transport.post(url, {}, b"{}")
    finally:
        await transport.close()


@pytest.mark.parametrize("text", NOT_PUBLIC)
async def test_a_name_that_resolves_to_an_address_that_is_not_public_is_not_called(text):
    for answer in ([text], ["8.8.8.8", text], [text, "8.8.8.8"]):
        for loopback in (False, True):
            with pytest.raises(NotSent, match="not a public address"):
                await post("https://pay.example.com/", Resolver(answer), loopback=loopback)


class Listening:
    """A server on loopback that counts who came."""

    def __init__(self):
        self.came = 0

    async def __aenter__(self):
        self._listening = listening(self._met)
        self.port = await self._listening.__aenter__()
        return self

    async def __aexit__(self, *said):
        await self._listening.__aexit__(*said)

    async def _met(self, reader, writer):
        self.came += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()


async def test_a_name_is_resolved_once_and_one_that_is_bound_anew_is_not_followed():
    rebinding = Resolver(["127.0.0.1"], ["10.0.0.1"])
    async with Listening() as inside:
        url = f"http://localhost:{inside.port}/"
        assert (await post(url, rebinding, loopback=True)).body == b"ok"
        assert rebinding.asked == 1
        with pytest.raises(NotSent, match="not a public address"):
            await post(url, rebinding, loopback=True)
        assert (rebinding.asked, inside.came) == (2, 1)


async def test_this_machine_is_called_only_where_it_may_be_and_is_written_as_such():
    async with Listening() as inside:
        for host in ("127.0.0.1", "localhost"):
            url = f"http://{host}:{inside.port}/"
            with pytest.raises(NotSent, match="not a public address"):
                await post(url, Resolver(["127.0.0.1"]))
            assert (await post(url, Resolver(["127.0.0.1"]), loopback=True)).body == b"ok"
        assert inside.came == 2
        with pytest.raises(NotSent, match="not a public address"):
            await post(f"http://localhost:{inside.port}/", Resolver(["10.0.0.1"]), loopback=True)


async def test_the_next_address_of_a_name_is_tried_where_the_first_does_not_answer():
    async with Listening() as inside:
        url = f"http://localhost:{inside.port}/"
        assert (await post(url, Resolver(["127.0.0.9", "127.0.0.1"]), loopback=True)).status == 200


async def test_a_name_that_nobody_knows_was_never_called():
    async def nobody(_host, _port):
        raise OSError("no such name")

    with pytest.raises(NotSent):
        await post("https://pay.example.com/", nobody)

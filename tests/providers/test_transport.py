"""The way out: what never left is NotSent, everything else without a whole answer is NoAnswer."""

import asyncio
import contextlib
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from counterfoil.basis import Broken, Refused
from counterfoil.providers import NoAnswer, NotSent, Transport
from counterfoil.providers.transport import check_address
from counterfoil.testing.listening import listening
from tests.providers.stage import no_commit


@contextlib.asynccontextmanager
async def server(talk):
    async def met(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await talk(writer)

    async with listening(met) as port:
        yield f"http://127.0.0.1:{port}/x"


def says(raw):
    async def talk(writer):
        writer.write(raw)
        await writer.drain()

    return talk


async def test_answer_is_given_raw_with_lower_case_headers(transport):
    raw = b"HTTP/1.1 404 No\r\nX-One: a\r\nx-one: b\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\x00\xffz"
    async with server(says(raw)) as url:
        answer = await transport.post(url, {}, b"{}")
    assert (answer.status, answer.headers["x-one"], answer.body) == (404, "a, b", b"\x00\xffz")


async def test_refused_connection_is_not_sent(transport):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent):
        await transport.post(f"http://127.0.0.1:{port}/", {}, b"{}")


async def test_tls_with_what_speaks_none_is_not_sent(transport):
    async with server(says(b"")) as url:
        with pytest.raises(NotSent):
            await transport.post(url.replace("http:", "https:"), {}, b"{}")
        await _knock(url)


async def test_a_certificate_nobody_vouches_for_is_not_sent(transport, keys):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys.platform_cert, keys.platform_key)
    heard = []

    async def accept(reader, writer):
        heard.append(await reader.read())

    async with listening(accept, tls=context) as port:
        with pytest.raises(NotSent):
            await transport.post(f"https://127.0.0.1:{port}/", {}, b"{}")
    assert heard == []


async def _knock(url):
    """Let the server of this test see one request, which it waits for."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    await reader.read()
    writer.close()


async def test_unknown_name_is_not_sent(transport):
    with pytest.raises(NotSent):
        await transport.post("http://no-such-host.invalid/", {}, b"{}")


async def test_half_open_connection_is_no_answer(transport):
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoAnswer):
        await transport.post(f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, b"{}")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n",
    ],
)
async def test_broken_answer_is_no_answer(transport, raw):
    async with server(says(raw)) as url:
        with pytest.raises(NoAnswer):
            await transport.post(url, {}, b"{}")


async def test_answer_larger_than_allowed_is_no_answer():
    transport = Transport(commit_open=no_commit, answer_bytes_max=1000, loopback=True)
    async with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + b"x" * 1001)) as url:
        with pytest.raises(NoAnswer, match="larger"):
            await transport.post(url, {}, b"{}")
    await transport.close()


async def test_answer_that_drips_for_ever_meets_the_total_deadline():
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    transport = Transport(commit_open=no_commit, read_seconds=60, total_seconds=0.4, loopback=True)
    async with server(drip) as url:
        with pytest.raises(NoAnswer):
            await transport.post(url, {}, b"{}")
    await transport.close()


async def test_redirect_is_an_answer_and_is_not_followed(transport):
    raw = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with server(says(raw)) as url:
        assert (await transport.post(url, {}, b"{}")).status == 302


async def test_proxy_of_the_environment_is_not_used(transport, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with server(says(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")) as url:
        assert (await transport.post(url, {}, b"{}")).status == 200


async def test_call_while_a_commit_is_open_is_our_own_mistake():
    transport = Transport(commit_open=lambda: True, loopback=True)
    with pytest.raises(Broken):
        await transport.post("http://127.0.0.1:1/", {}, b"{}")
    await transport.close()


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        ("https://s2.lakala.com", "live"),
        ("https://test.wsmsd.cn/sit", "sandbox"),
        ("http://127.0.0.1:8080", "sandbox"),
        ("http://[::1]:8080/sit", "sandbox"),
        ("http://localhost:1", "sandbox"),
    ],
)
def test_address_that_may_be_used(url, environment):
    check_address(url, environment)


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        ("http://s2.lakala.com", "live"),
        ("http://test.wsmsd.cn", "sandbox"),
        ("https://127.0.0.1", "live"),
        ("https://localhost", "live"),
        ("https://pay.localhost.", "live"),
        ("https://[::1]", "live"),
        ("https://[::ffff:127.0.0.1]", "live"),
        ("https://0.0.0.0", "live"),
        ("https://127.1", "live"),
        ("https://2130706433", "live"),
        ("https://0x7f000001", "live"),
        ("ftp://s2.lakala.com", "live"),
        ("https://s2.lakala.com@127.0.0.1", "live"),
        ("https://s2.lakala.com?x=1", "live"),
        ("s2.lakala.com", "live"),
        ("", "sandbox"),
    ],
)
def test_address_that_may_not_be_used(url, environment):
    with pytest.raises(Refused) as refused:
        check_address(url, environment)
    assert refused.value.kind.code == "CF-4205"


async def test_an_answer_is_waited_for_longer_where_its_path_says_so_and_only_there():
    async def slowly(writer):
        await asyncio.sleep(0.5)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    transport = Transport(commit_open=no_commit, read_seconds=0.1, total_seconds=0.3, loopback=True)
    async with server(slowly) as url:
        assert (await transport.post(url, {}, b"{}", read_seconds=30)).status == 200
        with pytest.raises(NoAnswer):
            await transport.post(url, {}, b"{}")
    await transport.close()


async def test_an_answer_that_drips_for_ever_meets_a_deadline_where_it_is_waited_for_longer_too():
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    transport = Transport(
        commit_open=no_commit, connect_seconds=0.2, read_seconds=0.1, total_seconds=0.3, loopback=True
    )
    async with server(drip) as url:
        with pytest.raises(NoAnswer):
            await transport.post(url, {}, b"{}", read_seconds=0.4)
    await transport.close()

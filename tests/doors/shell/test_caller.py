"""Who a caller is: the peer, or what our own proxies say; never what anybody writes."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from counterfoil.basis import Networks
from counterfoil.doors.shell import caller_of
from counterfoil.doors.shell.caller import Caller

PROXY, SECOND, PERSON = "10.0.0.2", "10.0.0.3", "203.0.113.7"
OURS = ["10.0.0.2", "10.0.0.3"]


async def asked(peer, headers, proxies=()):
    """What the server takes the caller for."""

    async def say(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(caller_of(request)))

    web = Caller(Starlette(routes=[Route("/", say)]), proxies=Networks.read(proxies))
    transport = httpx.ASGITransport(web, client=(peer, 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://pos.example") as client:
        return (await client.get("/", headers=headers)).text


TABLE = [
    # peer, what it says, proxies, who it is
    (PERSON, {}, OURS, PERSON),
    (f"::ffff:{PERSON}", {}, OURS, PERSON),
    (PROXY, {"X-Forwarded-For": PERSON}, OURS, PERSON),
    (f"::ffff:{PROXY}", {"X-Forwarded-For": PERSON}, OURS, PERSON),
    # What the caller wrote before our proxy stands on the left and is worth nothing.
    (PROXY, {"X-Forwarded-For": f"127.0.0.1, {PERSON}"}, OURS, PERSON),
    (PROXY, {"X-Forwarded-For": f"{PROXY}, 127.0.0.1, {PERSON}"}, OURS, PERSON),
    (PROXY, {"X-Forwarded-For": f"127.0.0.1, {PERSON}, {SECOND}"}, OURS, PERSON),
    (PROXY, {"X-Forwarded-For": f"{PERSON}, {SECOND}"}, [PROXY], SECOND),
    # Nobody told us of this proxy.
    (PROXY, {"X-Forwarded-For": "127.0.0.1"}, (), "None"),
    ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, (), "None"),
    ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, (), "None"),
    ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, (), "None"),
    (PERSON, {"X-Forwarded-For": "127.0.0.1"}, OURS, "None"),
    # Our proxy says nothing, nonsense, or only itself.
    (PROXY, {}, OURS, "None"),
    (PROXY, {"X-Forwarded-For": ""}, OURS, "None"),
    (PROXY, {"X-Forwarded-For": "unknown"}, OURS, "None"),
    (PROXY, {"X-Forwarded-For": f"{PERSON}, unknown"}, OURS, "None"),
    (PROXY, {"X-Forwarded-For": f"{PERSON}:443"}, OURS, "None"),
    (PROXY, {"X-Forwarded-For": f"{PROXY}, {SECOND}"}, OURS, "None"),
    # Only the one header that our proxies set.
    (PROXY, {"X-Real-IP": "127.0.0.1"}, OURS, "None"),
    (PROXY, {"X-Real-IP": "127.0.0.1", "X-Forwarded-For": PERSON}, OURS, PERSON),
    ("testclient", {}, (), "None"),
]


@pytest.mark.parametrize(("peer", "headers", "proxies", "who"), TABLE)
async def test_the_caller_is_the_peer_or_what_our_own_proxies_say(peer, headers, proxies, who):
    assert await asked(peer, headers, proxies) == who


async def test_of_several_lines_the_last_hop_counts():
    lines = [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", PERSON)]
    assert await asked(PROXY, lines, OURS) == PERSON


async def test_a_long_list_is_read_from_its_end_and_not_whole():
    assert await asked(PROXY, {"X-Forwarded-For": f"127.0.0.1, {', '.join([SECOND] * 200)}"}, OURS) == "None"
    assert await asked(PROXY, {"X-Forwarded-For": f"{', '.join(['127.0.0.1'] * 200)}, {PERSON}"}, OURS) == PERSON

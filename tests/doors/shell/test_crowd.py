"""Who comes when there are more than are served at once is refused plainly, and served once there is room."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from counterfoil.basis import Ids, SystemClock, SystemEntropy
from counterfoil.doors.log import make_log
from counterfoil.doors.shell import BoundedProtocol, Surroundings, assemble
from counterfoil.doors.web import serving


class Narrow(BoundedProtocol):
    at_once_max = 2


@asynccontextmanager
async def narrow() -> AsyncIterator[tuple[str, int]]:
    """A server that serves two at once; where it is."""
    clock = SystemClock()
    routes = [Route(path, lambda _: PlainTextResponse("here")) for path in ("/", "/api/v1/here")]
    log = make_log(io.StringIO(), clock)
    config = serving(assemble(routes, Surroundings(clock=clock, ids=Ids(clock, SystemEntropy()), log=log)), "", 0)
    config.http = Narrow
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()
    finally:
        server.should_exit = True
        await task
        listening.close()


async def held(place: tuple[str, int]) -> asyncio.StreamWriter:
    """A connection that was answered once and stays."""
    reader, writer = await asyncio.open_connection(*place)
    writer.write(b"GET / HTTP/1.1\r\nHost: till\r\n\r\n")
    await reader.readuntil(b"here")
    return writer


async def asked(place: tuple[str, int], path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{place[1]}", trust_env=False) as client:
        return await client.get(path)


@pytest.mark.parametrize("path", ["/", "/api/v1/here"])
async def test_who_is_one_too_many_is_told_when_to_come_again_and_served_once_there_is_room(path):
    async with narrow() as place:
        first, second = await held(place), await held(place)
        refused = await asked(place, path)
        first.close()
        await first.wait_closed()
        assert (await asked(place, path)).text == "here"
        second.close()
    assert refused.status_code == 503
    assert (refused.headers["retry-after"], refused.headers["connection"]) == ("10", "close")
    assert "CF-1042" in refused.text
    assert refused.headers["cache-control"] == "no-store"


async def test_a_program_is_told_about_the_money_too():
    async with narrow() as place:
        writers = [await held(place), await held(place)]
        told = (await asked(place, "/api/v1/here")).json()
        for writer in writers:
            writer.close()
    assert (told["code"], told["money"]) == ("CF-1042", "No money has moved")

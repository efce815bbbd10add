"""Who comes when there are more than are served at once is refused plainly, and served once there is room."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from counterfoil.basis import Ids, SystemClock, SystemEntropy
from counterfoil.doors.log import make_log
from counterfoil.doors.shell import BoundedProtocol, Surroundings, assemble
from counterfoil.doors.web import serving


class Narrow(BoundedProtocol):
    at_once_max = 2


@dataclass(frozen=True)
class Server:
    """A server that serves two at once: where it is, and what ends the requests to ``/slow``."""

    place: tuple[str, int]
    served: asyncio.Semaphore
    go_on: asyncio.Event

    async def asked(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.place[1]}", trust_env=False) as client:
            return await client.get(path)

    async def full(self) -> list[asyncio.Task[httpx.Response]]:
        """As many requests as it serves, under way."""
        tasks = [asyncio.create_task(self.asked("/slow")) for _ in range(2)]
        for _ in tasks:
            await self.served.acquire()
        return tasks


@asynccontextmanager
async def narrow() -> AsyncIterator[Server]:
    served, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def slow(_request: Request) -> Response:
        served.release()
        await go_on.wait()
        return PlainTextResponse("at last")

    clock = SystemClock()
    routes = [Route(path, lambda _: PlainTextResponse("here")) for path in ("/", "/api/v1/here")]
    routes.append(Route("/slow", slow))
    log = make_log(io.StringIO(), clock)
    config = serving(assemble(routes, Surroundings(clock=clock, ids=Ids(clock, SystemEntropy()), log=log)), "", 0)
    config.http = Narrow
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Server(listening.getsockname(), served, go_on)
    finally:
        server.should_exit = True
        await task
        listening.close()


@pytest.mark.parametrize("path", ["/", "/api/v1/here"])
async def test_who_is_one_too_many_is_told_when_to_come_again_and_served_once_there_is_room(path):
    async with narrow() as server:
        under_way = await server.full()
        refused = await server.asked(path)
        server.go_on.set()
        assert [(await one).text for one in under_way] == ["at last", "at last"]
        assert (await server.asked(path)).text == "here"
    assert refused.status_code == 503
    assert (refused.headers["retry-after"], refused.headers["connection"]) == ("10", "close")
    assert "CF-1042" in refused.text
    assert refused.headers["cache-control"] == "no-store"


async def test_a_program_is_told_about_the_money_too():
    async with narrow() as server:
        under_way = await server.full()
        told = (await server.asked("/api/v1/here")).json()
        server.go_on.set()
        await asyncio.gather(*under_way)
    assert (told["code"], told["money"]) == ("CF-1042", "No money has moved")


async def test_who_is_connected_and_asks_nothing_keeps_nobody_out():
    async with narrow() as server:
        idle = [await asyncio.open_connection(*server.place) for _ in range(5)]
        answer = await server.asked("/")
        for _, writer in idle:
            writer.close()
    assert answer.text == "here"
    assert answer.headers["connection"] == "close"

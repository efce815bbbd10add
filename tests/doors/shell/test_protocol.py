"""A connection that sends no whole head is not kept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from counterfoil.doors.shell import BoundedProtocol
from counterfoil.doors.web import serving


class Hasty(BoundedProtocol):
    head_seconds = 0.2


class Patient(BoundedProtocol):
    head_seconds = 2.0


class Short(BoundedProtocol):
    head_bytes = 1000


@asynccontextmanager
async def connected(
    protocol: type[BoundedProtocol],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    web = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    config = serving(web, "127.0.0.1", 0)
    config.http = protocol
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.should_exit = True
        await task
        listening.close()


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: till\r\nX-A: slow"])
async def test_a_head_that_does_not_come_is_not_waited_for(sent: bytes):
    async with connected(Hasty) as (reader, writer):
        writer.write(sent)
        assert await asyncio.wait_for(reader.read(), 60) == b""


async def test_a_head_of_too_many_bytes_is_not_read_on():
    async with connected(Short) as (reader, writer):
        for _ in range(4):
            writer.write(b"GET / HTTP/1.1\r\nHost: till\r\nX-A: " + b"a" * 400)
            await writer.drain()
        assert await asyncio.wait_for(reader.read(), 60) == b""


async def test_a_whole_head_is_answered_and_the_connection_kept():
    async with connected(Patient) as (reader, writer):
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: till\r\n\r\n")
            assert (await asyncio.wait_for(reader.readuntil(b"here"), 60)).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(2.1)


async def test_what_is_no_http_is_told_so_under_the_same_headers():
    async with connected(BoundedProtocol) as (reader, writer):
        writer.write(b"NONSENSE / HTTP/1.1\r\nHost: till\r\n\r\n")
        answer = (await asyncio.wait_for(reader.read(), 60)).decode().lower()
    assert answer.startswith("http/1.1 400 ")
    for name in ("content-security-policy", "x-content-type-options", "cache-control: no-store"):
        assert name in answer

"""A sandbox's HTTP side: an ASGI application served on loopback, TLS before it, and an answer that is cut off."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST: Final = "127.0.0.1"
_IDLE_SECONDS: Final = 30
_PIECE: Final = 1 << 16


class Cut(Response):
    """An answer that ends before its body: the server then drops the connection."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Promise two bytes, and send none."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling, and with a word when it is ready: whoever runs it decides the rest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        """Leave signals alone."""
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, *, port: int = 0, case_kept: bool = False) -> AsyncIterator[str]:
    """Serve ``app`` on 127.0.0.1 while the block runs; gives the base URL. Port 0 takes a free one.

    ``case_kept``: header names go out as the application wrote them. The faster parser would write them small.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    listening = socket.create_server((_HOST, port))
    server = _Server(
        uvicorn.Config(
            app,
            http="h11" if case_kept else "httptools",
            log_config=None,
            access_log=False,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=1,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await server.ready.wait()
        yield f"http://{_HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()


@contextlib.asynccontextmanager
async def tls_front(url: str, certificate: Path, key: Path, *, port: int = 0) -> AsyncIterator[str]:
    """Answer over TLS on 127.0.0.1 while the block runs, every byte passed on to ``url``; gives the address.

    For clients that speak nothing else.
    """
    behind = urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    talks: set[asyncio.Task[None]] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection(behind.hostname, behind.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, inner_writer), _copy(inner_reader, writer))

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(pass_on(reader, writer))
        talks.add(talk)
        talk.add_done_callback(talks.discard)

    async with await asyncio.start_server(met, _HOST, port, ssl=context) as server:
        yield f"https://{_HOST}:{server.sockets[0].getsockname()[1]}"
    for talk in talks:
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either side ends. A torn connection is an ended one."""
    try:
        with contextlib.suppress(OSError):
            while data := await reader.read(_PIECE):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()

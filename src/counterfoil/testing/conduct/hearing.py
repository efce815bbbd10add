"""Where a provider's notices arrive while its folder is tried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.providers import NoticeReply, serving


class Hearing:
    """Keeps what arrives, and answers ``reply``."""

    def __init__(self) -> None:
        """Nothing has arrived."""
        self.url = ""
        self.reply = NoticeReply(b"")
        self.heard: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def met(self, request: Request) -> Response:
        """One notice."""
        self.heard.put_nowait((dict(request.headers), await request.body()))
        return Response(self.reply.body, status_code=self.reply.status, media_type=self.reply.media_type)


@asynccontextmanager
async def hearing() -> AsyncIterator[Hearing]:
    """Listen on loopback while the block runs."""
    made = Hearing()
    async with serving(Starlette(routes=[Route("/notices", made.met, methods=["POST"])])) as url:
        made.url = f"{url}/notices"
        yield made

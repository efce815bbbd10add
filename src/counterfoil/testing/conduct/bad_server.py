"""A server that is no provider: whatever is asked, it says the same bytes and hangs up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from counterfoil.testing.listening import listening

_HTML: Final = b"<!doctype html><title>Bad Gateway</title><h1>Bad Gateway</h1>"
_LARGE: Final = b'{"code":"' + b"0" * (1 << 20) + b'"}'


def _answer(status: bytes, body: bytes, *headers: bytes) -> bytes:
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join((b"HTTP/1.1 " + status, length, b"Connection: close", *headers, b"", body))


# What it says, by what is wrong with it.
BAD_ANSWERS: Final = {
    "a redirect": _answer(b"302 Found", b"", b"Location: https://example.com/"),
    "404": _answer(b"404 Not Found", _HTML),
    "502": _answer(b"502 Bad Gateway", _HTML),
    "HTML instead of JSON": _answer(b"200 OK", _HTML, b"Content-Type: text/html"),
    "an answer over 1 MB": _answer(b"200 OK", _LARGE, b"Content-Type: application/json"),
    "an answer cut off": _answer(b"200 OK", b'{"code":"0000000000"}')[:-9],
    "nothing": b"",
    "no HTTP": b"\x15\x03\x01\x00\x02\x02\x50",
}


@contextlib.asynccontextmanager
async def bad_server(says: bytes) -> AsyncIterator[str]:
    """Listen on loopback while the block runs; gives the base URL."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(says)
        await writer.drain()

    async with listening(talk) as port:
        yield f"http://127.0.0.1:{port}"

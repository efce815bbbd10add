"""A sandbox, spoken to in memory: one request in, one answer out, as ASGI carries them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.providers import Answer

_ASGI: Final = {"version": "3.0"}


async def spoken(app: Any, path: str, headers: Mapping[str, str], body: bytes) -> Answer | None:
    """What an ASGI application answers to a POST; None where it breaks the connection off."""
    said = _Said()
    await app(_scope(path, headers), _giving(body), said.hear)
    return said.whole()


class _Said:
    """An answer as ASGI gives it, in pieces."""

    def __init__(self) -> None:
        self._start: Mapping[str, Any] = {}
        self._body = bytearray()
        self._ended = False

    async def hear(self, message: Any) -> None:
        """Take one piece."""
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")
            self._ended = not message.get("more_body", False)

    def whole(self) -> Answer | None:
        """The answer; None where its end never came."""
        if not self._ended:
            return None
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._start["headers"]}
        return Answer(self._start["status"], headers, bytes(self._body))


def _scope(path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = [(b"host", b"127.0.0.1")]
    sent += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": _ASGI,
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": sent,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }


def _giving(body: bytes) -> Any:
    given = False

    async def receive() -> dict[str, Any]:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

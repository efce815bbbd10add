"""Read once at start, held in memory: a few files of some ten kilobytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

_FOLDER: Final = Path(__file__).parent
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
_YEAR: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str


def address(name: str) -> str:
    """Where the file ``name`` (``app.css``, ``vendor/htmx.min.js``) is served. Raises KeyError for an unknown one."""
    return f"/static/{_addresses()[name]}"


def routes() -> list[BaseRoute]:
    """The one route of the static files."""
    return [Route("/static/{name:path}", _serve, methods=["GET"])]


async def _serve(request: Request) -> Response:
    file = _files().get(request.path_params["name"])
    if file is None:
        raise HTTPException(404)
    return Response(file.body, media_type=file.media_type, headers={"cache-control": _YEAR})


@cache
def _read() -> tuple[tuple[str, str, _File], ...]:
    found = []
    for path in sorted(_FOLDER.rglob("*")):
        if path.suffix in _TYPES:
            body = path.read_bytes()
            name = path.relative_to(_FOLDER).as_posix()
            stem, suffix = name.rsplit(".", 1)
            digest = hashlib.sha256(body).hexdigest()[:12]
            found.append((name, f"{stem}.{digest}.{suffix}", _File(body, _TYPES[path.suffix])))
    return tuple(found)


@cache
def _addresses() -> dict[str, str]:
    return {name: served for name, served, _ in _read()}


@cache
def _files() -> dict[str, _File]:
    return {served: file for _, served, file in _read()}

"""The static files under ``doors/static``, each known by its digest.

A page links ``asset_url("till.css")``; the address holds the first digits of the file's SHA-256, so a browser may keep
it for a year and still never shows an old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from counterfoil.basis import insist

_MEDIA: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
    "webmanifest": "application/manifest+json",
}
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the first digits of its SHA-256, and its media type."""

    content: bytes
    digest: str
    media: str


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """All static files by their path below ``doors/static``; read once, they come with the program."""
    return dict(_found(files("counterfoil.doors") / "static", ""))


def asset_url(name: str) -> str:
    """The address of a static file. A name that is not there is a mistake of ours."""
    insist(name in assets(), f"no static file {name}")
    return f"/static/{assets()[name].digest}/{name}"


def _found(folder: Traversable, prefix: str) -> Iterator[tuple[str, Asset]]:
    for entry in folder.iterdir():
        media = _MEDIA.get(entry.name.rpartition(".")[2])
        if entry.is_dir():
            yield from _found(entry, f"{prefix}{entry.name}/")
        elif media is not None:
            content = entry.read_bytes()
            yield prefix + entry.name, Asset(content, hashlib.sha256(content).hexdigest()[:_DIGITS], media)

"""The reference: ``/api/v1/openapi.json`` for programs, ``/api/docs`` for people, both from the same document."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from counterfoil.basis import Language
from counterfoil.doors.api.endpoint import meaning
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.doors.api.openapi import description, document, kinds_of
from counterfoil.doors.faults import FAULTS
from counterfoil.doors.language import language_of
from counterfoil.doors.public import asset_url
from counterfoil.doors.said import ZH

_REVALIDATED: Final = {"Cache-Control": "no-cache"}


def reference_routes() -> list[BaseRoute]:
    """Both addresses, and the one people guess."""
    return [
        Route(f"{BASE}/openapi.json", _document, methods=["GET"]),
        Route("/api/docs", _page, methods=["GET"]),
        Route("/api", _guess, methods=["GET"]),
    ]


async def _document(_request: Request) -> Response:
    return Response(document(), headers=_REVALIDATED, media_type="application/json")


async def _page(request: Request) -> Response:
    language = language_of(request, "zh-CN")
    headers = {**_REVALIDATED, "Content-Language": language, "Vary": "Accept-Language"}
    return HTMLResponse(_rendered(language), headers=headers)


async def _guess(_request: Request) -> Response:
    return RedirectResponse("/api/docs", 307)


@lru_cache(maxsize=2)
def _rendered(language: Language) -> str:
    environment = Environment(
        loader=PackageLoader("counterfoil.doors.api", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    zh = language == "zh-CN"

    def tell(schema: dict[str, Any]) -> str:
        return str(schema.get(ZH if zh else "description", ""))

    return environment.get_template("reference.html").render(
        document=description(),
        endpoints=ENDPOINTS,
        base=BASE,
        language=language,
        zh=zh,
        tell=tell,
        kind_of=_kind_of,
        meaning=meaning,
        kinds_of=kinds_of,
        faults=[kind().tell(language) if not _filled(kind) else _plain(kind, language) for kind in FAULTS],
        asset_url=asset_url,
    )


def _kind_of(schema: dict[str, Any]) -> str:
    """A field's type in a few characters: ``string``, ``integer 1…200``, ``Leg[]``, ``sent | captured``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_kind_of(kind) for kind in schema["anyOf"])
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"{_kind_of(schema['items'])}[]"
    bounds = [str(schema[name]) for name in ("minimum", "maximum") if name in schema]
    return " ".join(filter(None, (str(schema.get("format") or schema.get("type", "")), "…".join(bounds))))

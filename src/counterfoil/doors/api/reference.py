"""The reference: ``/api/v1/openapi.json`` for programs, ``/api/docs`` for people, both from the same document."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from counterfoil import payments, people, records
from counterfoil.basis import FaultKind, Language
from counterfoil.doors import static
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.doors.api.fields import WHOLE_MAX
from counterfoil.doors.api.limits import begin, limits
from counterfoil.doors.api.openapi import description, document
from counterfoil.doors.faults import FAULTS
from counterfoil.doors.language import language_of
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
    zh = language == "zh-CN"
    environment = Environment(
        loader=PackageLoader("counterfoil.doors.api", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("reference.html").render(
        document=description(),
        endpoints=ENDPOINTS,
        base=BASE,
        language=language,
        zh=zh,
        tell=lambda schema: schema.get(ZH if zh else "description", ""),
        kind_of=_kind_of,
        begin=begin(language),
        limits=limits(language),
        faults=_faults(),
        address=static.address,
    )


def _faults() -> list[FaultKind]:
    """What an API caller may be told, by code."""
    kinds = (*FAULTS, *people.FAULTS, *payments.FAULTS, *records.FAULTS)
    return sorted(kinds, key=lambda kind: kind.code)


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
    least, most = schema.get("minimum"), schema.get("maximum", WHOLE_MAX)
    bounds = "" if least is None else f"≥ {least}" if most == WHOLE_MAX else f"{least}…{most}"
    return " ".join(filter(None, (str(schema.get("format") or schema.get("type", "")), bounds)))

"""OpenAPI 3.1, made from the table of endpoints and the shapes' own schemas; there is no second description to drift.

Each description in English has its Chinese beside it under ``x-description-zh``; the reference page reads both here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from counterfoil import __version__
from counterfoil.basis import Both, FaultKind
from counterfoil.doors.api.endpoint import JSON_MEDIA, TEXT_MEDIA, Answer, Endpoint, meaning
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.doors.faults import (
    BAD_REQUEST,
    BODY_TOO_LARGE,
    BODY_TOO_SLOW,
    CANNOT_SERVE,
    KEY_TWICE,
    MISSING_FIELD,
    NO_KEY,
    NOT_JSON,
    NOT_WHOLE,
    SCOPE_MISSING,
    TOO_DEEP,
    TOO_OFTEN,
    TOO_SLOW,
    UNKNOWN_FIELD,
    WRONG_CHARSET,
    WRONG_MEDIA_TYPE,
    WRONG_TYPE,
    WRONG_VALUE,
)
from counterfoil.doors.said import ZH
from counterfoil.doors.shell import Error

EVERYWHERE: Final = (
    NO_KEY,
    SCOPE_MISSING,
    BAD_REQUEST,
    UNKNOWN_FIELD,
    NOT_WHOLE,
    WRONG_VALUE,
    TOO_OFTEN,
    TOO_SLOW,
    CANNOT_SERVE,
)
WITH_BODY: Final = (
    BODY_TOO_LARGE,
    NOT_JSON,
    KEY_TWICE,
    TOO_DEEP,
    WRONG_CHARSET,
    WRONG_MEDIA_TYPE,
    MISSING_FIELD,
    WRONG_TYPE,
    BODY_TOO_SLOW,
)
_REF: Final = "#/components/schemas/{name}"
_LANG: Final = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "Language of fault words; Accept-Language does the same; English where neither is given",
    ZH: "错误说明的语言；也可用 Accept-Language；都没有时为英文",
    "schema": {"type": "string", "enum": ["zh-CN", "en"], "default": "en"},
}


@lru_cache(maxsize=1)
def document() -> bytes:
    """The document as JSON; the same for the life of the process."""
    return msgspec.json.encode(description())


def description() -> dict[str, Any]:
    """The document."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(BASE + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key: cf_<merchant>_<secret>",
                }
            },
        },
    }


def kinds_of(endpoint: Endpoint) -> tuple[FaultKind, ...]:
    """The faults of the door that an endpoint may answer; its act has its own beside them."""
    return EVERYWHERE + (WITH_BODY if endpoint.body else ()) + endpoint.faults


def _info() -> dict[str, Any]:
    return {
        "title": "Counterfoil",
        "version": __version__,
        "summary": "Take payments, find them, give money back, prove what happened",
        "description": (
            "Amounts are whole minor units, times RFC 3339 in UTC, ids UUIDs made by the caller. A body is at most "
            "1 MB of UTF-8 JSON without doubled keys, at most 16 levels deep. Every fault has a stable code and says "
            "what happened, what it means for the money and what to do now."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.title.en,
        "x-summary-zh": endpoint.title.zh,
        "description": f"{endpoint.story.en} Scope: {' and '.join(endpoint.scopes)}.",
        ZH: endpoint.story.zh,
        "x-scope": endpoint.scope,
        "x-scopes": list(endpoint.scopes),
        "parameters": [*_ids(endpoint.ids), *_query(endpoint.query), _LANG],
        "responses": _responses(endpoint),
    }
    if endpoint.body is not None:
        made["requestBody"] = {"required": True, "content": {JSON_MEDIA: {"schema": _reference(endpoint.body)}}}
    return made


def _ids(ids: Mapping[str, Both]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": told.en,
            ZH: told.zh,
            "schema": {"type": "string", "format": "uuid"},
        }
        for name, told in ids.items()
    ]


def _query(shape: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """One parameter a field. A query has no null, so the alternative of a field left out goes."""
    properties = _own_schema(shape).get("properties", {})
    return [_parameter(name, schema) for name, schema in properties.items()]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in ("anyOf", "description", ZH)}
    if rest.get("default", 0) is None:
        del rest["default"]
    if "enum" in rest:
        rest["enum"] = [value for value in rest["enum"] if value is not None]
    made = {"name": name, "in": "query", "required": False, "schema": {**(kinds[0] if kinds else {}), **rest}}
    return made | {"description": schema.get("description", ""), ZH: schema.get(ZH, "")}


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    made = {str(status): _response(answer) for status, answer in endpoint.answers.items()}
    for status in sorted({kind.status for kind in kinds_of(endpoint)}):
        codes = ", ".join(sorted(kind.code for kind in kinds_of(endpoint) if kind.status == status))
        made[str(status)] = _fault(f"{meaning(status)}: {codes}")
    return made | {"default": _fault("Any other fault of the catalogue")}


def _response(answer: Answer) -> dict[str, Any]:
    return {"description": answer.means.en, ZH: answer.means.zh, "content": _content(answer)}


def _content(answer: Answer) -> dict[str, Any]:
    """The media types of an answer; OpenAPI 3.1 writes bytes as a media type without schema."""
    if answer.files:
        return {media.partition(";")[0]: {} for media in answer.files}
    if answer.shape is None:
        return {TEXT_MEDIA.partition(";")[0]: {"schema": {"type": "string"}}}
    return {JSON_MEDIA: {"schema": _reference(answer.shape)}}


def _fault(told: str) -> dict[str, Any]:
    return {"description": told, "content": {JSON_MEDIA: {"schema": _reference(Error)}}}


def _reference(shape: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REF.format(name=shape.__name__)}


def _own_schema(shape: type[msgspec.Struct]) -> dict[str, Any]:
    _, found = msgspec.json.schema_components([shape], ref_template=_REF)
    own: dict[str, Any] = found[shape.__name__]
    return own


def _schemas() -> dict[str, Any]:
    bodies = [endpoint.body for endpoint in ENDPOINTS if endpoint.body]
    answers = [answer.shape for endpoint in ENDPOINTS for answer in endpoint.answers.values() if answer.shape]
    shapes = list(dict.fromkeys([*bodies, *answers, Error]))
    _, found = msgspec.json.schema_components(shapes, ref_template=_REF)
    return found

"""Does an answer agree with the OpenAPI document: its status is declared, its content is what the schema says."""

from __future__ import annotations

import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from counterfoil.doors.api.openapi import description

DOCUMENT = description()
ERROR = {"$ref": "#/components/schemas/Error"}


def agree(response: httpx.Response) -> None:
    """Raise AssertionError where an answer under ``/api/v1`` is not as declared."""
    path = response.request.url.path
    if response.request.method == "HEAD" or not path.startswith("/api/v1/") or path == "/api/v1/openapi.json":
        return
    response.read()
    operation = _operation(response.request)
    if operation is None:
        assert response.status_code in {404, 405}
        _hold(response.json(), ERROR)
        return
    responses = operation["responses"]
    declared = responses.get(str(response.status_code), responses["default"])
    media = response.headers["content-type"].partition(";")[0]
    assert media in declared["content"], (response.request.url, response.status_code, media)
    if media == "application/json":
        _hold(response.json(), declared["content"][media]["schema"])


def _operation(request: httpx.Request) -> dict[str, Any] | None:
    for path, item in DOCUMENT["paths"].items():
        if re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/]+", path), request.url.path):
            return item.get(request.method.lower())
    return None


def _hold(content: Any, schema: dict[str, Any]) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    Draft202012Validator(whole).validate(content)

"""Asking at every door: the routes there are, an address filled with ids, and what an answer amounts to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.routing import Route

DOOR, REFUSED, ABSENT, IN = "to the sign-in", "refused", "absent", "in"
# Nobody, somebody else, or not there.
_REFUSALS = ("CF-2021", "CF-2012", "CF-2019", "CF-1021", "CF-3112")
_SEE_OTHER, _NOBODY, _NOT_FOUND = 303, 401, 404


def routes_of(web: Starlette) -> Iterator[tuple[str, str]]:
    """Each method and path of the routing table; HEAD is GET's."""
    for route in web.routes:
        assert isinstance(route, Route), route
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route.path


def filled(path: str, ids: Mapping[str, str]) -> str:
    """The address with the ids in it; what has none is a fresh one."""
    return re.sub(r"\{([a-z_]+)(?::path)?\}", lambda found: ids.get(found[1]) or str(uuid4()), path)


def named_in(ids: Mapping[str, str], thing: str) -> dict[str, str]:
    """What an address about ``thing`` names: its id, and what else there is in that place."""
    named = {**ids, "id": ids.get(thing, ""), "merchant_id": ids["merchant"], "purpose": "office", "act": "refund"}
    named["terminal_id"] = ids["terminal"]
    # A role that somebody has stands below that person, what a till asked for below the payment.
    below = {"grant": {"id": ids["person"]}, "asked": {"id": ids["payment"], "leg": ids["request"]}}
    return named | below.get(thing, {})


def amounts_to(answer: httpx.Response, begin: str = "") -> str:
    """What an answer says of whoever asked."""
    to, text, status = answer.headers.get("location", ""), answer.text, answer.status_code
    inside = re.search(r'action="/(till|office)/sign-out"', text) is not None
    if (status == _SEE_OTHER and begin and to == begin) or (status == _NOBODY and not inside):
        return DOOR
    if any(code in text for code in _REFUSALS) and status >= HTTPStatus.BAD_REQUEST:
        return REFUSED
    return ABSENT if status == _NOT_FOUND else IN

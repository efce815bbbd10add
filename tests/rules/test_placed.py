"""Every act that no second factor confirms is held to its place, or stands here with the reason why it is not."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

from starlette.routing import Route

from counterfoil.doors import till
from counterfoil.doors.api.endpoints import ENDPOINTS
from counterfoil.doors.screen.placed import Placed
from counterfoil.people import PLACED
from tests.rules.test_dangerous import WHY_NOT as NOT_CONFIRMED
from tests.rules.test_dangerous import office_acts

TAKES = "takes money, which any till must be able to do"
LOOKS = "shows, prints or asks, and moves nothing"
OWN = "a step of signing in or out, or changes what one's own screen looks like"
ASKS = "asks somebody in the office, who is held to their place when they confirm it"
TILL = {
    **dict.fromkeys(
        (
            *("/till/take", "/till/take/code", "/till/take/card", "/till/take/{id}", "/till/take/{id}/card"),
            *("/till/take/{id}/code", "/till/take/{id}/cash"),
        ),
        TAKES,
    ),
    **dict.fromkeys(
        (
            *("/till/records/columns", "/till/records/export", "/till/exports", "/till/records/saved"),
            *("/till/records/saved/rename", "/till/records/saved/drop", "/till/payments/{id}/receipt"),
            *("/till/payments/{id}/receipt/printer", "/till/payments/{id}/ask", "/till/more/reprint"),
            "/till/help/offline",
        ),
        LOOKS,
    ),
    **dict.fromkeys(
        (
            *("/till/at/{merchant_id}", "/till/at/{merchant_id}/lift"),
            *("/till/at/{merchant_id}/enrol", "/till/sign-out", "/till/lock", "/till/locked", "/till/language"),
            *("/till/theme", "/till/keypad", "/till/more/password", "/till/password"),
        ),
        OWN,
    ),
    "/till/at/{merchant_id}/reset": "held by itself, as nobody is signed in there",
    "/till/records/{id}/back/{leg}/ask": ASKS,
    "/till/records/{id}/back/{leg}/asked/withdraw": ASKS,
}
OFFICE = {
    "/office/shops/add",
    "/office/shops/{id}/rounding",
    "/office/terminals/add",
    "/office/terminals/{id}/key",
    "/office/requests/{id}/do",
}
API = {"take": TAKES}


def acts() -> dict[str, bool]:
    """The forms of the till, and whether what they do is held to a place."""
    found = {}
    for route in till.routes(SimpleNamespace()):
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            found[route.path] = isinstance(inspect.getclosurevars(route.endpoint).nonlocals["act"], Placed)
    return found


def test_every_act_of_the_till_is_held_to_its_place_or_says_why_not():
    assert sorted(path for path, placed in acts().items() if not placed) == sorted(TILL)
    assert len([path for path, placed in acts().items() if placed]) == 3


def test_what_the_office_does_unconfirmed_and_dangerous_is_held_to_its_place():
    placed = {path for path, act in office_acts().items() if isinstance(act, Placed)}
    assert placed == OFFICE
    assert placed <= set(NOT_CONFIRMED)


def test_every_act_of_the_api_is_held_to_its_place_or_says_why_not():
    acts = {one.name: one.act for one in ENDPOINTS if one.method != "GET"}
    assert {name for name, act in acts.items() if act is None} == set(API)
    assert {act for act in acts.values() if act is not None} <= PLACED

"""Every act of the office is either confirmed with a second factor, or stands here with the reason why it is not."""

from __future__ import annotations

import inspect
from types import SimpleNamespace

from starlette.routing import Route

from counterfoil.doors import office
from counterfoil.doors.office.danger import Danger

SIGNING_IN = "a step of signing in or out, or of setting up what one confirms with"
LOOKS = "changes how things look, or what one has written down for oneself"
READS = "reads or checks and changes nothing of the merchant's"
# Acts that are done without being confirmed.
WHY_NOT = {
    "/setup": "the first start, before there is anybody",
    **dict.fromkeys(
        (
            *("/office/at/{merchant_id}", "/office/at/{merchant_id}/passkey", "/office/at/{merchant_id}/reset"),
            *("/office/second", "/office/second/passkey", "/office/second/app", "/office/second/reset"),
            "/office/sign-out",
        ),
        SIGNING_IN,
    ),
    "/office/api-keys/{id}/off": "only ever takes a way in away",
    "/office/terminals/{id}/key/close": "only ever takes a way in away",
    "/office/terminals/{id}/key": "opens a window; what comes through it counts only once it is confirmed",
    "/office/me/password": "asks for the present password, which is the proof of who changes it",
    **dict.fromkeys(
        (
            *("/office/records/columns", "/office/records/saved", "/office/records/saved/rename"),
            *("/office/records/saved/drop", "/office/language", "/office/theme", "/office/keypad"),
            *("/office/shops/{id}/name", "/office/terminals/{id}/name", "/office/operators/{id}/name"),
        ),
        LOOKS,
    ),
    **dict.fromkeys(
        (
            *("/office/records/export", "/office/exports", "/office/payments/{id}/receipt", "/office/evidence"),
            *("/office/accounts/{id}/check", "/office/waiting/notices/{id}/ask"),
        ),
        READS,
    ),
    **dict.fromkeys(
        ("/office/shops/add", "/office/shops/{id}/rounding"), "arranges a shop; can be undone by the same page"
    ),
    "/office/terminals/add": "one more place; it can be disabled",
    "/office/requests/{id}/decline": "only ever keeps something from being done",
    "/office/requests/{id}/withdraw": "only ever keeps something from being done",
    "/office/requests/{id}/do": "carries out what was confirmed and approved, once",
    "/office/waiting/{id}": "asks the provider, or reverses what never had an outcome",
    "/office/networks/{purpose}/keep": "keeps, from inside the list, what was confirmed to be tried",
    "/office/networks/{purpose}/back": "ends a trial before its minute is over",
}


def office_acts() -> dict[str, object]:
    """The routes that take a form, and what they do."""
    return {
        route.path: inspect.getclosurevars(route.endpoint).nonlocals["act"]
        for route in office.routes(SimpleNamespace())
        if isinstance(route, Route) and "POST" in (route.methods or ())
    }


def acts() -> dict[str, bool]:
    """The same, and whether it is confirmed."""
    return {path: isinstance(act, Danger) for path, act in office_acts().items()}


def test_every_act_of_the_office_is_confirmed_or_says_why_not():
    assert sorted(path for path, confirmed in acts().items() if not confirmed) == sorted(WHY_NOT)


def test_what_matters_most_is_confirmed():
    confirmed = {path for path, is_so in acts().items() if is_so}
    for path in ("/office/records/{id}/hold", "/office/holds/{id}/lift", "/office/accounts/{id}/switch"):
        assert path in confirmed
    assert {"/office/operators/{id}/roles", "/office/accounts/{id}/settings", "/office/operators/add"} <= confirmed

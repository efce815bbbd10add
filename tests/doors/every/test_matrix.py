"""Every route × everybody × whose thing it is: who gets in is what one table says, and no cell is left out."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from uuid import uuid4

import pytest

from counterfoil import people
from counterfoil.doors.api.endpoint import Endpoint
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.people import NewPerson, Permission
from tests.doors.every.standing import FOREIGN, HOST, OWN, PLACES, SHOP, Everybody, Somebody
from tests.doors.every.table import PUBLIC, TABLE, Needs, form_of
from tests.doors.every.walking import ABSENT, DOOR, IN, REFUSED, amounts_to, filled, named_in, routes_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
# Both say no; which of the two depends on what is looked at first.
CLOSED = frozenset({REFUSED, ABSENT})
# What is looked for among what is in sight: in the office, and at every door.
OF_A_SHOP = frozenset({"shop", "terminal", "person", "grant", "account"})
OF_PAYMENTS = frozenset({"payment", "asked", "request"})
# A page for anybody leads on whoever is where they need not be.
ANYBODY = frozenset({IN, ABSENT, DOOR})
# Where the operator may not, a form at the till asks for somebody who may; the act is not done.
BODIES = {
    "take": {"method": "cash", "entry": "keyed", "amount_minor": 100, "currency": "CNY"},
    "withdraw": {},
    "void": {"reason": "TEST"},
    "refund": {"amount_minor": 1, "reason": "TEST"},
}
QUERIES = {"day_totals": {"first_day": "2026-01-01", "last_day": "2026-01-31"}}
ASKED_FOR = {"POST /till/records/{id}/back/{leg}"}
# Ended by being asked: whoever asked is let in anew.
ENDS = ("sign-out", "/till/lock", "/till/locked")


def expected(needs: Needs, who: Somebody, place: str, door: str, own_shop: str) -> frozenset[str]:
    """What the table says of one cell."""
    barred = door == "office" and who.held is not None and Permission.OFFICE not in who.held.anywhere()
    if needs.open:
        return ANYBODY | {REFUSED} if barred else ANYBODY
    if who.held is None or barred:
        return frozenset({REFUSED if barred else DOOR})
    foreign = bool(needs.thing) and (place == FOREIGN or hidden(needs, who, place, door))
    if not holds(needs, who, place, door, own_shop):
        # Where they might have done it in their own shop, nothing is said of another one's, not even that it is there.
        if needs.thing == "request" or (foreign and place == SHOP and needs.thing in OF_PAYMENTS):
            return frozenset({ABSENT}) if holds(needs, who, OWN, door, own_shop) else CLOSED
        return CLOSED if foreign or needs.thing == "nothing" else frozenset({REFUSED})
    # What belongs to nobody, or to somebody else, is not there.
    if foreign or needs.thing == "nothing":
        return frozenset({ABSENT})
    # The first of them gives the money back; to the others it is said that this was done.
    return frozenset({IN, REFUSED}) if needs.once else frozenset({IN})


def hidden(needs: Needs, who: Somebody, place: str, door: str) -> bool:
    """Whether it is of a shop in which they have no role: it is then not there for them."""
    things = OF_A_SHOP | OF_PAYMENTS if door == "office" else OF_PAYMENTS
    if who.held is None or place != SHOP or needs.thing not in things:
        return False
    if needs.permission is None:
        return not who.held.everywhere
    read = Permission.READ if needs.thing in OF_PAYMENTS else None
    return who.held.everywhere.isdisjoint({needs.permission, needs.instead, read})


def holds(needs: Needs, who: Somebody, place: str, door: str, own_shop: str) -> bool:
    if needs.permission is None or who.held is None:
        return True
    at = own_shop if door == "till" else None
    anywhere = needs.anywhere and not needs.in_shop
    if not all(one in who.held.anywhere() if anywhere else who.held.may(one, at) for one in needs.also):
        return False
    if needs.instead is not None and who.held.may(needs.instead, at):
        return True
    if needs.in_shop and place == SHOP:
        return who.held.may(needs.permission, None)
    if needs.anywhere or needs.in_shop:
        return needs.permission in who.held.anywhere()
    return who.held.may(needs.permission, at)


def askers(all_: Everybody, needs: Needs, door: str) -> Iterator[Somebody]:
    """Every role in both reaches and nobody; and whoever holds just what is needed, or all but that."""
    wanted = needs.permission.value if needs.permission else "take"
    for who in all_.standing[door]:
        if not who.name.startswith(("only ", "all but ")) or who.name.endswith(f" {wanted}"):
            yield who


@pytest.mark.parametrize("door", ["till", "office"])
async def test_who_gets_in_where_is_what_the_table_says(all_: Everybody, door: str, capsys):
    counted, wrong = Counter[str](), []
    async with all_.client() as client:
        for route, needs in TABLE[door].items():
            method, path = route.split(" ")
            for place in PLACES if needs.thing else (OWN,):
                for who in askers(all_, needs, door):
                    answer = await ask(client, all_, (method, path), needs, place, who)
                    found = amounts_to(answer, f"/{door}")
                    if route in ASKED_FOR and found == IN and answer.status_code != HTTPStatus.SEE_OTHER:
                        found = REFUSED
                    right = expected(needs, who, place, door, all_.things[OWN]["shop"])
                    counted[found] += 1
                    if found not in right or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        wrong.append((route, place, who.name, found, answer.status_code, sorted(right)))
    say(capsys, f"{door}: {len(TABLE[door])} routes, {counted.total()} cells, {dict(counted)}, {len(wrong)} wrong")
    assert not wrong, "\n" + told(wrong)


def scopes_held(name: str, scopes: tuple[str, ...]) -> bool:
    """Whether the key of that name has the scopes, and its owner may use them."""
    if name == "all of an auditor":
        return {"read", "export"}.issuperset(scopes)
    had = name.split(" ", maxsplit=1)[0]
    return had == "all" or set(scopes) == {had}


def expected_of_key(name: str, endpoint: Endpoint, place: str) -> frozenset[str]:
    if not name:
        return frozenset({DOOR})
    if not scopes_held(name, endpoint.scopes):
        return frozenset({REFUSED})
    if place == FOREIGN:
        # Neither the payment nor the shop that the request names is there for this merchant.
        return CLOSED
    # What is of no one shop (totals, files, the head of the log) is given for the shops of the key.
    return CLOSED if place == SHOP and name.endswith(" in the shop") else frozenset({IN})


async def test_what_each_key_may_is_what_its_scope_and_shops_say(all_: Everybody, capsys):
    counted, wrong = Counter[str](), []
    await all_.house.app.signer.sign_all()
    async with all_.client() as client:
        for endpoint in ENDPOINTS:
            named = "{" in endpoint.path or endpoint.body is not None
            for place in PLACES if named else (OWN,):
                for name, key in all_.keys.items():
                    answer = await call(client, all_, endpoint, place, key)
                    found = amounts_to(answer)
                    right = expected_of_key(name, endpoint, place)
                    counted[found] += 1
                    if found not in right or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                        at = (f"{endpoint.method} {endpoint.path}", place, name or "nobody", found)
                        wrong.append((*at, f"{answer.status_code} {answer.text[:90]}", sorted(right)))
    say(capsys, f"api: {len(ENDPOINTS)} endpoints, {counted.total()} cells, {dict(counted)}, {len(wrong)} wrong")
    assert not wrong, "\n" + told(wrong)


async def call(client, all_: Everybody, endpoint: Endpoint, place: str, key: str):
    ids = all_.things[place]
    path = filled(BASE + endpoint.path, {"payment_id": ids["payment"]})
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    body = {"id": str(uuid4()), **BODIES[endpoint.name]} if endpoint.body is not None else None
    if endpoint.name == "take":
        body = {**body, "shop_id": ids["shop"], "terminal_id": ids["terminal"]}
    return await client.request(endpoint.method, path, headers=headers, json=body, params=QUERIES.get(endpoint.name))


def say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """Past pytest's capturing: how much was asked is told in every run."""
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


def told(wrong: list[tuple]) -> str:
    """The wrong cells, a line a route and way of being wrong."""
    grouped = defaultdict(list)
    for route, place, who, found, status, right in wrong:
        grouped[route, place, found, status, *right].append(who)
    return "\n".join(f"{' '.join(map(str, key))}: {', '.join(names)}" for key, names in grouped.items())


async def ask(client, all_: Everybody, at: tuple[str, str], needs: Needs, place: str, who: Somebody):
    method, path = at
    if any(end in path for end in ENDS) and who.held is not None:
        who = await all_.anew(who)
    ids = all_.things[place]
    named = named_in(ids, needs.thing)
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    headers = {"Origin": HOST, **({"Cookie": cookie} if cookie else {})}
    if method == "GET":
        return await client.get(filled(path, named), headers=headers, params=dict(needs.form) or None)
    form = {"csrf": who.csrf or "x", **form_of(needs)}
    return await client.post(filled(path, named), data=form, headers=headers)


async def test_a_request_of_another_shop_is_not_shown_below_a_payment_of_ones_own(all_: Everybody):
    who = next(one for one in all_.standing["till"] if one.name == "supervisor in the shop")
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    paid = all_.things[OWN]["payment"]
    async with all_.client() as client:
        for place, right in ((OWN, HTTPStatus.OK), (SHOP, HTTPStatus.NOT_FOUND), (FOREIGN, HTTPStatus.NOT_FOUND)):
            path = f"/till/records/{paid}/back/{all_.things[place]['request']}/asked"
            assert (await client.get(path, headers={"Cookie": cookie})).status_code == right, place


async def test_the_list_of_requests_names_those_only_that_one_may_open(all_: Everybody):
    for name, places in (("shop_manager in the shop", [OWN]), ("administrator everywhere", [OWN, SHOP])):
        who = next(one for one in all_.standing["office"] if one.name == name)
        cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
        async with all_.client() as client:
            page = (await client.get("/office/requests", headers={"Cookie": cookie})).text
        assert [place for place in PLACES if all_.things[place]["request"] in page] == places


async def test_activity_is_exported_from_those_shops_only_that_one_may_export_from(all_: Everybody):
    app, boss, own = all_.house.app, all_.administrator(), all_.things[OWN]
    sees = await people.make_role(app.people, boss, "sees", frozenset({Permission.OFFICE, Permission.READ_ACTIVITY}))
    takes = await people.make_role(app.people, boss, "exports", frozenset({Permission.EXPORT}))
    new = NewPerson(number=None, name="both", role=sees.id, email="both@example.com")
    person = await people.add_operator(app.people, boss, new)
    await people.grant_role(app.people, boss, person.id, takes.id, own["shop"])
    who = await all_.session("both", person.id, people.IN_OFFICE, "pin+passkey")
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    lines = {}
    async with all_.client() as client:
        for place in (OWN, SHOP):
            query = {"act": "payments", "place": all_.things[place]["shop"]}
            answer = await client.get("/office/activity/export", params=query, headers={"Cookie": cookie})
            assert answer.status_code == HTTPStatus.OK, answer.text
            lines[place] = len(answer.text.splitlines())
    assert lines[OWN] > 1
    assert lines[SHOP] == 1


async def test_every_route_of_the_routing_table_stands_in_the_matrix(all_: Everybody):
    asked = {f"{method} {path}" for method, path in routes_of(all_.web)}
    api = {f"{each.method} {BASE}{each.path}" for each in ENDPOINTS}
    known = {*TABLE["till"], *TABLE["office"], *PUBLIC, *api}
    # A form without a page of its own leads home when it is looked at.
    bare = {route.replace("POST ", "GET ") for route in known if route.startswith("POST ")}
    assert asked - known - bare == set()
    assert known - asked == set()


async def test_a_route_without_an_entry_is_found():
    assert {"GET /office/new"} - {*TABLE["office"]} == {"GET /office/new"}

"""Every route × everybody × whose thing it is: who gets in is what one table says, and no cell is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import pytest_asyncio

from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from tests.doors.every.standing import FOREIGN, HOST, OWN, PLACES, SHOP, Everybody, Somebody, everybody
from tests.doors.every.table import PUBLIC, TABLE, Needs
from tests.doors.every.walking import ABSENT, DOOR, IN, REFUSED, amounts_to, filled, routes_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
# Both say no; which of the two depends on what is looked at first.
CLOSED = frozenset({REFUSED, ABSENT})
# Ended by being asked: whoever asked is let in anew.
ENDS = ("sign-out", "/till/lock", "/till/locked")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def all_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    async with everybody(tmp_path_factory.mktemp("everybody")) as made:
        yield made


def expected(needs: Needs, who: Somebody, place: str, door: str, own_shop: str) -> frozenset[str]:
    """What the table says of one cell."""
    if needs.open:
        return frozenset({IN, ABSENT})
    if who.held is None:
        return frozenset({DOOR})
    if door == "office" and "office" not in who.held.anywhere():
        return frozenset({REFUSED})
    foreign = bool(needs.thing) and place == FOREIGN
    if not holds(needs, who, place, door, own_shop):
        return CLOSED if foreign or needs.thing == "nothing" else frozenset({REFUSED})
    # What belongs to nobody, or to somebody else, is not there.
    return frozenset({ABSENT}) if foreign or needs.thing == "nothing" else frozenset({IN})


def holds(needs: Needs, who: Somebody, place: str, door: str, own_shop: str) -> bool:
    if needs.permission is None or who.held is None:
        return True
    if needs.in_shop and place == SHOP:
        return who.held.may(needs.permission, None)
    if needs.anywhere or needs.in_shop:
        return needs.permission in who.held.anywhere()
    return who.held.may(needs.permission, own_shop if door == "till" else None)


def askers(all_: Everybody, needs: Needs, door: str) -> Iterator[Somebody]:
    """Every role in both reaches and nobody; and whoever holds just what is needed, or all but that."""
    wanted = needs.permission.value if needs.permission else "take"
    for who in all_.standing[door]:
        if not who.name.startswith(("only ", "all but ")) or who.name.endswith(f" {wanted}"):
            yield who


@pytest.mark.parametrize("door", ["till", "office"])
async def test_who_gets_in_where_is_what_the_table_says(all_: Everybody, door: str):
    counted, wrong = Counter[str](), []
    async with all_.client() as client:
        for route, needs in TABLE[door].items():
            method, path = route.split(" ")
            for place in PLACES if needs.thing else (OWN,):
                for who in askers(all_, needs, door):
                    answer = await ask(client, all_, (method, path), needs, place, who)
                    found = amounts_to(answer, f"/{door}")
                    right = expected(needs, who, place, door, all_.things[OWN]["shop"])
                    counted[found] += 1
                    if found not in right or answer.status_code >= 500:
                        wrong.append((route, place, who.name, found, answer.status_code, sorted(right)))
    print(f"\n{door}: {len(TABLE[door])} routes, {counted.total()} cells, {dict(counted)}, {len(wrong)} wrong")
    assert not wrong, (len(wrong), *wrong[:40])


async def ask(client, all_: Everybody, at: tuple[str, str], needs: Needs, place: str, who: Somebody):
    method, path = at
    if any(end in path for end in ENDS) and who.held is not None:
        who = await all_.anew(who)
    ids = all_.things[place]
    named = {**ids, "id": ids.get(needs.thing, ""), "merchant_id": ids["merchant"], "purpose": "office"}
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    headers = {"Origin": HOST, **({"Cookie": cookie} if cookie else {})}
    if needs.thing == "grant":
        named["id"] = ids["person"]
    if method == "GET":
        return await client.get(filled(path, named), headers=headers)
    form = {"csrf": who.csrf or "x", **dict(needs.form)}
    return await client.post(filled(path, named), data=form, headers=headers)


async def test_every_route_of_the_routing_table_stands_in_the_matrix(all_: Everybody):
    asked = {f"{method} {path}" for method, path in routes_of(all_.web)}
    api = {f"{each.method} {BASE}{each.path}" for each in ENDPOINTS}
    known = {*TABLE["till"], *TABLE["office"], *PUBLIC, *api}
    # A form without a page of its own leads home when it is looked at.
    bare = {route.replace("POST ", "GET ") for route in known if route.startswith("POST ")}
    assert asked - known - bare == set()
    assert known - asked == set()


def test_a_route_without_an_entry_is_found():
    assert {"GET /office/new"} - {*TABLE["office"]} == {"GET /office/new"}

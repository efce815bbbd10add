"""A payment of a shop in which somebody may nothing is answered, at every door, as one that nobody has."""

from __future__ import annotations

import re
from http import HTTPStatus

import httpx
import pytest

from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.payments import load
from tests.doors.every.standing import FOREIGN, OWN, SHOP, Everybody, Somebody
from tests.doors.every.table import TABLE
from tests.doors.every.test_matrix import OF_PAYMENTS, ask, askers, call, hidden

pytestmark = pytest.mark.asyncio(loop_scope="session")
# What differs between two answers to the same question: the address asked at, a guest's token, the seconds left.
OWN_TO_IT = re.compile(
    r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/(proof|verify)/\d+)?|(?<=value=")[0-9a-f]{32}(?=")|data-ends="\d+"'
)


@pytest.mark.parametrize("door", ["till", "office"])
async def test_a_payment_of_another_shop_is_answered_as_one_that_nobody_has(all_: Everybody, door: str):
    asked, wrong = 0, []
    async with all_.client() as client:
        for route, needs in TABLE[door].items():
            if needs.thing not in OF_PAYMENTS:
                continue
            for who in askers(all_, needs, door):
                if hidden(needs, who, SHOP, door) and who.held is not None:
                    there, none = [
                        await ask(client, all_, tuple(route.split(" ")), needs, place, who) for place in (SHOP, FOREIGN)
                    ]
                    asked += 1
                    if said_of(there) != said_of(none):
                        wrong.append((route, who.name, there.status_code, none.status_code))
    assert asked
    assert not wrong, wrong


async def test_a_key_of_one_shop_hears_of_another_ones_payment_as_of_none(all_: Everybody):
    asked, wrong = 0, []
    async with all_.client() as client:
        for endpoint in ENDPOINTS:
            for name, key in all_.keys.items():
                if "{" in endpoint.path and name.endswith(" in the shop"):
                    there, none = [await call(client, all_, endpoint, place, key) for place in (SHOP, FOREIGN)]
                    asked += 1
                    if said_of(there) != said_of(none):
                        wrong.append((endpoint.path, name, there.text, none.text))
    assert asked
    assert not wrong, wrong


def said_of(answer: httpx.Response) -> tuple[int, str, str]:
    """What somebody hears, whatever they asked about."""
    return answer.status_code, OWN_TO_IT.sub("", answer.headers.get("location", "")), OWN_TO_IT.sub("", answer.text)


def one_of_a_shop(all_: Everybody, door: str) -> tuple[Somebody, dict[str, str]]:
    """A supervisor of the own shop, and the headers they ask with."""
    who = next(one for one in all_.standing[door] if one.name == "supervisor in the shop")
    return who, {"Cookie": "; ".join(f"{name}={value}" for name, value in who.cookies.items())}


async def number_of(all_: Everybody, place: str) -> str:
    ids = all_.things[place]
    kept = await load(all_.house.app.store, int(ids["merchant"]), ids["payment"])
    assert kept is not None
    return kept.order_no


async def test_the_till_finds_no_payment_of_another_shop_by_its_number(all_: Everybody):
    _, headers = one_of_a_shop(all_, "till")
    async with all_.client() as client:
        own = await client.get("/till/find", params={"number": await number_of(all_, OWN)}, headers=headers)
        assert own.status_code == HTTPStatus.SEE_OTHER
        said = []
        for place in (SHOP, FOREIGN):
            number = await number_of(all_, place)
            answer = await client.get("/till/find", params={"number": number}, headers=headers)
            said.append((answer.status_code, OWN_TO_IT.sub("", answer.text.replace(number, ""))))
    assert said[0] == said[1]


@pytest.mark.parametrize("path", ["/till/take/{}", "/till/take/{}/cash", "/till/take/{}/code"])
async def test_the_till_begins_at_the_id_of_another_shops_payment_as_at_a_new_one(all_: Everybody, path: str):
    _, headers = one_of_a_shop(all_, "till")
    async with all_.client() as client:
        said = [
            said_of(
                await client.get(path.format(all_.things[at]["payment"]), params={"amount": "38.00"}, headers=headers)
            )
            for at in (SHOP, FOREIGN)
        ]
    assert said[0] == said[1]


async def test_an_id_that_stands_for_an_act_in_another_shop_tells_nothing_of_it(all_: Everybody):
    own, other = all_.things[OWN], all_.things[SHOP]
    headers = {"Authorization": f"Bearer {all_.keys['all in the shop']}"}
    body = {"id": other["payment"], "shop_id": own["shop"], "terminal_id": own["terminal"], "method": "cash"}
    body |= {"entry": "keyed", "amount_minor": 1, "currency": "CNY"}
    async with all_.client() as client:
        answer = await client.post(f"{BASE}/payments", json=body, headers=headers)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert answer.json()["code"] == "CF-3108"
    assert answer.json()["field"] == "id"

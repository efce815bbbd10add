"""Somebody whose roles count in one shop sees that shop, its terminals, its people and its channels; no others."""

from __future__ import annotations

from http import HTTPStatus
from uuid import uuid4

import pytest

from counterfoil import people
from counterfoil.people import ALLOWED, NewPerson, Permission
from counterfoil.people import Role as Roles
from counterfoil.testing.house import MERCHANT_NO
from tests.doors.every.standing import FOREIGN, HOST, OWN, SHOP, Everybody, Somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")
MANAGER, EVERYWHERE = "shop_manager in the shop", "shop_manager everywhere"
LISTS = {"shops": "shop", "terminals": "terminal", "operators": "person", "accounts": "account"}


def of(all_: Everybody, name: str) -> Somebody:
    return next(one for one in all_.standing["office"] if one.name == name)


async def page_of(all_: Everybody, who: Somebody, path: str, **query: str) -> tuple[int, str]:
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    async with all_.client() as client:
        answer = await client.get(path, params=query, headers={"Cookie": cookie})
    return answer.status_code, answer.text


async def sent(all_: Everybody, who: Somebody, path: str, **form: str) -> tuple[int, str]:
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    async with all_.client() as client:
        answer = await client.post(path, data={"csrf": who.csrf, **form}, headers={"Cookie": cookie, "Origin": HOST})
    return answer.status_code, answer.text


@pytest.mark.parametrize(("where", "thing"), LISTS.items())
async def test_a_list_names_what_is_of_ones_own_shops(all_: Everybody, where: str, thing: str):
    for name, seen in ((MANAGER, False), (EVERYWHERE, True)):
        pages = [await page_of(all_, of(all_, name), f"/office/{where}", page=str(page)) for page in (1, 2, 3)]
        assert {status for status, _ in pages} == {HTTPStatus.OK}
        text = "".join(one for _, one in pages)
        assert all_.things[OWN][thing] in text
        assert (all_.things[SHOP][thing] in text) is seen, name
        assert all_.things[FOREIGN][thing] not in text


@pytest.mark.parametrize(("where", "thing"), LISTS.items())
async def test_what_is_of_another_shop_answers_as_what_never_was(all_: Everybody, where: str, thing: str):
    who, told = of(all_, MANAGER), []
    for thing_id in (all_.things[SHOP][thing], all_.things[FOREIGN][thing], str(uuid4())):
        status, text = await page_of(all_, who, f"/office/{where}/{thing_id}")
        told.append((status, "CF-" + text.split("CF-", 1)[1][:4]))
    assert {status for status, _ in told} == {HTTPStatus.NOT_FOUND}
    assert len(set(told)) == 1, told


async def test_the_key_of_a_terminal_elsewhere_answers_as_what_never_was(all_: Everybody):
    who = of(all_, MANAGER)
    for place, right in ((OWN, HTTPStatus.OK), (SHOP, HTTPStatus.NOT_FOUND), (FOREIGN, HTTPStatus.NOT_FOUND)):
        status, _ = await page_of(all_, who, f"/office/terminals/{all_.things[place]['terminal']}/key")
        assert status == right, place


async def test_somebody_with_roles_in_two_shops_is_shown_to_each_with_that_shop_s_role(all_: Everybody):
    app, boss = all_.house.app, all_.administrator()
    role = await people.make_role(app.people, boss, "only elsewhere", frozenset({Permission.READ}))
    new = NewPerson(
        number=None, name="Both", role="accountant", email="in.both@example.com", shop_id=all_.things[OWN]["shop"]
    )
    person = await people.add_operator(app.people, boss, new)
    await people.grant_role(app.people, boss, person.id, role.id, all_.things[SHOP]["shop"])
    for path in ("/office/operators", f"/office/operators/{person.id}"):
        _, mine = await page_of(all_, of(all_, MANAGER), path, **({"q": "Both"} if path.endswith("s") else {}))
        _, whole = await page_of(all_, of(all_, EVERYWHERE), path, **({"q": "Both"} if path.endswith("s") else {}))
        assert "only elsewhere" in whole
        assert "only elsewhere" not in mine
        assert "Second shop" not in mine


async def test_what_somebody_did_in_another_shop_is_not_in_the_history_one_is_shown(all_: Everybody):
    app, own = all_.house.app, all_.things[OWN]
    path = f"/office/operators/{own['person']}"
    counted = {}
    for name in (MANAGER, EVERYWHERE):
        before = (await page_of(all_, of(all_, name), path))[1].count("<strong>")
        counted[name] = before
    who = await people.person(app.store, 1, own["person"])
    held = await people.held_by(app.store, 1, who.id)
    at = people.At(all_.things[SHOP]["terminal"], all_.things[SHOP]["shop"])
    await all_.session("elsewhere", who.id, at, "pin+term")
    assert held.everywhere
    for name, more in ((MANAGER, 0), (EVERYWHERE, 1)):
        assert (await page_of(all_, of(all_, name), path))[1].count("<strong>") == counted[name] + more, name


async def test_a_channel_is_shown_by_name_to_whoever_sees_channels_in_some_shops(all_: Everybody):
    account = all_.things[OWN]["account"]
    for path in ("/office/accounts", f"/office/accounts/{account}"):
        status, mine = await page_of(all_, of(all_, MANAGER), path)
        assert status == HTTPStatus.OK
        assert "lakala" in mine
        assert MERCHANT_NO not in mine
        assert MERCHANT_NO in (await page_of(all_, of(all_, EVERYWHERE), path))[1]
    for word in ("<time", f"{account}/settings", 'class="chart"', "evidence/entry"):
        assert word not in mine, word


async def test_a_channel_without_a_route_takes_payments_everywhere_and_is_shown(all_: Everybody):
    _, text = await page_of(all_, of(all_, MANAGER), "/office/accounts")
    assert ">cash<" in text


async def test_routes_are_those_of_ones_own_shops_and_of_the_whole_merchant(all_: Everybody):
    _, mine = await page_of(all_, of(all_, MANAGER), "/office/routes")
    _, whole = await page_of(all_, of(all_, EVERYWHERE), "/office/routes")
    assert all_.things[OWN]["account"] in mine
    assert all_.things[SHOP]["account"] not in mine
    assert all_.things[SHOP]["account"] in whole
    assert "Second shop" in whole
    assert "Second shop" not in mine


async def test_one_filters_by_whom_and_what_one_may_see(all_: Everybody):
    for path in ("/office/records", "/office/activity"):
        _, mine = await page_of(all_, of(all_, MANAGER), path)
        _, whole = await page_of(all_, of(all_, EVERYWHERE), path)
        elsewhere = f'value="{all_.things[SHOP]["person"]}"'
        assert elsewhere in whole, path
        assert elsewhere not in mine, path
        assert f'value="{all_.things[OWN]["person"]}"' in mine, path
    _, mine = await page_of(all_, of(all_, MANAGER), "/office/records")
    assert f'value="{all_.things[SHOP]["account"]}"' not in mine
    assert f'value="{all_.things[OWN]["account"]}"' in mine


async def test_whoever_gives_roles_in_one_shop_is_offered_that_shop_and_its_people(all_: Everybody):
    who = of(all_, "administrator in the shop")
    path = f"/office/operators/{all_.things[OWN]['person']}/roles"
    status, text = await page_of(all_, who, path)
    assert status == HTTPStatus.OK
    assert f'value="{all_.things[OWN]["shop"]}"' in text
    assert f'value="{all_.things[SHOP]["shop"]}"' not in text
    assert '<option value="">' not in text
    elsewhere = all_.things[SHOP]
    assert (await page_of(all_, who, f"/office/operators/{elsewhere['person']}/roles"))[0] == HTTPStatus.NOT_FOUND
    status, text = await sent(all_, who, path, role="cashier", shop_id=elsewhere["shop"])
    assert "CF-2009" in text
    status, text = await sent(
        all_, who, f"/office/operators/{elsewhere['person']}/roles", role="cashier", shop_id=all_.things[OWN]["shop"]
    )
    assert status == HTTPStatus.NOT_FOUND


async def test_a_role_that_says_nothing_in_a_shop_puts_it_in_nobody_s_sight(all_: Everybody):
    actor = people.Actor(
        merchant_id=1,
        person_id="p",
        permissions=frozenset(),
        auth="test",
        in_shops={"a": frozenset(), "b": ALLOWED[Roles.CASHIER]},
    )
    assert actor.shops == frozenset({"b"})

"""A till number for somebody who works in the office only so far: with the checks of making somebody, and only once."""

from __future__ import annotations

import asyncio
import json

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import NewPerson, Permission, Role, add_number, add_operator, make_role, person, switch_operator
from tests.people.shop import PASSWORDS

PASSWORD = Secret("four brown herons sing")


async def boss_of(place):
    return (await place.office()).actor


async def in_office(place, name="Office", role=Role.AUDITOR):
    new = NewPerson(number=None, name=name, role=role, email=f"{name.lower()}@example.com")
    return await add_operator(place.means, await boss_of(place), new)


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code
    return told.value


async def test_they_sign_in_at_a_till_with_the_number_and_its_fact_is_in_the_log(place):
    whose = await in_office(place)
    await add_number(place.means, await boss_of(place), whose.id, "４4", PASSWORD)
    signed = await place.sign_in("44", PASSWORD.reveal())
    assert (signed.person.id, signed.person.number) == (whose.id, "44")
    (leaf,) = [leaf for each in await place.leaves() if (leaf := json.loads(each))["type"] == "person.numbered"]
    assert (leaf["subject"], leaf["number"]) == (whose.id, "44")


@pytest.mark.parametrize(
    ("number", "password", "code", "field"),
    [
        ("01", PASSWORD, "CF-2006", "number"),
        ("x1", PASSWORD, "CF-2007", "number"),
        ("", PASSWORD, "CF-2007", "number"),
        ("123", PASSWORD, "CF-2040", "number"),
        ("44", Secret("short"), "CF-2005", "password"),
        ("44", Secret("4826"), "CF-2005", "password"),
        ("44", Secret(""), "CF-2005", "password"),
    ],
)
async def test_what_making_somebody_refuses_is_refused_here_too(place, number, password, code, field):
    whose = await in_office(place)
    adding = add_number(place.means, await boss_of(place), whose.id, number, password)
    assert (await refused(code, adding)).field == field
    assert (await person(place.means.store, place.merchant_id, whose.id)).number is None


async def test_a_number_is_given_once(place):
    boss, whose = await boss_of(place), await in_office(place)
    await add_number(place.means, boss, whose.id, "44", PASSWORD)
    await refused("CF-2048", add_number(place.means, boss, whose.id, "45", PASSWORD))
    assert (await place.sign_in("44", PASSWORD.reveal())).person.id == whose.id


async def test_whoever_left_and_nobody_are_given_none(place):
    boss, whose = await boss_of(place), await in_office(place)
    await switch_operator(place.means, boss, whose.id, on=False)
    for person_id in (whose.id, "00000000-0000-7000-8000-000000000000"):
        await refused("CF-2018", add_number(place.means, boss, person_id, "44", PASSWORD))


async def test_whoever_may_not_manage_people_gives_none(place):
    whose = await in_office(place)
    supervisor = (await place.sign_in("80", PASSWORDS["80"])).actor
    await refused("CF-2021", add_number(place.means, supervisor, whose.id, "44", PASSWORD))


async def test_nobody_opens_a_way_in_to_more_than_they_hold(place):
    boss, whose = await boss_of(place), await in_office(place, role=Role.ADMINISTRATOR)
    manages = await make_role(place.means, boss, "manages", frozenset({Permission.OFFICE, Permission.MANAGE_PEOPLE}))
    new = NewPerson(number="55", name="Manager", role=manages.id, password=PASSWORD)
    await add_operator(place.means, boss, new)
    own = await place.settle("55", PASSWORD.reveal())
    manager = (await place.sign_in("55", own)).actor
    await refused("CF-2035", add_number(place.means, manager, whose.id, "44", PASSWORD))


async def test_of_two_who_give_the_same_number_at_once_one_is_told_it_is_taken(place):
    boss = await boss_of(place)
    some = [await in_office(place, name) for name in ("One", "Two")]
    tries = [add_number(place.means, boss, one.id, "44", PASSWORD) for one in some]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(getattr(getattr(each, "kind", None), "code", "") for each in found) == ["", "CF-2006"]

"""A till password that somebody else typed: it signs in once, lets its owner set their own, and does nothing else."""

from __future__ import annotations

import asyncio
import json

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    NewPerson,
    Permission,
    Role,
    add_number,
    add_operator,
    authenticate_session,
    finish_password,
    person_by_number,
    reset_confirmed,
)
from tests.people.shop import PASSWORDS

GIVEN = "what the supervisor typed"
OWN = "four brown herons sing"


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code, told.value.kind.code
    return told.value


def finish(place, made, new=OWN, **more):
    return finish_password(place.means, made.session, Secret(new), **more)


async def _reset_at_till(place):
    await place.reset("01", by="80", new=GIVEN)
    return "01"


async def _reset_in_office(place):
    await reset_confirmed(place.means, (await place.office()).actor, "01", Secret(GIVEN))
    return "01"


async def _added(place):
    new = NewPerson(number="44", name="新", role=Role.CASHIER, password=Secret(GIVEN))
    await add_operator(place.means, (await place.office()).actor, new)
    return "44"


async def _numbered(place):
    boss = (await place.office()).actor
    new = NewPerson(number=None, name="办公室", role=Role.CASHIER, email="o@example.com")
    whose = await add_operator(place.means, boss, new)
    await add_number(place.means, boss, whose.id, "44", Secret(GIVEN))
    return "44"


GIVING = [_reset_at_till, _reset_in_office, _added, _numbered]


@pytest.mark.parametrize("give", GIVING)
async def test_it_signs_in_once_and_may_nothing_until_its_owner_has_set_their_own(place, give):
    number = await give(place)
    made = await place.sign_in(number, GIVEN)
    assert not made.person.has_own_password
    _, actor = await authenticate_session(place.means, made.token.reveal())
    for one in (made.actor, actor):
        assert not any(one.may(permission, one.here) for permission in Permission)
    await refused("CF-2026", place.sign_in(number, GIVEN, at="2"))
    token = await finish(place, made)
    _, actor = await authenticate_session(place.means, token.reveal())
    assert actor.may(Permission.TAKE, actor.here)
    await refused("CF-2003", authenticate_session(place.means, made.token.reveal()))
    await refused("CF-2001", place.sign_in(number, GIVEN))
    for _ in range(2):
        assert (await place.sign_in(number, OWN)).person.has_own_password


async def test_nothing_is_approved_reset_or_lifted_with_it(place):
    cashier = (await place.sign_in("01")).actor
    await place.reset("80", by="99", new=GIVEN)
    for used in (False, True):
        if used:
            made = await place.sign_in("80", GIVEN)
        await refused("CF-2025", place.approve(cashier, "80", Permission.VOID, GIVEN))
        await refused("CF-2025", place.reset("02", by="80", password=GIVEN))
        await refused("CF-2025", place.lift("02", "80", GIVEN))
    await finish(place, made)
    assert (await place.approve(cashier, "80", Permission.VOID, OWN)).approver_id == made.person.id


async def test_a_wrong_try_counts_whatever_the_password_is(place):
    cashier = (await place.sign_in("01")).actor
    await place.reset("80", by="99", new=GIVEN)
    assert (await refused("CF-2001", place.approve(cashier, "80", Permission.VOID, OWN))).fill == {"left": 4}
    await refused("CF-2001", place.sign_in("80", OWN))


async def test_of_two_sign_ins_at_once_one_is_let_in(place):
    await place.reset("01", by="80", new=GIVEN)
    both = await asyncio.gather(*(place.sign_in("01", GIVEN, at=at) for at in ("1", "2")), return_exceptions=True)
    assert sorted(one.kind.code for one in both if isinstance(one, Refused)) == ["CF-2026"]


async def test_the_new_one_is_another_and_fit_to_be_one(place):
    await place.reset("01", by="80", new=GIVEN)
    made = await place.sign_in("01", GIVEN)
    await refused("CF-2027", finish(place, made, GIVEN))
    await refused("CF-2005", finish(place, made, "482615"))
    await refused("CF-2005", finish(place, made, "short"))
    await finish(place, made, "482615", enrolled=True)


async def test_whoever_has_set_their_own_or_sits_in_the_office_finishes_nothing(place):
    await refused("CF-2003", finish(place, await place.sign_in("01")))
    await refused("CF-2003", finish(place, await place.office()))
    await place.reset("01", by="80", new=GIVEN)
    made = await place.sign_in("01", GIVEN)
    await finish(place, made)
    await refused("CF-2003", finish(place, made, "another one, and long"))


async def test_left_undone_it_is_reset_again(place):
    await place.reset("01", by="80", new=GIVEN)
    await place.sign_in("01", GIVEN)
    await refused("CF-2026", place.sign_in("01", GIVEN))
    await place.reset("01", by="80", new=GIVEN)
    await finish(place, await place.sign_in("01", GIVEN))


async def test_an_administrators_own_reset_and_the_first_start_ask_for_nothing_more(place):
    await place.reset("99", by="99", new=OWN)
    boss = (await place.office()).actor
    await reset_confirmed(place.means, boss, "99", Secret(GIVEN))
    for number, password in (("99", GIVEN), ("01", PASSWORDS["01"])):
        assert (await place.sign_in(number, password)).person.has_own_password


async def test_setting_it_is_a_fact_of_the_person_without_either_password(place, everything):
    await place.reset("01", by="80", new=GIVEN)
    await finish(place, await place.sign_in("01", GIVEN))
    *_, leaf = await place.leaves()
    said, whose = json.loads(leaf), await person_by_number(place.means.store, place.merchant_id, "01")
    assert (said["type"], said["actor"], said["subject"]) == ("person.password_changed", whose.id, whose.id)
    kept = await everything()
    assert GIVEN.encode() not in kept
    assert OWN.encode() not in kept

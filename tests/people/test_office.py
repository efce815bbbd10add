"""The office: a sign-in without a terminal, and what an administrator adds and switches there."""

import asyncio

import pytest

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    NewPerson,
    NewShop,
    NewTerminal,
    Role,
    add_operator,
    add_shop,
    add_terminal,
    at_office,
    authenticate_session,
    locks,
    person,
    person_by_number,
    rename_operator,
    rename_shop,
    rename_terminal,
    reset_password,
    shop,
    shops,
    switch_operator,
    switch_shop,
    switch_terminal,
    terminal,
)
from tests.people.shop import PASSWORDS, WRONG, email_of


async def refused(code, coroutine):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code


def office(place, number="99", password=None):
    return place.office(number, password)


async def lives(place, made):
    try:
        await authenticate_session(place.means, made.token.reveal())
    except Refused:
        return False
    return True


async def test_a_supervisor_signs_in_without_a_terminal(place):
    made = await office(place, "80")
    session, actor = await authenticate_session(place.means, made.token.reveal())
    assert (session.terminal_id, actor.terminal_id, actor.auth) == (None, None, "pin")
    assert '"type":"person.signed_in"' in (await place.leaves())[-1]


async def test_a_cashier_is_told_plainly_that_the_office_is_closed(place):
    await refused("CF-2019", office(place, "01"))
    await refused("CF-2032", office(place, "01", WRONG))


async def test_five_wrong_tries_lock_the_number_in_the_office_and_not_at_the_till(place):
    for _ in range(4):
        await refused("CF-2032", office(place, "99", WRONG))
    await refused("CF-2020", office(place, "99", WRONG))
    await refused("CF-2020", office(place, "99"))
    assert await lives(place, await place.sign_in("99"))


async def test_a_disabled_operator_is_signed_out_and_stays_out_until_enabled(place):
    boss = (await office(place)).actor
    before = await place.sign_in("01")
    await switch_operator(place.means, boss, before.person.id, on=False)
    await switch_operator(place.means, boss, before.person.id, on=False)
    assert not await lives(place, before)
    await refused("CF-2001", place.sign_in("01"))
    await switch_operator(place.means, boss, before.person.id, on=True)
    assert not await lives(place, before)
    assert await lives(place, await place.sign_in("01"))
    said = [leaf for leaf in await place.leaves() if '"type":"person.disabled"' in leaf]
    assert len(said) == 1
    assert f'"actor":"{boss.person_id}"' in said[0]


async def test_nobody_disables_themselves_and_a_supervisor_disables_nobody(place):
    boss, supervisor = (await office(place)).actor, (await office(place, "80")).actor
    await refused("CF-2022", switch_operator(place.means, boss, boss.person_id, on=False))
    await refused("CF-2021", switch_operator(place.means, supervisor, boss.person_id, on=False))
    await refused("CF-2021", add_shop(place.means, supervisor, NewShop(name="三店")))
    await refused("CF-2018", switch_operator(place.means, boss, place.means.ids.uuid(), on=False))


async def test_a_disabled_terminal_or_shop_takes_no_sign_in(place):
    boss = (await office(place)).actor
    here, there = await place.sign_in("01", at="1"), await place.sign_in("02", at="3")
    await switch_terminal(place.means, boss, place.at("1"), on=False)
    await refused("CF-2008", place.sign_in("01", at="1"))
    assert not await lives(place, here)
    _, where = next(pair for pair in place.terminals if pair[0].number == "3")
    await switch_shop(place.means, boss, where.id, on=False)
    await refused("CF-2008", place.sign_in("02", at="3"))
    assert not await lives(place, there)
    await switch_shop(place.means, boss, where.id, on=True)
    await place.sign_in("02", at="3")


async def test_a_shop_and_its_terminal_are_added_with_facts_and_only_once(place):
    boss = (await office(place)).actor
    made = await add_shop(place.means, boss, NewShop(name="三店", day_ends_minute=240))
    assert (await shop(place.means.store, place.merchant_id, made.id)) == made
    await refused("CF-2023", add_shop(place.means, boss, NewShop(name=" 三店 ")))
    await refused("CF-2017", add_shop(place.means, boss, NewShop(name="四店", zone="Mars/Olympus")))
    new = NewTerminal(number="9", label="前台")
    ended = await asyncio.gather(
        *(add_terminal(place.means, boss, made.id, new) for _ in range(3)), return_exceptions=True
    )
    won = [each for each in ended if not isinstance(each, BaseException)]
    assert len(won) == 1
    assert {each.kind.code for each in ended if isinstance(each, Refused)} == {"CF-2024"}
    assert (await terminal(place.means.store, place.merchant_id, won[0].id)).shop_id == made.id
    leaf = (await place.leaves())[-1]
    assert '"type":"terminal.opened"' in leaf
    assert f'"actor":"{boss.person_id}"' in leaf


async def test_a_password_is_reset_in_the_office_too(place):
    email, shown = email_of("99"), Secret(PASSWORDS["99"])
    proof = await at_office(place.means, place.merchant_id, email=email, password=shown)
    await reset_password(place.means, proof, "01", Secret("a new one, and long"))
    assert await lives(place, await place.sign_in("01", "a new one, and long"))


async def test_names_are_changed_with_a_fact_that_does_not_hold_them_and_numbers_stay(place):
    boss, supervisor = (await office(place)).actor, (await office(place, "80")).actor
    cashier = (await place.sign_in("01")).actor.person_id
    where = (await shops(place.means.store, place.merchant_id))[0]
    before = len(await place.leaves())
    for _ in range(2):
        await rename_operator(place.means, boss, cashier, " 李某 ")
        await rename_terminal(place.means, boss, place.at("1"), "后厨")
        await rename_shop(place.means, boss, where.id, "江边店")
    leaves = (await place.leaves())[before:]
    assert [leaf.split('"type":"')[1].split('"')[0] for leaf in leaves] == [
        "person.renamed",
        "terminal.renamed",
        "shop.renamed",
    ]
    assert not any(name in leaf for leaf in leaves for name in ("李某", "后厨", "江边店"))
    assert (await person(place.means.store, place.merchant_id, cashier)).name == "李某"
    assert (await terminal(place.means.store, place.merchant_id, place.at("1"))).label == "后厨"
    await refused("CF-2014", rename_operator(place.means, boss, cashier, "a\nb"))
    await refused("CF-2018", rename_operator(place.means, boss, place.means.ids.uuid(), "某"))
    await refused("CF-2021", rename_terminal(place.means, supervisor, place.at("1"), "门口"))
    other = await add_shop(place.means, boss, NewShop(name="新店"))
    await refused("CF-2023", rename_shop(place.means, boss, other.id, "江边店"))


async def test_two_administrators_who_disable_each_other_leave_one(place):
    boss = (await office(place)).actor
    new = NewPerson(
        number="97",
        name="某",
        role=Role.ADMINISTRATOR,
        password=Secret(WRONG),
        email=email_of("97"),
        office_password=Secret(WRONG),
    )
    second = await add_operator(place.means, boss, new)
    other = (await office(place, "97", WRONG)).actor
    await asyncio.gather(
        switch_operator(place.means, boss, second.id, on=False),
        switch_operator(place.means, other, boss.person_id, on=False),
        return_exceptions=True,
    )
    found = [await person(place.means.store, place.merchant_id, each) for each in (boss.person_id, second.id)]
    assert sorted(each.state for each in found) == ["active", "disabled"]


async def test_what_is_locked_now_is_listed_with_where(place):
    assert await locks(place.means.store, place.merchant_id, place.means.clock.now()) == []
    for _ in range(5):
        with pytest.raises(Refused):
            await office(place, "99", WRONG)
        with pytest.raises(Refused):
            await place.sign_in("01", WRONG)
    now = place.means.clock.now()
    found = await locks(place.means.store, place.merchant_id, now)
    assert sorted((one.number, one.terminal_id) for one in found if one.terminal_id) == [("01", place.at("1"))]
    boss = await person_by_number(place.means.store, place.merchant_id, "99")
    assert [(one.where, one.number, one.person_id) for one in found if one.where != "till"] == [
        ("office", None, boss.id)
    ]
    assert await locks(place.means.store, place.merchant_id, now + 31 * 60 * 1_000_000) == []

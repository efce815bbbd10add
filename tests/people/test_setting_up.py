import asyncio
from dataclasses import replace

import pytest

from counterfoil.basis import Broken, Refused, Secret
from counterfoil.people import (
    SIGN_IN_WRONG,
    NewPerson,
    NewShop,
    NewTerminal,
    Refusals,
    Role,
    add_operator,
    merchant,
    merchants,
    open_merchant,
    person_by_number,
    persons,
    shop,
    shops,
    terminal,
    terminal_by_number,
    terminals,
    write_refusals,
)
from tests.people.shop import a_merchant

NEW = NewPerson(number="03", name="小王", role=Role.CASHIER, password=Secret("a new password"))


async def refused(code, attempt):
    with pytest.raises(Refused) as told:
        await attempt
    assert told.value.kind.code == code


async def test_an_opened_merchant_has_its_shops_terminals_and_persons(place):
    store, merchant_id = place.means.store, place.merchant_id
    made = await merchant(store, merchant_id)
    assert (made.name, made.zone, made.currency) == ("江南小馆", "Asia/Shanghai", "CNY")
    assert made in await merchants(store)
    assert [one.name for one in await shops(store, merchant_id)] == ["一店", "二店"]
    assert [(t.number, s.name) for t, s in await terminals(store, merchant_id)] == [
        ("1", "一店"),
        ("2", "一店"),
        ("3", "二店"),
    ]
    assert next((p.number, p.name) for p in await persons(store, merchant_id)) == ("01", "店员01")
    assert await shop(store, merchant_id, place.terminals[0][1].id) == place.terminals[0][1]
    assert await terminal(store, merchant_id, place.at("1")) == place.terminals[0][0]
    assert (await terminal_by_number(store, merchant_id, "3")).id == place.at("3")


async def test_every_row_of_a_set_up_has_its_fact_without_a_name_in_it(place):
    leaves = await place.leaves()
    added = ["person.added", "grant.made", "login.changed"] * 4
    kinds = ["merchant.opened", "staff.rule_set", *["shop.opened"] * 2, *["terminal.opened"] * 3, *added]
    assert [kind in leaf for kind, leaf in zip(kinds, leaves, strict=True)] == [True] * len(kinds)
    assert not any("店" in leaf or "江南" in leaf for leaf in leaves)


async def test_a_set_up_that_was_cut_short_goes_on(place):
    new = a_merchant(place.merchant_id)
    more = NewShop(name="三店", terminals=tuple(NewTerminal(number=str(n), label="前台") for n in range(10, 50)))
    before = await place.leaves()
    await open_merchant(place.means, new)
    assert await place.leaves() == before
    await open_merchant(place.means, replace(new, shops=(*new.shops, more)))
    assert len(await place.leaves()) == len(before) + 41
    assert len(await terminals(place.means.store, place.merchant_id)) == 43


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("CF-2014", {"name": ""}),
        ("CF-2017", {"zone": "Mars/Base"}),
        ("CF-2017", {"zone": "../etc/passwd"}),
        ("CF-2017", {"currency": "XYZ"}),
        ("CF-2017", {"shops": (NewShop(name="x", day_ends_minute=721),)}),
        ("CF-2007", {"shops": (NewShop(name="x", terminals=(NewTerminal(number="终", label="x"),)),)}),
        ("CF-2005", {"persons": (replace(NEW, password=Secret("too short")),)}),
        ("CF-2007", {"persons": (replace(NEW, number="x"),)}),
    ],
)
async def test_a_wrong_set_up_is_refused_whole(means, code, wrong):
    await refused(code, open_merchant(means, replace(a_merchant(999_999), **wrong)))
    assert await merchant(means.store, 999_999) is None


@pytest.mark.parametrize("merchant_id", [0, -1, 10**9])
async def test_a_merchant_has_a_number_from_one(means, merchant_id):
    with pytest.raises(Broken):
        await open_merchant(means, a_merchant(merchant_id))


async def test_what_cannot_be_a_number_or_id_is_not_found(place):
    store, merchant_id = place.means.store, place.merchant_id
    for number in (0, -1, 10**9, 2**70):
        assert await merchant(store, number) is None
        assert await shops(store, number) == []
    for text in ("", "\x00", "x" * 5000, "NULL", "' OR 1=1 --", "１"):
        assert await terminal(store, merchant_id, text) is None
        assert await terminal_by_number(store, merchant_id, text) is None
        assert await person_by_number(store, merchant_id, text) is None
        assert await shop(store, merchant_id, text) is None


async def test_an_administrator_adds_an_operator_who_then_signs_in(place):
    admin = (await place.sign_in("99")).actor
    made = await add_operator(place.means, admin, NEW)
    assert (made.number, made.name) == ("03", "小王")
    leaf, given = (await place.leaves())[-2:]
    assert '"type":"grant.made"' in given
    assert '"type":"person.added"' in leaf
    assert f'"actor":"{admin.person_id}"' in leaf
    assert "小王" not in leaf
    assert (await place.sign_in("03", "a new password")).person == made


@pytest.mark.parametrize("number", ["01", "80"])
async def test_only_an_administrator_adds_operators(place, number):
    actor = (await place.sign_in(number)).actor
    await refused("CF-2021", add_operator(place.means, actor, NEW))


async def test_an_operator_number_is_had_by_one(place):
    admin = (await place.sign_in("99")).actor
    await refused("CF-2006", add_operator(place.means, admin, replace(NEW, number="01")))
    told = await asyncio.gather(*(add_operator(place.means, admin, NEW) for _ in range(3)), return_exceptions=True)
    codes = sorted(one.kind.code for one in told if isinstance(one, Refused))
    assert codes == ["CF-2006", "CF-2006"]
    assert len(await persons(place.means.store, place.merchant_id)) == 5


async def test_a_short_password_is_refused_and_nobody_added(place):
    admin = (await place.sign_in("99")).actor
    await refused("CF-2005", add_operator(place.means, admin, replace(NEW, password=Secret("elevenchars"))))
    assert await person_by_number(place.means.store, place.merchant_id, "03") is None


async def test_refusals_of_a_minute_are_one_fact_with_their_count(place):
    means, actor = place.means, (await place.sign_in("01")).actor
    refusals, before = Refusals(means.clock), len(await place.leaves())
    for _ in range(7):
        refusals.note(actor, "void", SIGN_IN_WRONG())
    refusals.note(actor, "refund", SIGN_IN_WRONG())
    assert await write_refusals(means, refusals) == 0
    await means.clock.advance(60)
    refusals.note(actor, "void", SIGN_IN_WRONG())
    assert await write_refusals(means, refusals) == 2
    assert await write_refusals(means, refusals, everything=True) == 1
    assert await write_refusals(means, refusals, everything=True) == 0
    new = (await place.leaves())[before:]
    assert len(new) == 3
    assert '"count":7' in "".join(leaf for leaf in new if '"act":"void"' in leaf)
    assert all('"type":"act.refused"' in leaf for leaf in new)

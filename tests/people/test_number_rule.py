"""The rule of operator numbers: what it may say, who sets it, what it writes, and what it leaves alone."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused, Secret
from counterfoil.people import (
    NewMerchant,
    NewPerson,
    NumberKind,
    NumberRule,
    Role,
    add_operator,
    checked_rule,
    number_rule_of,
    open_merchant,
    set_number_rule,
)
from tests.people.shop import PASSWORDS

USUAL = NumberRule(number_least=2, number_most=2)


async def refused(code, coroutine, field=None):
    with pytest.raises(Refused) as told:
        await coroutine
    assert told.value.kind.code == code
    assert field in (None, told.value.field)


async def facts(place):
    return [leaf for leaf in map(json.loads, await place.leaves()) if leaf["type"] == "staff.rule_set"]


async def rule(place):
    return await number_rule_of(place.means.store, place.merchant_id)


def kept_or_wrong(asked):
    try:
        return checked_rule(asked), None
    except Refused as fault:
        return None, fault.field


def new(number):
    return NewPerson(number=number, name="新人", role=Role.CASHIER, password=Secret(PASSWORDS["01"]))


BAD = [
    ({"number_least": 0}, "CF-2080", "number_least"),
    ({"number_least": 9, "number_most": 9}, "CF-2080", "number_least"),
    ({"number_least": -1}, "CF-2080", "number_least"),
    ({"number_most": 9}, "CF-2080", "number_most"),
    ({"number_least": 3}, "CF-2080", "number_most"),
    ({"supervisor_number": "0"}, "CF-2081", "supervisor_number"),
    ({"supervisor_number": "000"}, "CF-2081", "supervisor_number"),
    ({"supervisor_number": "0a"}, "CF-2081", "supervisor_number"),
    ({"supervisor_number": "٠٠"}, "CF-2081", "supervisor_number"),
    ({"supervisor_number": "-1"}, "CF-2081", "supervisor_number"),
    ({"administrator_number": "9 9"}, "CF-2081", "administrator_number"),
    ({"administrator_number": "00"}, "CF-2081", "administrator_number"),
    ({"administrator_number": "００"}, "CF-2081", "administrator_number"),
    ({"number_least": 3, "number_most": 3}, "CF-2081", "supervisor_number"),
    ({"supervisor_word": "店" * 21}, "CF-2082", "supervisor_word"),
    ({"administrator_word": "two\nlines"}, "CF-2082", "administrator_word"),
    ({"cashier_word": "\u202e收银员"}, "CF-2082", "cashier_word"),
    ({"cashier_word": "4111 1111 1111 1111"}, "CF-2190", "cashier_word"),
]


@pytest.mark.parametrize(("said", "code", "field"), BAD)
async def test_a_rule_that_cannot_be_is_refused_and_nothing_is_written(place, said, code, field):
    boss, before = (await place.office()).actor, len(await place.leaves())
    await refused(code, set_number_rule(place.means, boss, replace(USUAL, **said)), field)
    assert await rule(place) == USUAL
    assert len(await place.leaves()) == before


@given(
    st.builds(
        NumberRule,
        number_least=st.integers(-1, 10),
        number_most=st.integers(-1, 10),
        supervisor_number=st.text("0123456789０９ a", max_size=9),
        administrator_number=st.text("0123456789０９ a", max_size=9),
        supervisor_word=st.text(max_size=22),
        administrator_word=st.text(max_size=22),
        cashier_word=st.text(max_size=22),
    )
)
def test_a_rule_that_is_kept_keeps_to_itself(asked):
    kept, field = kept_or_wrong(asked)
    if kept is None:
        assert field in NumberRule.__dataclass_fields__
        return
    special = [number for number in (kept.supervisor_number, kept.administrator_number) if number]
    assert 1 <= kept.number_least <= kept.number_most <= 8
    assert all(kept.fits(number) and number.isascii() and number.isdecimal() for number in special)
    assert len(set(special)) == len(special)
    assert all(len(kept.word(kind)) <= 20 and kept.word(kind).isprintable() for kind in NumberKind)
    assert checked_rule(kept) == kept


async def test_a_merchant_begins_with_two_digits_00_and_99_and_our_own_words(place):
    assert await rule(place) == USUAL
    assert [USUAL.kind(number) for number in ("00", "99", "01", "98", "")] == [
        NumberKind.SUPERVISOR,
        NumberKind.ADMINISTRATOR,
        *[NumberKind.CASHIER] * 3,
    ]
    (first,) = await facts(place)
    assert (first["supervisor_number"], first["administrator_number"]) == ("00", "99")
    assert "before" not in first


async def test_numbers_of_another_length_begin_without_special_ones(place):
    four = 700_000_000 + place.merchant_id
    await open_merchant(place.means, NewMerchant(merchant_id=four, name="四位店", number_digits=(4, 6)))
    theirs = await number_rule_of(place.means.store, four)
    assert (theirs.supervisor_number, theirs.administrator_number) == ("", "")
    assert theirs.kind("0000") is theirs.kind("") is NumberKind.CASHIER


async def test_a_rule_is_set_with_a_fact_of_numbers_before_and_after_and_without_the_words(place):
    boss = (await place.office()).actor
    told = replace(USUAL, number_most=4, supervisor_number=" ００００ ", administrator_number="", cashier_word=" 店员 ")
    kept = replace(told, supervisor_number="0000", cashier_word="店员")
    for _ in range(2):
        await set_number_rule(place.means, boss, told)
    assert await rule(place) == kept
    _, fact = await facts(place)
    assert (fact["actor"], fact["number_most"], fact["supervisor_number"]) == (boss.person_id, 4, "0000")
    assert fact["administrator_number"] == ""
    assert fact["before"] == {
        "number_least": 2,
        "number_most": 2,
        "supervisor_number": "00",
        "administrator_number": "99",
    }
    assert fact["words_changed"] is True
    assert "店员" not in json.dumps(fact, ensure_ascii=False)
    await set_number_rule(place.means, boss, replace(kept, number_least=1))
    assert "words_changed" not in (await facts(place))[-1]


async def test_only_who_manages_settings_sets_it(place):
    for number in ("80", "01"):
        actor = (await place.sign_in(number)).actor
        await refused("CF-2021", set_number_rule(place.means, actor, replace(USUAL, number_most=3)))
    assert await rule(place) == USUAL


async def test_new_numbers_follow_the_rule_and_old_ones_go_on_working(place):
    boss = (await place.office()).actor
    await set_number_rule(
        place.means,
        boss,
        NumberRule(number_least=4, number_most=5, supervisor_number="0000", administrator_number="9999"),
    )
    await refused("CF-2040", add_operator(place.means, boss, new("42")))
    made = await add_operator(place.means, boss, new("4242"))
    assert made.number == "4242"
    assert (await place.sign_in("01")).person.number == "01"


async def test_of_two_who_set_it_at_once_both_are_in_the_evidence_one_after_the_other(place):
    boss = (await place.office()).actor
    rules = [replace(USUAL, number_most=most) for most in (3, 4, 5, 6)]
    await asyncio.gather(*(set_number_rule(place.means, boss, one) for one in rules))
    said = (await facts(place))[1:]
    assert sorted(fact["number_most"] for fact in said) == [3, 4, 5, 6]
    assert [fact["before"]["number_most"] for fact in said] == [2, *(fact["number_most"] for fact in said[:-1])]
    assert (await rule(place)).number_most == said[-1]["number_most"]


async def test_a_rule_and_somebody_new_at_once_do_not_lose_each_other(place):
    boss = (await place.office()).actor
    made, _ = await asyncio.gather(
        add_operator(place.means, boss, new("42")),
        set_number_rule(place.means, boss, replace(USUAL, cashier_word="店员")),
    )
    assert made.number == "42"
    assert (await rule(place)).cashier_word == "店员"

"""Sums by person, and who stands apart from their colleagues."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.activity import ACTS_LEAST, COLLEAGUES_LEAST, TAKEN_LEAST, Asked, PersonSums, outliers, sums_by_person
from counterfoil.basis import MICROS, Refused
from counterfoil.payments import facts as money
from counterfoil.people import Permission
from counterfoil.removal import facts as removal
from counterfoil.store import Change
from tests.people.shop import WRONG

FOREVER = 2**51


def person(name, taken, back):
    return PersonSums(person_id=name, taken=taken, voids=back)


def names(*sums):
    return [one.person_id for one in outliers(sums)]


USUAL = [person("a", 100, 2), person("b", 100, 3), person("c", 100, 1), person("d", 200, 5)]


def test_far_more_than_the_colleagues_stands_apart_and_says_from_what_on():
    (found,) = outliers([*USUAL, person("x", 100, 15)])
    assert found.person_id == "x"
    assert (found.figure, found.usual) == (15.0, 2.25)
    assert found.usual < found.bound < 15


def test_like_the_colleagues_is_not_named():
    assert names(*USUAL, person("x", 100, 4)) == []


@pytest.mark.parametrize(
    "sums",
    [
        [*USUAL, person("x", TAKEN_LEAST - 1, 15)],
        [*USUAL, person("x", 20, ACTS_LEAST - 1)],
        [*USUAL[: COLLEAGUES_LEAST - 1], person("x", 100, 15)],
        [],
    ],
)
def test_too_little_says_nothing(sums):
    assert names(*sums) == []


def test_one_who_stands_apart_does_not_hide_the_other():
    assert names(*USUAL, person("x", 100, 15), person("y", 100, 60)) == ["y", "x"]


@given(st.integers(20, 400), st.integers(0, 20), st.integers(4, 12))
def test_where_all_do_the_same_nobody_is_named(taken, back, people):
    assert names(*(person(str(n), taken, back) for n in range(people))) == []


@given(st.lists(st.tuples(st.integers(20, 500), st.integers(0, 20)), min_size=4, max_size=12), st.randoms())
def test_the_order_of_people_changes_nothing(figures, random):
    sums = [person(str(n), taken, min(back, taken)) for n, (taken, back) in enumerate(figures)]
    turned = random.sample(sums, len(sums))
    assert sorted(names(*sums)) == sorted(names(*turned))


async def test_what_a_person_found_on_the_statement_counts_as_the_answer_would_have(place, staff, did):
    for how in ("refunded", "not_refunded"):
        await did("REFUND_CREATED", "01", minor=900, reason="QUALITY", came_of_it=money.RESOLVED_MANUALLY, how=how)
    one = (await counted(place))[staff["01"]]
    assert (one.refunds, one.refunded_minor, one.not_done, one.under_way) == (1, 900, 1, 0)


async def test_each_act_counts_for_whoever_did_it(place, staff, did):
    await did("SENT", "01", 30)
    await did("SENT", "02", 10, at="3")
    await did("VOIDING", "01", 2, minor=500, reason="WRONG_AMOUNT", came_of_it=money.VOIDED)
    await did("REFUND_CREATED", "01", 1, minor=900, reason="QUALITY", came_of_it=money.REFUNDED)
    for _ in range(5):
        with pytest.raises(Refused):
            await place.sign_in("02", WRONG)
    sums = await counted(place)
    first, second = sums[staff["01"]], sums[staff["02"]]
    assert (first.taken, first.voids, first.voided_minor, first.refunds, first.refunded_minor) == (30, 2, 1000, 1, 900)
    assert (first.per_hundred, dict(first.reasons)) == (10.0, {"WRONG_AMOUNT": 2, "QUALITY": 1})
    assert (second.taken, second.back, second.locked) == (10, 0, 1)
    shop = place.terminals[0][1].id
    assert staff["02"] not in {who for who, one in (await counted(place, shop_id=shop)).items() if one.taken}


async def test_a_void_or_refund_counts_by_what_came_of_it(place, staff, did):
    await did("SENT", "01", 20)
    await did("VOIDING", "01", 1, minor=100, reason="TEST", came_of_it=money.VOIDED)
    await did("VOIDING", "01", 2, minor=200, reason="TEST", came_of_it=money.VOID_REFUSED)
    await did("REFUND_CREATED", "01", 3, minor=300, reason="PRICE", came_of_it=money.REFUND_FAILED)
    await did("REFUND_CREATED", "01", 1, minor=300, reason="PRICE", came_of_it=money.REFUND_CANCELLED)
    await did("REFUND_CREATED", "01", 1, minor=400, reason="PRICE")
    one = (await counted(place))[staff["01"]]
    assert (one.voids, one.voided_minor, one.refunds, one.refunded_minor) == (1, 100, 0, 0)
    assert (one.not_done, one.under_way, dict(one.reasons)) == (6, 1, {"TEST": 1})
    assert (one.per_hundred, one.not_done_per_hundred) == (5.0, 30.0)


async def test_what_came_of_it_after_the_days_counts_in_them(place, staff, did):
    leg, store = place.means.ids.uuid(), place.means.store
    about = {"subject": place.means.ids.uuid(), "leg": leg, "amount": {"cur": "CNY", "minor": 700}}
    day = 24 * 3600 * MICROS
    asked = money.REFUND_CREATED.fact(at=day, actor=staff["01"], term=place.at("1"), reason="TEST", **about)
    other = {**about, "leg": place.means.ids.uuid()}
    # Another refund of the same payment failed the day after; ours was done on the third.
    later = (money.REFUND_FAILED.fact(at=2 * day, **other), money.REFUNDED.fact(at=3 * day, **about))
    for facts in ((asked,), later):
        change = Change(change_id=place.means.ids.uuid(), merchant_id=place.merchant_id, facts=facts)
        await store.commit(change)
    span = Asked(since=day, until=2 * day)
    (one,) = await sums_by_person(store, place.merchant_id, span)
    assert (one.refunds, one.refunded_minor, one.not_done, one.under_way) == (1, 700, 0, 0)
    # Nobody did anything on the day on which it came.
    assert await sums_by_person(store, place.merchant_id, Asked(since=3 * day, until=4 * day)) == []


async def test_holds_are_counted_for_whoever_placed_and_lifted_them(place, staff):
    now, boss = place.means.clock.now(), staff["99"]
    about = {"subject": place.means.ids.uuid(), "hold": place.means.ids.uuid(), "number": 1}
    facts = (
        removal.HOLD_PLACED.fact(at=now, actor=boss, reason="AUDIT", **about),
        removal.HOLD_LIFTED.fact(at=now, actor=boss, **about),
        removal.HOLD_PLACED.fact(at=now, actor=boss, reason="AUDIT", **about),
    )
    await place.means.store.commit(Change(change_id=place.means.ids.uuid(), merchant_id=place.merchant_id, facts=facts))
    one = (await counted(place))[boss]
    assert (one.holds_placed, one.holds_lifted) == (2, 1)


async def test_approving_of_ones_own_payments_is_counted_for_who_approved(place, staff):
    cashier = (await place.sign_in("01")).actor
    for made_by in (staff["80"], staff["80"], staff["01"], None):
        await place.approve(cashier, "80", Permission.VOID, made_by=made_by)
    found = await counted(place)
    assert (found[staff["80"]].approved_own, staff["01"] in found) == (2, False)


async def test_more_entries_than_can_be_summed_are_refused(place, did):
    await did("SENT", "01", 11)
    with pytest.raises(Refused) as told:
        await counted(place, most=10)
    assert told.value.kind.code == "CF-2180"


async def counted(place, *, most=1000, **more):
    shop_of = {terminal.id: shop.id for terminal, shop in place.terminals}
    asked = Asked(since=0, until=FOREVER, shop_of=shop_of, **more)
    return {one.person_id: one for one in await sums_by_person(place.means.store, place.merchant_id, asked, most=most)}

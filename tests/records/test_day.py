"""A day as its owner looks at it: by hour, what is open, and who voids more than the others."""

from __future__ import annotations

from counterfoil.basis import Money, local_day, local_time
from counterfoil.payments import MoneyState, RefundAsk, refund, take
from counterfoil.people import Role
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.records import (
    Share,
    Voids,
    day_so_far,
    days_of,
    ever_taken,
    for_a_person,
    going_back,
    hours_of,
    month_of,
    more_than_usual,
    odd,
    open_now,
)
from counterfoil.testing.house import MERCHANT

ZONE = "Asia/Shanghai"


async def test_the_hours_hold_what_was_received_and_agree_with_the_days_totals(day):
    house, paid, clock = day
    today = local_day(clock.now(), ZONE, 0)
    hours = await hours_of(house.app.records, MERCHANT, today, ZONE, until=clock.now() + 1)
    sales = [
        total for total in await day_so_far(house.app.records, MERCHANT, house.shop_id, today) if total.kind == "sale"
    ]
    assert len(hours) == 24
    assert sum(hour.minor for hour in hours) == sum(total.minor for total in sales) == 100 + 200 + 300 + 400 + 500
    assert sum(hour.count for hour in hours) == sum(total.count for total in sales) == 5
    first = local_time(paid[0].taken_at, ZONE).hour
    assert hours[first].minor >= 100


async def test_what_was_taken_later_is_left_out(day):
    house, paid, clock = day
    today = local_day(clock.now(), ZONE, 0)
    hours = await hours_of(house.app.records, MERCHANT, today, ZONE, until=paid[2].taken_at)
    assert sum(hour.minor for hour in hours) == 100 + 200


async def test_another_day_and_another_merchant_have_nothing(day):
    house, _, clock = day
    today = local_day(clock.now(), ZONE, 0)
    for merchant, text in ((MERCHANT, "2020-02-29"), (2, today)):
        hours = await hours_of(house.app.records, merchant, text, ZONE, until=clock.now())
        assert sum(hour.count for hour in hours) == 0


async def test_what_is_open_is_listed_and_what_ended_is_not(day):
    house, _, _ = day
    assert await open_now(house.app.records, MERCHANT) == []
    asked = house.code_payment(6605, wait_seconds=0)  # the customer is asked for a password
    left = await take(house.app.payments, house.actor(), asked)
    assert left.money in (MoneyState.SENT, MoneyState.UNKNOWN)
    assert [one.id for one in await open_now(house.app.records, MERCHANT)] == [asked.id]
    assert await open_now(house.app.records, 2) == []
    assert await for_a_person(house.app.records, MERCHANT) == []


async def test_voids_are_counted_by_whose_payments_they_were(day):
    house, _, clock = day
    month = await month_of(house.app.records, MERCHANT, clock.now())
    assert month.voids == (Voids(house.person_ids[Role.SUPERVISOR], payments=5, voids=1, minor=200),)
    assert month.declined.of >= 5
    assert month.declined_before == Share(0, 0)


async def test_two_days_of_all_shops_are_those_of_each(day):
    house, _, clock = day
    today = local_day(clock.now(), ZONE, 0)
    each = await day_so_far(house.app.records, MERCHANT, house.shop_id, today)
    for others in (0, 2, 90):
        shops = [house.shop_id, *(house.app.ids.uuid() for _ in range(others))]
        found = await days_of(house.app.records, MERCHANT, shops, ("2020-02-29", today))
        assert sorted(map(repr, (one.total for one in found))) == sorted(map(repr, each))
        assert {(one.shop_id, one.day) for one in found} == {(house.shop_id, today)}
    assert await days_of(house.app.records, MERCHANT, [], (today, today)) == []
    assert await ever_taken(house.app.records, MERCHANT)
    assert not await ever_taken(house.app.records, 2)
    assert await going_back(house.app.records, MERCHANT) == {}


def test_more_than_usual_needs_a_few_and_a_past_to_compare_with():
    assert more_than_usual(Share(6, 100), Share(30, 3000))
    assert not more_than_usual(Share(2, 100), Share(30, 3000))
    assert not more_than_usual(Share(4, 10), Share(30, 3000))
    assert not more_than_usual(Share(6, 100), Share(90, 3000))
    assert not more_than_usual(Share(6, 100), Share(0, 0))


def test_who_voids_three_times_as_often_as_the_others_is_odd():
    usual = [Voids("a", 1000, 4, 1), Voids("b", 1000, 5, 1)]
    assert odd([*usual, Voids("c", 100, 3, 1)]) == [Voids("c", 100, 3, 1)]
    assert odd([*usual, Voids("c", 100, 2, 1)]) == []
    assert odd([*usual, Voids("c", 1000, 12, 1)]) == []
    assert odd([Voids("c", 10, 9, 1)]) == []


async def test_a_refund_that_is_not_done_yet_stands_among_what_goes_back(day):
    house, paid, _ = day
    house.sandbox.mode = Trick.TROUBLE
    asked = RefundAsk(id=house.app.ids.uuid(), payment_id=paid[3].id, amount=Money(50), reason="TEST", wait_seconds=0)
    await refund(house.app.payments, house.actor(), asked)
    found = await going_back(house.app.records, MERCHANT)
    assert [(payment_id, leg.id, leg.amount) for payment_id, leg in found.items()] == [
        (paid[3].id, asked.id, Money(50))
    ]
    assert [one.id for one in await open_now(house.app.records, MERCHANT)] == [paid[3].id]

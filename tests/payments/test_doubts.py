"""Before charging: the same amount a moment ago, or far more than the shop usually takes."""

from __future__ import annotations

import pytest

from counterfoil.basis import Money
from counterfoil.payments import VoidAsk, doubts_of, refresh_usual, take, void
from counterfoil.payments import usual as usual_module
from counterfoil.payments.usual import COUNT_MIN, DAYS, usual_most
from counterfoil.testing.house import open_house


async def doubts(house, minor, terminal=0):
    means = house.app.payments
    return await doubts_of(means, 1, house.shop_id, house.terminal_ids[terminal], Money(minor))


async def test_the_same_amount_is_asked_about_for_two_minutes(still_house, clock):
    house = still_house
    first = await take(house.app.payments, house.actor(), house.code_payment(3800))
    assert (await doubts(house, 3800)).same.id == first.id
    assert not await doubts(house, 3801)
    assert not await doubts(house, 3800, terminal=1)
    await clock.advance(120)
    assert await doubts(house, 3800)
    await clock.advance(1)
    assert not await doubts(house, 3800)


async def test_what_was_declined_or_undone_is_not_asked_about(quick_house):
    house = quick_house
    await take(house.app.payments, house.actor(), house.code_payment(6601))
    assert not await doubts(house, 6601)
    paid = await take(house.app.payments, house.actor(), house.code_payment(3800))
    await void(house.app.payments, house.actor(), VoidAsk(id=house.app.ids.uuid(), payment_id=paid.id, reason="TEST"))
    assert not await doubts(house, 3800)


async def test_a_payment_still_open_is_asked_about(quick_house):
    house = quick_house
    open_ = await take(house.app.payments, house.actor(), house.code_payment(6605, wait_seconds=0))
    assert (await doubts(house, 6605)).same.id == open_.id


async def many(house, count):
    for minor in range(1, count + 1):
        await take(house.app.payments, house.actor(), house.cash_payment(minor))


async def test_far_more_than_usual_is_asked_about_once_there_is_a_figure(tmp_path, clock):
    async with open_house(tmp_path, clock=clock) as house:
        await many(house, COUNT_MIN - 1)
        assert await refresh_usual(house.app.payments) == 1
        assert not await doubts(house, 10**8)
        await take(house.app.payments, house.actor(), house.cash_payment(600))
        assert await refresh_usual(house.app.payments) == 0
        await clock.advance(24 * 3600 + 1)
        assert await refresh_usual(house.app.payments) == 1
        assert (await doubts(house, 601)).usual_most == Money(600)
        assert not await doubts(house, 600)
        await clock.advance(DAYS * 24 * 3600)
        await refresh_usual(house.app.payments)
        assert await usual_most(house.app.payments, 1, house.shop_id) is None


@pytest.mark.parametrize(("count", "most"), [(500, 500), (999, 999), (1000, 999)])
def test_one_payment_in_a_thousand_exceeds_it(count, most):
    amounts = sorted(range(1, count + 1), reverse=True)
    assert amounts[usual_module.above(count)] == most
    assert sum(amount > most for amount in amounts) <= count / 1000

"""待确认: what is open is withdrawn, asked for, and found again after a restart."""

from __future__ import annotations

import asyncio

import pytest

from counterfoil.basis import MICROS, Refused
from counterfoil.payments import (
    MoneyState,
    WithdrawAsk,
    load,
    resolve,
    resolve_left_open,
    take,
    waiting,
    withdraw,
)
from counterfoil.payments.drive import store_answer
from counterfoil.payments.outcome import charge_answered, reverse_at
from counterfoil.payments.place import route_of
from counterfoil.people import Role
from counterfoil.providers import Approved
from counterfoil.testing.house import open_house
from tests.payments.time_passes import at_rest, settled_turns, taken_within


def withdrawing(house, payment, **more):
    return WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id, **more)


def charges(house):
    return [trade for trade in house.sandbox.ledger.trades() if trade.kind == "charge"]


async def opened(house, clock, minor):
    asking = take(house.app.payments, house.actor(Role.CASHIER), house.code_payment(minor, wait_seconds=1))
    return await taken_within(house, clock, asyncio.create_task(asking), 1)


@pytest.mark.parametrize("amount", [6605, 6608, 6609])
async def test_a_withdrawn_payment_is_reversed_and_nothing_is_kept(still_house, clock, amount):
    house = still_house
    payment = await opened(house, clock, amount)
    asking = withdraw(house.app.payments, house.actor(Role.CASHIER), withdrawing(house, payment, wait_seconds=2))
    await taken_within(house, clock, asyncio.create_task(asking), 2)
    ended = await at_rest(house, clock, payment.id)
    assert ended.money is MoneyState.REVERSED
    assert all(charge.left == 0 or charge.state != "SUCCESS" for charge in charges(house))


async def test_a_captured_payment_is_not_withdrawn(quick_house):
    house = quick_house
    payment = await take(house.app.payments, house.actor(), house.code_payment())
    with pytest.raises(Refused) as refused:
        await withdraw(house.app.payments, house.actor(), withdrawing(house, payment))
    assert refused.value.kind.code == "CF-3107"


async def test_a_second_withdrawal_under_the_same_id_is_the_same(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6609)
    ask = withdrawing(house, payment, wait_seconds=0)
    await withdraw(house.app.payments, house.actor(), ask)
    again = await withdraw(house.app.payments, house.actor(), ask)
    assert again.repeated
    ended = await at_rest(house, clock, payment.id)
    assert [leg.kind for leg in ended.legs] == ["reversal"]


async def test_what_is_open_at_a_terminal_is_listed_there_and_only_there(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6605)
    here = await waiting(house.app.store, 1, house.terminal_ids[0])
    assert [one.id for one in here] == [payment.id]
    assert await waiting(house.app.store, 1, house.terminal_ids[1]) == []


async def test_asking_now_finds_what_the_provider_has(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6609)
    assert payment.money is MoneyState.UNKNOWN
    found = await resolve(house.app.payments, 1, payment.id)
    assert found.money is MoneyState.CAPTURED


@pytest.mark.parametrize(("amount", "end"), [(6609, MoneyState.CAPTURED), (6608, MoneyState.REVERSED)])
async def test_a_restart_finds_what_was_left_open_and_ends_it(tmp_path, clock, amount, end):
    async with open_house(tmp_path, clock=clock) as house:
        payment = await opened(house, clock, amount)
        assert payment.in_flight
        closing = asyncio.create_task(house.app.payments.drives.close(0))
        await asyncio.wait_for(closing, 60)
    async with open_house(tmp_path, clock=clock) as house:
        assert await resolve_left_open(house.app.payments) == 1
        ended = await at_rest(house, clock, payment.id)
        assert ended.money is end
        assert len(charges(house)) == (1 if end is MoneyState.CAPTURED else 0)


async def test_however_often_it_was_asked_for_it_is_looked_at_when_it_is_to_be_reversed(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6608)
    for _ in range(12):  # as many starts would: each asks once, and waits longer after it
        await resolve(house.app.payments, 1, payment.id, wait_seconds=0)
        await settled_turns()
    asked = await load(house.app.store, 1, payment.id)
    assert asked.asks >= 10
    assert asked.due_at <= reverse_at(asked, (await route_of(house.app.payments, 1, payment.account_id)).schedule)
    ended = await at_rest(house, clock, payment.id)
    assert ended.money is MoneyState.REVERSED
    assert ended.ended_at - payment.taken_at < 100 * MICROS


async def test_an_approval_after_the_reversal_is_for_a_person_and_resurrects_nothing(still_house, clock):
    house = still_house
    payment = await opened(house, clock, 6608)
    await withdraw(house.app.payments, house.actor(), withdrawing(house, payment, wait_seconds=0))
    reversed_ = await at_rest(house, clock, payment.id)
    assert reversed_.money is MoneyState.REVERSED
    route = await route_of(house.app.payments, 1, payment.account_id)
    late = Approved(provider_trade_no="late", payer_minor=6608)
    await store_answer(
        house.app.payments, route, reversed_, lambda now, turn: charge_answered(now, late, turn, called=False)
    )
    found = await load(house.app.store, 1, payment.id)
    assert found.money is MoneyState.MANUAL
    assert found.ended_at == reversed_.ended_at

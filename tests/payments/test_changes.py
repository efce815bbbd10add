"""A Change made of what is at hand writes what the act writes, and what it leaves is what is read afterwards."""

from __future__ import annotations

import pytest

from counterfoil.basis import Money, Refused
from counterfoil.payments import (
    REFUND_TOO_LARGE,
    MoneyState,
    RefundAsk,
    WithdrawAsk,
    answer_change,
    as_committed,
    load,
    place_of,
    place_was,
    refund_change,
    route_for,
    send_change,
    take,
    take_change,
    withdraw_change,
)
from counterfoil.payments.tables import payment
from counterfoil.people import Role
from counterfoil.providers import Approved, Unknown, Why


@pytest.fixture
async def at_hand(house):
    """The means, where a payment is taken, and its account."""
    means = house.app.payments
    place = await place_of(means, 1, house.terminal_ids[0])
    return means, place, await route_for(means, 1, "qr", "consumer_code", "wechat")


async def committed(house, before, change):
    """What the Change left, by itself and as it is read."""
    left = as_committed(before, change, await house.app.store.commit(change))
    assert left == await load(house.app.store, 1, left.id)
    return left


async def test_what_each_change_leaves_is_what_is_read(house, at_hand):
    means, place, route = at_hand
    one = await committed(
        house, None, take_change(means, house.actor(Role.CASHIER), house.code_payment(1200), place, route)
    )
    lost = answer_change(means, one, route, Unknown(Why.NO_ANSWER), called=True)
    one = await committed(house, one, lost)
    one = await committed(house, one, answer_change(means, one, route, Approved(payer_minor=1100), called=False))
    assert (one.money, one.payer_minor) == (MoneyState.CAPTURED, 1100)
    ask = RefundAsk(id=means.ids.uuid(), payment_id=one.id, amount=Money(500), reason="QUALITY")
    one = await committed(house, one, refund_change(means, house.actor(), ask, one, route, await place_was(means, one)))
    one = await committed(house, one, answer_change(means, one, route, Approved(), called=True))
    assert (one.money, one.refunded_minor) == (MoneyState.PART_REFUNDED, 500)


async def test_a_withdrawal_waits_its_turn_and_is_sent(house, at_hand):
    means, place, route = at_hand
    actor = house.actor(Role.CASHIER)
    one = await committed(house, None, take_change(means, actor, house.code_payment(1200), place, route))
    ask = WithdrawAsk(id=means.ids.uuid(), payment_id=one.id)
    one = await committed(house, one, withdraw_change(means, actor, ask, one, route, await place_was(means, one)))
    one = await committed(house, one, send_change(means, one, route))
    assert send_change(means, one, route) is None
    one = await committed(house, one, answer_change(means, one, route, Approved(), called=True))
    assert one.money is MoneyState.REVERSED
    assert answer_change(means, one, route, Unknown(Why.NO_ANSWER), called=False) is None


async def test_the_rules_of_the_act_hold_for_its_change(quick_house):
    house = quick_house
    means = house.app.payments
    one = await take(means, house.actor(), house.code_payment(1200))
    route = await route_for(means, 1, "qr", "consumer_code", "wechat")
    ask = RefundAsk(id=means.ids.uuid(), payment_id=one.id, amount=Money(1201), reason="QUALITY")
    with pytest.raises(Refused) as refused:
        refund_change(means, house.actor(), ask, one, route, await place_was(means, one))
    assert refused.value.kind is REFUND_TOO_LARGE


async def test_the_columns_are_those_that_the_act_writes(quick_house):
    house = quick_house
    means = house.app.payments
    taken = await take(means, house.actor(), house.code_payment(1200))
    place, route = (
        await place_of(means, 1, house.terminal_ids[0]),
        await route_for(means, 1, "qr", "consumer_code", "wechat"),
    )
    change = take_change(means, house.actor(), house.code_payment(1200), place, route)
    assert set(change.inserts[0].row) | {"version", "last_change"} == set(payment.columns.keys())
    assert set(taken.row) - {"position"} == set(payment.columns.keys())

"""A pay that is held while the customer is asked: waited for, shown as such, and asked about once somebody asks."""

from __future__ import annotations

import pytest

from counterfoil.payments import MoneyState, load, resolve, take
from counterfoil.payments.drive import HEARING_SECONDS
from counterfoil.providers import scan
from counterfoil.providers.manifest_rules import complaints
from counterfoil.providers.shouqianba.connector import ACTIVATE, UPAY
from counterfoil.providers.shouqianba.sandbox import Trick
from counterfoil.testing.house import MERCHANT
from tests.payments.time_passes import at_rest, until


async def held_pay(house, face, clock):
    """A payment whose answer the sandbox holds for 40 s of its clock, though it is paid already."""
    assert (await take(house.app.payments, house.actor(), house.code_payment())).money is MoneyState.CAPTURED
    face.sandbox.late_seconds = 40
    face.sandbox.next.append(Trick.LATE)
    before = clock.sleepers()
    payment = await take(house.app.payments, house.actor(), house.code_payment(wait_seconds=0))
    await until(lambda: clock.sleepers() > before)
    return payment


async def state(house, payment):
    return (await load(house.app.store, MERCHANT, payment.id)).money


async def rests(house, payment):
    await until(lambda: not house.app.payments.drives.running((MERCHANT, payment.id)))
    return await load(house.app.store, MERCHANT, payment.id)


async def test_a_held_pay_stands_as_sent_until_its_answer_comes(shop, clock):
    house, face = shop
    payment = await held_pay(house, face, clock)
    await clock.advance(39)
    assert await state(house, payment) is MoneyState.SENT
    await clock.advance(2)
    ended = await rests(house, payment)
    assert (ended.money, ended.asks) == (MoneyState.CAPTURED, 0)


@pytest.mark.parametrize("asked_after", [1, HEARING_SECONDS + 1])
async def test_asking_now_ends_the_waiting_for_a_held_pay_after_as_long_as_for_any_answer(shop, clock, asked_after):
    house, face = shop
    payment = await held_pay(house, face, clock)
    await clock.advance(asked_after)
    await resolve(house.app.payments, MERCHANT, payment.id, wait_seconds=0)
    if asked_after < HEARING_SECONDS:
        assert await state(house, payment) is MoneyState.SENT
        await clock.advance(HEARING_SECONDS)
    ended = await at_rest(house, clock, payment.id, step_seconds=1)
    assert (ended.money, ended.asks) == (MoneyState.CAPTURED, 1)
    assert len(list(face.sandbox.ledger.orders())) == 2


def test_the_waits_are_of_the_paths_that_are_called_and_fit_into_one_call():
    shouqianba = scan()["shouqianba"]
    assert not list(complaints(shouqianba))
    assert shouqianba.seconds_for(UPAY + "pay") == 45
    assert shouqianba.seconds_for("/gateway" + ACTIVATE) == 35
    assert shouqianba.seconds_for(UPAY + "query") is None

"""Money through the whole house, by way of Shouqianba's sandbox: the provider's books against ours."""

import asyncio

import pytest

from counterfoil.basis import Money
from counterfoil.payments import (
    MoneyState,
    RefundAsk,
    VoidAsk,
    WithdrawAsk,
    cancel_refund,
    refund,
    take,
    void,
    withdraw,
)
from counterfoil.providers import Trick
from counterfoil.providers.shouqianba.sandbox import AMOUNTS
from counterfoil.providers.shouqianba.sandbox import Trick as SandboxTrick
from tests.payments.books import assert_evidence_holds, every_payment, we_kept
from tests.payments.time_passes import at_rest, settled_turns, taken_within, until
from tests.providers.shouqianba.stage import held

SCANNED = [row for row in AMOUNTS if row.entry == "consumer_code"]
SHOWN = [row for row in AMOUNTS if row.entry == "merchant_code"]


def refunding(house, payment, minor):
    return RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason="TEST")


def voiding(house, payment):
    return VoidAsk(id=house.app.ids.uuid(), payment_id=payment.id, reason="TEST")


async def taken(house, minor=3800):
    return await take(house.app.payments, house.actor(), house.code_payment(minor))


async def assert_agree(house, face):
    """What the provider holds under our numbers is what our records say, and nothing else."""
    kept = {number: minor for number, minor in held(face).items() if minor}
    ours = {one.order_no: we_kept(one) for one in await every_payment(house) if we_kept(one)}
    assert kept == ours
    await assert_evidence_holds(house)


async def test_take_void_and_refund_in_part_and_in_full(shop):
    house, face = shop
    first, second, third = [await taken(house) for _ in range(3)]
    assert (first.money, first.wallet, first.provider_trade_no[:3]) == (MoneyState.CAPTURED, "wechat", "789")
    first = await void(house.app.payments, house.actor(), voiding(house, first))
    assert first.money is MoneyState.VOIDED
    second = await refund(house.app.payments, house.actor(), refunding(house, second, 1000))
    assert second.money is MoneyState.PART_REFUNDED
    second = await refund(house.app.payments, house.actor(), refunding(house, second, 2800))
    third = await refund(house.app.payments, house.actor(), refunding(house, third, 3800))
    assert (second.money, third.money) == (MoneyState.REFUNDED, MoneyState.REFUNDED)
    await assert_agree(house, face)


async def test_a_refund_that_waits_for_funds_can_be_given_up(shop):
    house, face = shop
    payment = await taken(house)
    face.sandbox.next.append(SandboxTrick.FUNDS_SHORT)
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 1000))
    payment = await cancel_refund(house.app.payments, house.actor(), payment.id, payment.refunds[0].id)
    assert (payment.refundable, payment.refunds[0].shown_as) == (Money(3800), "cancelled")
    await assert_agree(house, face)


@pytest.mark.parametrize("wallet", ["alipay", "wechat", "unionpay"])
async def test_a_shown_code_is_paid_or_closed_at_its_end(shop, clock, wallet):
    house, face = shop
    paid = await take(house.app.payments, house.actor(), house.shown_payment(wallet=wallet, wait_seconds=0))
    paid = await at_rest(house, clock, paid.id)
    assert (paid.money, paid.wallet) == (MoneyState.CAPTURED, wallet)
    left = await take(house.app.payments, house.actor(), house.shown_payment(6621, wallet=wallet, wait_seconds=0))
    left = await at_rest(house, clock, left.id, step_seconds=10)
    assert left.money in {MoneyState.DECLINED, MoneyState.REVERSED}
    await assert_agree(house, face)


@pytest.mark.parametrize("row", SCANNED, ids=lambda row: row.trick)
async def test_every_amount_that_goes_wrong_ends_with_both_sides_agreeing(shop, clock, row):
    house, face = shop
    asked = house.code_payment(row.amount_minor, wait_seconds=0)
    payment = await take(house.app.payments, house.actor(), asked)
    unclear = row.trick == "pay_error"
    if unclear:
        await until(lambda: face.sandbox.ledger.count)
        await settled_turns()
    payment = await at_rest(house, clock, payment.id, step_seconds=1800 if unclear else 5)
    if unclear:
        assert payment.money is MoneyState.MANUAL
        assert not held(face)
        return
    if payment.money is MoneyState.CAPTURED:
        payment = await refund(house.app.payments, house.actor(), refunding(house, payment, row.amount_minor))
        payment = await at_rest(house, clock, payment.id, step_seconds=600)
        assert payment.money is MoneyState.REFUNDED
    await assert_agree(house, face)


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.trick)
async def test_every_shown_amount_that_goes_wrong_ends_with_nothing_hidden(shop, clock, row):
    house, face = shop
    asked = house.shown_payment(row.amount_minor, wait_seconds=0)
    payment = await take(house.app.payments, house.actor(), asked)
    payment = await at_rest(house, clock, payment.id, step_seconds=10)
    if payment.money is MoneyState.MANUAL:
        assert sum(held(face).values()) == row.amount_minor  # paid after all, and a person is told
        return
    await assert_agree(house, face)


@pytest.mark.parametrize("trick", [Trick.CUT_AFTER, Trick.CUT_BEFORE, Trick.LATE, Trick.UNKNOWN_CODE, Trick.TROUBLE])
@pytest.mark.parametrize("act", ["void", "refund in part", "refund"])
async def test_a_leg_whose_answer_is_lost_is_done_once(shop, clock, act, trick):
    house, face = shop
    payment = await taken(house)
    face.play(trick)
    if act == "void":
        doing = void(house.app.payments, house.actor(), voiding(house, payment))
    else:
        minor = 3800 if act == "refund" else 1000
        doing = refund(house.app.payments, house.actor(), refunding(house, payment, minor))
    task = asyncio.ensure_future(doing)
    await until(lambda: task.done() or clock.sleepers())
    if not task.done():
        await taken_within(house, clock, task, 40)
    payment = await at_rest(house, clock, payment.id, step_seconds=5)
    expected = {"void": MoneyState.VOIDED, "refund": MoneyState.REFUNDED, "refund in part": MoneyState.PART_REFUNDED}
    assert payment.money is expected[act]
    await assert_agree(house, face)


async def test_yesterdays_payment_is_refunded_and_not_voided(shop, clock):
    house, face = shop
    payment = await taken(house)
    await clock.advance(24 * 3600)
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 3800))
    assert payment.money is MoneyState.REFUNDED
    await assert_agree(house, face)


async def test_two_refunds_at_once_are_both_found(shop, clock):
    house, face = shop
    payment = await taken(house)
    face.play(Trick.CUT_AFTER, Trick.CUT_AFTER)
    for minor in (1000, 2800):
        doing = refund(house.app.payments, house.actor(), refunding(house, payment, minor))
        task = asyncio.ensure_future(doing)
        await until(lambda task=task: task.done() or clock.sleepers())
        if not task.done():
            await taken_within(house, clock, task, 40)
    payment = await at_rest(house, clock, payment.id, step_seconds=5)
    assert payment.money is MoneyState.REFUNDED
    await assert_agree(house, face)


@pytest.mark.parametrize("trick", [Trick.CUT_BEFORE, Trick.TROUBLE])
async def test_a_cancel_that_never_arrived_is_sent_again_and_not_left_to_a_person(shop, clock, trick):
    house, face = shop
    face.play(Trick.UNKNOWN_CODE, trick)  # charged, which nobody knows; and nothing undone at first
    payment = await take(house.app.payments, house.actor(), house.code_payment(wait_seconds=0))
    await until(clock.sleepers)
    asked = WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id, wait_seconds=0)
    await withdraw(house.app.payments, house.actor(), asked)
    payment = await at_rest(house, clock, payment.id)
    assert payment.money is MoneyState.REVERSED
    assert set(held(face).values()) == {0}
    await assert_agree(house, face)

"""A code shown to the customer: it is paid, closed or left, and each of these ends as one thing and once."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from counterfoil.basis import MICROS, Refused
from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    RefundAsk,
    VoidAsk,
    WithdrawAsk,
    load,
    news_of,
    refund,
    resolve,
    resolve_left_open,
    take,
    told_of,
    void,
    waiting,
    withdraw,
)
from counterfoil.people import Role
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.time_passes import at_rest, until


async def shown(house, minor=3800, **more):
    return await take(house.app.payments, house.actor(Role.CASHIER), house.shown_payment(minor, **more))


async def closed(house, payment, **more):
    ask = WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id, **more)
    return await withdraw(house.app.payments, house.actor(Role.CASHIER), ask)


async def scanned(payment, what="pay"):
    async with httpx.AsyncClient() as customer:
        return (await customer.post(payment.code, data={"do": what})).text


def trades(house):
    return [(trade.kind, trade.state, trade.left) for trade in house.sandbox.ledger.trades()]


async def test_a_code_is_answered_as_soon_as_it_is_there_and_paid_by_the_customer(house):
    payment = await asyncio.wait_for(shown(house), 60)
    assert (payment.money, payment.awaiting, payment.in_flight) == (MoneyState.SENT, "customer", True)
    assert payment.code.startswith("http://127.0.0.1:")
    assert payment.code_until == payment.taken_at + 300 * MICROS
    assert (payment.wallet, payment.entry) == ("alipay", "merchant_code")
    assert "已付款" in await scanned(payment)
    paid = await resolve(house.app.payments, 1, payment.id)
    assert (paid.money, paid.payer_minor, paid.wallet) == (MoneyState.CAPTURED, 3800, "alipay")
    assert (paid.code, paid.code_until, paid.awaiting, paid.in_flight) == (None, None, None, False)


async def test_a_code_stands_in_no_fact(quick_house):
    payment = await shown(quick_house)
    await closed(quick_house, payment)
    said = repr([entry for _, entry in await timeline(quick_house.app.store, 1, payment.id)])
    assert "/pay/" not in said
    assert "txn.reversed" in said


async def test_a_plain_amount_is_paid_after_some_seconds(still_house, clock):
    payment = await shown(still_house)
    assert [one.id for one in await waiting(still_house.app.store, 1, still_house.terminal_ids[0])] == [payment.id]
    paid = await at_rest(still_house, clock, payment.id)
    assert paid.money is MoneyState.CAPTURED
    assert clock.now() - payment.taken_at < 15 * MICROS
    await assert_books_agree(still_house)


async def test_the_same_request_again_is_the_same_code(still_house):
    ask = still_house.shown_payment()
    first = await take(still_house.app.payments, still_house.actor(), ask)
    again = await take(still_house.app.payments, still_house.actor(), ask)
    assert (again.repeated, again.code) == (True, first.code)
    assert len(trades(still_house)) == 1


async def test_nobody_scans_and_the_machine_closes_it_a_minute_after_its_end(still_house, clock):
    payment = await shown(still_house, 6621)
    ended = await at_rest(still_house, clock, payment.id, step_seconds=5)
    assert (ended.money, ended.code, ended.reversal.state) == (MoneyState.REVERSED, None, "done")
    assert 360 * MICROS <= ended.ended_at - payment.taken_at < 400 * MICROS
    assert trades(still_house) == [("charge", "CLOSE", 0)]
    await assert_books_agree(still_house)
    await assert_evidence_holds(still_house)


async def test_the_operator_closes_it_and_nobody_can_pay_it_any_more(still_house):
    payment = await shown(still_house)
    ended = await asyncio.wait_for(closed(still_house, payment), 60)
    assert (ended.money, ended.code) == (MoneyState.REVERSED, None)
    assert "没有扣款" in await scanned(payment)
    assert trades(still_house) == [("charge", "CLOSE", 0)]
    await assert_evidence_holds(still_house)


async def test_what_was_paid_before_the_operator_closes_it_is_received(still_house):
    payment = await shown(still_house)
    await scanned(payment)
    with pytest.raises(Refused) as refused:
        await asyncio.wait_for(closed(still_house, payment), 60)
    assert refused.value.kind.code == "CF-3107"
    assert (await load(still_house.app.store, 1, payment.id)).money is MoneyState.CAPTURED


@pytest.mark.parametrize("minor", [6622, 6623])
async def test_what_was_paid_as_it_was_closed_is_for_a_person(still_house, clock, minor):
    payment = await shown(still_house, minor)
    await closed(still_house, payment, wait_seconds=0)
    ended = await at_rest(still_house, clock, payment.id)
    assert (ended.money, ended.reversal.state) == (MoneyState.MANUAL, "failed")
    assert [trade[1:] for trade in trades(still_house)] == [("SUCCESS", minor)]
    assert "txn.late_success" in [body["type"] for _, body in await timeline(still_house.app.store, 1, payment.id)]
    await assert_evidence_holds(still_house)


@pytest.mark.parametrize("trick", [Trick.CUT_BEFORE, Trick.CUT_AFTER, Trick.TROUBLE, Trick.UNLISTED_CODE])
async def test_a_close_whose_answer_is_lost_ends_closed_once(still_house, clock, trick):
    still_house.sandbox.scan_seconds = None
    payment = await shown(still_house)
    still_house.sandbox.next.append(trick)
    await closed(still_house, payment, wait_seconds=0)
    ended = await at_rest(still_house, clock, payment.id)
    assert ended.money is MoneyState.REVERSED
    assert trades(still_house) == [("charge", "CLOSE", 0)]


@pytest.mark.parametrize("minor", [6625, 6626])
async def test_where_no_code_came_back_it_is_said_and_the_operator_closes_it(still_house, clock, minor):
    payment = await asyncio.wait_for(shown(still_house, minor), 60)
    assert (payment.money, payment.code) == (MoneyState.UNKNOWN, None)
    assert told_of(payment, still_house.app.manifests["lakala"]).kind.code == "CF-3144"
    await closed(still_house, payment, wait_seconds=0)
    ended = await at_rest(still_house, clock, payment.id)
    assert ended.money is MoneyState.REVERSED
    assert [trade[1] for trade in trades(still_house)] == ["CLOSE"]
    await assert_books_agree(still_house)


@pytest.mark.parametrize("minor", [6625, 6626])
async def test_where_no_code_came_back_and_nobody_does_anything_it_ends_unpaid(still_house, clock, minor):
    payment = await shown(still_house, minor)
    ended = await at_rest(still_house, clock, payment.id, step_seconds=5)
    assert ended.money is MoneyState.REVERSED
    await assert_evidence_holds(still_house)


async def test_a_code_that_is_not_made_is_declined(quick_house):
    payment = await shown(quick_house, 6624)
    assert (payment.money, payment.decline_reason, payment.in_flight) == (MoneyState.DECLINED, "not_permitted", False)


async def test_a_code_that_the_provider_closed_itself_is_told_as_closed(still_house, clock):
    payment = await shown(still_house, 6621)
    (trade,) = still_house.sandbox.ledger.trades()
    trade.state = "CLOSE"
    ended = await at_rest(still_house, clock, payment.id)
    assert (ended.money, ended.decline_reason) == (MoneyState.DECLINED, "closed")
    assert told_of(ended, still_house.app.manifests["lakala"]).kind.code == "CF-4111"


@pytest.mark.parametrize("minor", [3800, 6621])
async def test_a_restart_goes_on_with_a_code_that_is_shown(tmp_path, clock, minor):
    async with open_house(tmp_path, clock=clock) as house:
        payment = await shown(house, minor)
        await asyncio.wait_for(house.app.payments.drives.close(0), 60)
    async with open_house(tmp_path, clock=clock) as house:
        assert await resolve_left_open(house.app.payments) == 1
        assert (await load(house.app.store, 1, payment.id)).code == payment.code
        ended = await at_rest(house, clock, payment.id, step_seconds=5)
        assert ended.money is (MoneyState.CAPTURED if minor == 3800 else MoneyState.REVERSED)
        await assert_books_agree(house)


async def test_it_is_refunded_and_never_voided(quick_house):
    house = quick_house
    payment = await shown(house)
    await scanned(payment)
    await resolve(house.app.payments, 1, payment.id)
    ask = VoidAsk(id=house.app.ids.uuid(), payment_id=payment.id, reason="TEST")
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), ask)
    assert (refused.value.kind.code, refused.value.instead) == ("CF-3106", "refund")
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=payment.amount, reason="TEST")
    assert (await refund(house.app.payments, house.actor(), ask)).money is MoneyState.REFUNDED


async def test_a_second_scan_after_it_was_paid_pays_nothing(still_house, clock):
    payment = await shown(still_house)
    for _ in range(2):
        await scanned(payment)
    await at_rest(still_house, clock, payment.id)
    assert trades(still_house) == [("charge", "SUCCESS", 3800)]


async def test_news_of_a_payment_comes_at_once_and_only_when_there_is_some(still_house, clock):
    house = still_house
    payment = await shown(house)
    hearing = asyncio.create_task(news_of(house.app.payments, payment, 30))
    await asyncio.sleep(0.05)
    assert not hearing.done()
    await clock.advance(5)  # the next question finds it still open
    still_open = await asyncio.wait_for(hearing, 60)
    assert (still_open.money, still_open.version) == (MoneyState.SENT, payment.version + 1)
    hearing = asyncio.create_task(news_of(house.app.payments, still_open, 2))
    await until(clock.sleepers)
    for _ in range(5):
        await clock.advance(0.5)
        await asyncio.sleep(0.02)
    assert (await asyncio.wait_for(hearing, 60)).version == still_open.version

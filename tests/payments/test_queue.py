"""退款排队: what the account does not cover waits under its number, is tried again, and is never doubled."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs

from counterfoil.basis import MICROS, Money, Refused, Trouble
from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    RefundAsk,
    cancel_refund,
    hasten_queued,
    load,
    refund,
    resolve_due,
    resolve_left_open,
    still_needed,
    take,
    told_of_leg,
    waiting,
)
from counterfoil.payments.outcome import QUEUE_SECONDS, QUEUE_SECONDS_MAX
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Trick
from counterfoil.records import for_a_person, open_now
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.time_passes import all_paused, at_rest

SHORT = 6614


async def queued(house, minor=SHORT):
    """A payment whose refund was queued."""
    payment = await take(house.app.payments, house.actor(), house.code_payment(SHORT))
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason="TEST")
    return await refund(house.app.payments, house.actor(), ask)


async def now(house, payment):
    found = await load(house.app.store, 1, payment.id)
    assert found is not None
    return found


async def round_of_the_worker(house):
    await hasten_queued(house.app.payments)
    await resolve_due(house.app.payments)
    await all_paused(house)


def refunded_there(house):
    return [trade.order_no for trade in house.sandbox.ledger.trades() if trade.kind == "refund"]


async def kinds(house, payment):
    return [body["type"] for _, body in await timeline(house.app.store, 1, payment.id)]


async def test_what_the_account_does_not_cover_is_queued_and_stays_reserved(quick_house):
    payment = await queued(quick_house)
    (leg,) = payment.refunds
    assert (payment.money, payment.refundable, payment.queued) == (MoneyState.CAPTURED, Money(0), True)
    assert (leg.state, leg.shown_as, leg.decline_reason) == ("created", "queued", "funds_short")
    assert leg.due_at - leg.tried_at == QUEUE_SECONDS[0] * MICROS
    assert not payment.in_flight
    assert (await kinds(quick_house, payment))[-1] == "refund.queued"
    told = told_of_leg(leg, quick_house.app.manifests["lakala"], Money(1200))
    assert told.kind.code == "CF-3131"
    assert "¥12.00" in told.tell("zh-CN").do
    await assert_evidence_holds(quick_house)


async def test_a_queued_refund_is_not_among_what_is_being_checked_but_the_office_sees_it(quick_house):
    payment = await queued(quick_house)
    assert await waiting(quick_house.app.store, 1, payment.terminal_id) == []
    assert [one.id for one in await open_now(quick_house.app.records, 1)] == [payment.id]


async def test_it_is_tried_again_under_the_same_number_until_it_is_covered(still_house, clock):
    payment = await queued(still_house)
    number = payment.refunds[0].order_no
    pauses = []
    for _ in range(2):
        before = (await now(still_house, payment)).refunds[0]
        pauses.append((before.due_at - before.tried_at) // MICROS)
        await clock.advance(pauses[-1])
        await round_of_the_worker(still_house)
    payment = await now(still_house, payment)
    assert pauses == [600, 1200]
    assert (payment.money, payment.refunded_minor, payment.refund_reserved_minor) == (MoneyState.REFUNDED, SHORT, 0)
    assert refunded_there(still_house) == [number]
    assert payment.refunds[0].decline_reason is None
    await assert_books_agree(still_house)
    await assert_evidence_holds(still_house)


async def test_a_try_that_could_not_be_sent_leaves_the_refund_queued_for_the_next(still_house, clock):
    payment = await queued(still_house)
    (before,) = payment.refunds
    await clock.advance(QUEUE_SECONDS[0])
    still_house.app.outage.begin(60)
    await round_of_the_worker(still_house)
    (leg,) = (await now(still_house, payment)).refunds
    assert (leg.shown_as, leg.order_no, leg.queued_at) == ("queued", before.order_no, before.queued_at)
    assert leg.row["tries"] == before.row["tries"] + 1
    assert (await now(still_house, payment)).refundable == Money(0)
    assert refunded_there(still_house) == []
    await clock.advance((leg.due_at - leg.tried_at) // MICROS)
    await round_of_the_worker(still_house)
    assert (await now(still_house, payment)).refunds[0].shown_as in ("queued", "done")
    await assert_evidence_holds(still_house)


async def test_it_is_tried_early_once_enough_has_been_taken(still_house, clock):
    house = still_house
    payment = await queued(house)
    await clock.advance(61)
    await take(house.app.payments, house.actor(), house.code_payment(5000))
    await round_of_the_worker(house)
    payment = await now(house, payment)
    assert await still_needed(house.app.payments, payment, payment.refunds[0]) == Money(SHORT - 5000)
    assert payment.queued
    await take(house.app.payments, house.actor(), house.code_payment(1614))
    await round_of_the_worker(house)
    assert (await at_rest(house, clock, payment.id)).money is MoneyState.REFUNDED
    await assert_books_agree(house)


async def test_cash_does_not_cover_it(still_house, clock):
    house = still_house
    payment = await queued(house)
    await clock.advance(120)
    await take(house.app.payments, house.actor(), house.cash_payment(99_00))
    payment = await now(house, payment)
    assert await still_needed(house.app.payments, payment, payment.refunds[0]) == Money(SHORT)


async def test_after_a_week_it_failed_and_a_person_is_told(still_house, clock):
    house = still_house
    payment = await queued(house)
    house.sandbox.mode = Trick.FUNDS_SHORT
    await clock.advance(QUEUE_SECONDS_MAX)
    await round_of_the_worker(house)
    payment = await now(house, payment)
    (leg,) = payment.refunds
    assert (leg.state, leg.decline_reason) == ("failed", "funds_not_in_time")
    assert (payment.refundable, payment.due_at) == (Money(SHORT), None)
    assert told_of_leg(leg, house.app.manifests["lakala"]).kind.code == "CF-3132"
    assert [one.id for one in await for_a_person(house.app.records, 1)] == [payment.id]
    house.sandbox.mode = None
    await clock.advance(1)
    again = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(100), reason="TEST")
    await refund(house.app.payments, house.actor(), again)
    assert await for_a_person(house.app.records, 1) == []


async def test_a_queued_refund_can_be_cancelled_once(quick_house):
    house = quick_house
    payment = await queued(house)
    leg_id = payment.refunds[0].id
    payment = await cancel_refund(house.app.payments, house.actor(), payment.id, leg_id)
    assert (payment.refundable, payment.due_at, payment.refunds[0].shown_as) == (Money(SHORT), None, "cancelled")
    assert (await cancel_refund(house.app.payments, house.actor(), payment.id, leg_id)).repeated
    assert (await kinds(house, payment))[-1] == "refund.cancelled"
    assert refunded_there(house) == []
    await assert_evidence_holds(house)


async def test_a_retry_under_way_cannot_be_cancelled(still_house, clock):
    house = still_house
    payment = await queued(house)
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 3
    await clock.advance(QUEUE_SECONDS[0])
    await resolve_due(house.app.payments)
    while (await now(house, payment)).refunds[0].state != "sent":  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    with pytest.raises(Refused) as refused:
        await cancel_refund(house.app.payments, house.actor(), payment.id, payment.refunds[0].id)
    assert refused.value.kind.code == "CF-3130"
    await clock.advance(3)  # the late answer, else the house would wait for it as it closes


async def test_a_queued_refund_that_was_carried_out_after_all_is_done_and_not_cancelled(quick_house):
    house = quick_house
    payment = await queued(house)
    leg = payment.refunds[0]
    # A copy of the refund that was still on its way arrives, and by now the account covers it.
    charge = house.sandbox.ledger.find(MERCHANT_NO, order_no=payment.order_no)
    charge.left, charge.state = 0, "REFUND"
    arrived = structs.replace(charge, order_no=leg.order_no, kind="refund", state="SUCCESS", origin=payment.order_no)
    house.sandbox.ledger.save(charge, arrived)
    with pytest.raises(Refused) as refused:
        await cancel_refund(house.app.payments, house.actor(), payment.id, leg.id)
    assert refused.value.kind.code == "CF-3130"
    payment = await now(house, payment)
    assert (payment.money, payment.refunds[0].state, payment.due_at) == (MoneyState.REFUNDED, "done", None)
    await assert_evidence_holds(house)


async def test_a_queued_refund_is_not_cancelled_while_the_provider_cannot_be_asked(quick_house):
    house = quick_house
    payment = await queued(house)
    house.sandbox.mode = Trick.TROUBLE
    with pytest.raises(Trouble) as trouble:
        await cancel_refund(house.app.payments, house.actor(), payment.id, payment.refunds[0].id)
    house.sandbox.mode = None
    assert trouble.value.kind.code == "CF-3135"
    assert (await now(house, payment)).queued


async def test_cancel_and_retry_at_the_same_moment_end_in_one_of_the_two(still_house, clock):
    house = still_house
    ends = set()
    for _ in range(4):
        payment = await queued(house, 100)
        leg_id = payment.refunds[0].id
        await clock.advance(QUEUE_SECONDS[0])
        cancelling = cancel_refund(house.app.payments, house.actor(), payment.id, leg_id)
        await asyncio.gather(resolve_due(house.app.payments), cancelling, return_exceptions=True)
        await all_paused(house)
        payment = await now(house, payment)
        leg = payment.refunds[0]
        ends.add(leg.shown_as)
        assert payment.refund_reserved_minor == (0 if leg.shown_as == "cancelled" else 100)
        assert leg.shown_as in ("cancelled", "queued")
        assert leg.order_no not in refunded_there(house)
    assert ends


async def test_another_part_is_refunded_while_one_waits_in_the_queue(still_house, clock):
    house = still_house
    payment = await queued(house, 1000)
    await clock.advance(30)
    await take(house.app.payments, house.actor(), house.code_payment(1000))
    second = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(500), reason="TEST")
    payment = await refund(house.app.payments, house.actor(), second)
    assert [leg.shown_as for leg in payment.refunds] == ["queued", "done"]
    assert (payment.refunded_minor, payment.refund_reserved_minor, payment.queued) == (500, 1000, True)
    await clock.advance(QUEUE_SECONDS[0])
    await round_of_the_worker(house)
    payment = await now(house, payment)
    assert [leg.shown_as for leg in payment.refunds] == ["done", "done"]
    await assert_books_agree(house)
    await assert_evidence_holds(house)


async def test_the_queue_outlives_the_program(tmp_path):
    clock = ManualClock()
    async with open_house(tmp_path, clock=clock) as house:
        payment = await queued(house)
        number = payment.refunds[0].order_no
    async with open_house(tmp_path, clock=clock) as house:
        assert await resolve_left_open(house.app.payments) == 0
        found = await now(house, payment)
        assert (found.queued, found.refunds[0].order_no) == (True, number)
        await clock.advance(QUEUE_SECONDS[0])
        await round_of_the_worker(house)
        await clock.advance(QUEUE_SECONDS[1])
        await round_of_the_worker(house)
        assert (await now(house, payment)).money is MoneyState.REFUNDED
        assert refunded_there(house) == [number]


async def test_the_same_refund_asked_again_is_answered_from_the_queue(quick_house):
    house = quick_house
    payment = await take(house.app.payments, house.actor(), house.code_payment(SHORT))
    ask = RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(100), reason="TEST")
    first = await refund(house.app.payments, house.actor(), ask)
    again = await refund(house.app.payments, house.actor(), replace(ask, wait_seconds=1))
    assert (again.repeated, again.refunds) == (True, first.refunds)

"""The legs of a payment: what each records, on which day it counts, and where a person has to decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from counterfoil.basis import Money, Refused
from counterfoil.evidence import timeline
from counterfoil.payments import MoneyState, RefundAsk, VoidAsk, WithdrawAsk, refund, take, void, withdraw
from counterfoil.people.facts import SHOP_ENABLED
from counterfoil.people.tables import shop as shop_table
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.store import Change, Guard
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.time_passes import at_rest


def trades(house, kind="charge"):
    return [trade for trade in house.sandbox.ledger.trades() if trade.kind == kind]


def refunding(house, payment, minor=100, **more):
    return RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason="TEST", **more)


def voiding(house, payment, **more):
    return VoidAsk(id=house.app.ids.uuid(), payment_id=payment.id, reason="TEST", **more)


async def taken(house, minor=3800):
    return await take(house.app.payments, house.actor(), house.code_payment(minor))


async def test_a_void_has_its_own_business_day(still_house, clock):
    house = still_house  # 16:00 in Shanghai
    await clock.advance(7.5 * 3600)
    payment = await taken(house)
    await clock.advance(3600)
    payment = await void(house.app.payments, house.actor(), voiding(house, payment))
    assert (payment.business_day, payment.void.business_day) == ("2026-11-22", "2026-11-23")
    await assert_evidence_holds(house)


async def test_cash_clears_on_the_day_it_is_taken(still_house):
    payment = await take(still_house.app.payments, still_house.actor(), still_house.cash_payment())
    assert payment.clearing_day == payment.business_day == "2026-11-22"


async def test_cash_is_refunded_and_not_voided_after_midnight(still_house, clock):
    house = still_house
    payment = await take(house.app.payments, house.actor(), house.cash_payment())
    await clock.advance(8 * 3600)
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), voiding(house, payment))
    assert (refused.value.kind.code, refused.value.instead) == ("CF-3105", "refund")
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 1))
    assert payment.refunds[0].clearing_day == payment.refunds[0].business_day == "2026-11-23"


async def test_the_words_of_a_reason_stand_only_where_they_can_be_erased(quick_house):
    house = quick_house
    payment = await taken(house)
    ask = replace(voiding(house, payment), reason="OTHER", reason_text="顾客张三要求")
    payment = await void(house.app.payments, house.actor(), ask)
    kept = {name: value for name, value in payment.void.row.items() if name != "reason_text"}
    said = [body for _, body in await timeline(house.app.store, 1, payment.id)]
    assert "张三" not in str(kept)
    assert "张三" not in str(said)
    assert (await void(house.app.payments, house.actor(), ask)).repeated
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), replace(ask, reason_text="别的"))
    assert (refused.value.kind.code, refused.value.field) == ("CF-3108", "reason_text")


@pytest.mark.parametrize("minor", [6605, 6609])
async def test_a_withdrawal_during_the_call_ends_with_nothing_kept(still_house, clock, minor):
    house = still_house
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 3
    ask = house.code_payment(minor, wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    await withdraw(
        house.app.payments,
        house.actor(),
        WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=0),
    )
    assert (await at_rest(house, clock, ask.id)).money is MoneyState.REVERSED
    await assert_books_agree(house)
    await assert_evidence_holds(house)


async def test_a_charge_is_asked_for_once_whatever_is_heard_of_it(tmp_path, clock):
    async with open_house(tmp_path, clock=clock) as house:
        for minor in range(6607, 6614):
            ask = house.code_payment(minor, wait_seconds=0)
            await take(house.app.payments, house.actor(), ask)
            await at_rest(house, clock, ask.id, step_seconds=10)
    said = [line for path in (tmp_path / "data" / "spool").iterdir() for line in path.read_text().splitlines()]
    assert len([line for line in said if "/trans/micropay" in line]) == 7


async def facts_of(house, payment_id, leg_id):
    return [body["type"] for _, body in await timeline(house.app.store, 1, payment_id) if body.get("leg") == leg_id]


async def test_a_refund_that_waited_its_turn_is_recorded_as_sent_before_it_is_done(still_house, clock):
    house = still_house
    payment = await taken(house)
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 3
    await refund(house.app.payments, house.actor(), refunding(house, payment, wait_seconds=0))
    second = refunding(house, payment, wait_seconds=0)
    await refund(house.app.payments, house.actor(), second)
    assert (await at_rest(house, clock, payment.id)).refunded_minor == 200
    assert await facts_of(house, payment.id, second.id) == ["refund.created", "refund.sent", "txn.refunded"]


async def test_a_reversal_that_waited_its_turn_is_recorded_as_sent_before_it_is_done(still_house, clock):
    house = still_house
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 3
    ask = house.code_payment(wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    back = WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=0)
    await withdraw(house.app.payments, house.actor(), back)
    assert (await at_rest(house, clock, ask.id)).money is MoneyState.REVERSED
    assert await facts_of(house, ask.id, back.id) == ["txn.reversing", "txn.reversal_sent", "txn.reversed"]


async def test_a_reversal_that_nobody_answers_is_for_a_person_after_72_hours(still_house, clock):
    house = still_house
    house.sandbox.mode = Trick.TROUBLE
    ask = house.code_payment(wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    ended = await at_rest(house, clock, ask.id, step_seconds=2400)
    assert (ended.money, ended.reversal.state) == (MoneyState.MANUAL, "failed")
    assert ended.reversal.ended_at - ended.reversal.asked_at >= 72 * 3600 * 1_000_000
    await assert_evidence_holds(house)


async def test_a_reversal_refused_after_the_cut_of_what_was_paid_is_for_a_person(still_house, clock):
    house = still_house  # 16:00 in Shanghai, and the provider's cut is at 23:00
    await clock.advance(7 * 3600 - 5)
    house.sandbox.next.append(Trick.LATE)
    house.sandbox.late_seconds = 20
    ask = house.code_payment(wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    back = WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=0)
    await withdraw(house.app.payments, house.actor(), back)
    ended = await at_rest(house, clock, ask.id)
    assert (ended.money, ended.reversal.state) == (MoneyState.MANUAL, "failed")
    assert [trade.left for trade in trades(house)] == [3800]
    assert "txn.late_success" in [body["type"] for _, body in await timeline(house.app.store, 1, ask.id)]
    await assert_evidence_holds(house)


async def test_the_same_words_are_committed_to_under_salts_of_their_own(quick_house):
    house = quick_house
    stated = set()
    for _ in range(2):
        ask = replace(voiding(house, await taken(house)), reason="OTHER", reason_text="顾客要求")
        row = (await void(house.app.payments, house.actor(), ask)).void.row
        stated |= {row["reason_text_salt"], row["reason_text_commitment"]}
    assert len(stated) == 4


async def test_the_number_of_a_leg_begins_with_the_date_in_the_shop(tmp_path, clock):
    async with open_house(tmp_path, clock=clock) as house:  # 08:00 UTC of 22 November
        await house.app.store.commit(moved(house, await shop_row(house)))
        payment = await taken(house)
        payment = await refund(house.app.payments, house.actor(), refunding(house, payment))
        assert payment.order_no.startswith("261121")
        assert payment.refunds[0].order_no.startswith("261121")
        reversed_ = house.code_payment(6605, wait_seconds=0)
        await take(house.app.payments, house.actor(), reversed_)
        await withdraw(house.app.payments, house.actor(), WithdrawAsk(id=house.app.ids.uuid(), payment_id=reversed_.id))
        assert (await at_rest(house, clock, reversed_.id)).reversal.order_no.startswith("261121")


async def shop_row(house):
    return await house.app.store.fetch_one(select(shop_table).where(shop_table.c.id == house.shop_id), {})


def moved(house, row):
    """The shop under another sky, where it is still yesterday."""
    guard = Guard(shop_table, row, {"zone": "Pacific/Honolulu"})
    fact = SHOP_ENABLED.fact(at=house.app.clock.now(), subject=row["id"])
    return Change(change_id=house.app.ids.uuid(), merchant_id=1, guards=(guard,), facts=(fact,))

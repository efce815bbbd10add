"""撤销 and 退款: the money goes back once, whole or in part, and never more than came."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from counterfoil.basis import Money, Refused
from counterfoil.payments import MoneyState, RefundAsk, VoidAsk, load, refund, take, void, way_back
from counterfoil.payments.states import LegState
from counterfoil.people import Role
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.testing.house import open_house
from tests.payments.time_passes import at_rest, taken_within


def voiding(house, payment, reason="WRONG_AMOUNT", **more):
    return VoidAsk(id=house.app.ids.uuid(), payment_id=payment.id, reason=reason, **more)


def refunding(house, payment, minor, reason="QUALITY", **more):
    return RefundAsk(id=house.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason=reason, **more)


async def paid(house, minor=10_000):
    return await take(house.app.payments, house.actor(), house.code_payment(minor))


def returned(house):
    """What the provider gave back, by kind."""
    return [(trade.kind, trade.amount) for trade in house.sandbox.ledger.trades() if trade.kind != "charge"]


async def test_a_void_gives_the_whole_amount_back(house):
    payment = await void(house.app.payments, house.actor(), voiding(house, await paid(house)))
    assert payment.money is MoneyState.VOIDED
    assert payment.void is not None
    assert payment.void.state is LegState.DONE
    assert returned(house) == [("void", 10_000)]


async def test_cash_is_voided_and_refunded_without_any_call(quick_house):
    house = quick_house
    first = await take(house.app.payments, house.actor(), house.cash_payment(5000))
    assert (await void(house.app.payments, house.actor(), voiding(house, first))).money is MoneyState.VOIDED
    second = await take(house.app.payments, house.actor(), house.cash_payment(5000))
    assert (await refund(house.app.payments, house.actor(), refunding(house, second, 2000))).refunded_minor == 2000
    assert list(house.sandbox.ledger.trades()) == []


async def test_refunds_in_part_add_up_to_the_whole_and_then_nothing_is_left(house):
    payment = await paid(house)
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 4000))
    assert (payment.money, payment.refundable) == (MoneyState.PART_REFUNDED, Money(6000))
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 6000))
    assert (payment.money, payment.refundable) == (MoneyState.REFUNDED, Money(0))
    assert returned(house) == [("refund", 4000), ("refund", 6000)]
    with pytest.raises(Refused) as refused:
        await refund(house.app.payments, house.actor(), refunding(house, payment, 1))
    assert refused.value.kind.code == "CF-3107"


async def test_a_refund_of_more_than_is_left_is_refused_and_says_what_is_left(quick_house):
    house = quick_house
    payment = await refund(house.app.payments, house.actor(), refunding(house, await paid(house), 4000))
    with pytest.raises(Refused) as refused:
        await refund(house.app.payments, house.actor(), refunding(house, payment, 6001))
    assert refused.value.kind.code == "CF-3104"
    assert "¥60.00" in refused.value.tell("zh-CN").money
    assert returned(house) == [("refund", 4000)]


async def test_many_refunds_at_once_never_give_back_more_than_was_received(house):
    payment = await paid(house)
    asks = [refunding(house, payment, 3000) for _ in range(8)]
    results = await asyncio.gather(
        *(refund(house.app.payments, house.actor(), ask) for ask in asks), return_exceptions=True
    )
    assert all(isinstance(one, Refused) or not isinstance(one, BaseException) for one in results)
    assert sum(amount for _, amount in returned(house)) <= 10_000
    now = await load(house.app.store, 1, payment.id)
    assert now.refunded_minor == sum(amount for _, amount in returned(house)) == 9000
    assert now.refund_reserved_minor == 0


async def test_two_people_voiding_at_once_void_once(house):
    payment = await paid(house)
    results = await asyncio.gather(
        *(void(house.app.payments, house.actor(), voiding(house, payment)) for _ in range(2)), return_exceptions=True
    )
    refused = [one for one in results if isinstance(one, Refused)]
    assert len(refused) == 1
    assert refused[0].kind.code == "CF-3107"
    assert returned(house) == [("void", 10_000)]


async def test_a_void_and_a_refund_at_once_give_back_once(house):
    payment = await paid(house)
    await asyncio.gather(
        void(house.app.payments, house.actor(), voiding(house, payment)),
        refund(house.app.payments, house.actor(), refunding(house, payment, 10_000)),
        return_exceptions=True,
    )
    assert [amount for _, amount in returned(house)] == [10_000]


async def test_a_void_asked_twice_under_one_id_is_one_void(house):
    ask = voiding(house, await paid(house))
    first = await void(house.app.payments, house.actor(), ask)
    again = await void(house.app.payments, house.actor(), ask)
    assert (first.money, again.money, again.repeated) == (MoneyState.VOIDED, MoneyState.VOIDED, True)
    assert returned(house) == [("void", 10_000)]


async def test_an_id_of_one_act_is_refused_for_another(quick_house):
    house = quick_house
    payment = await paid(house)
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), replace(voiding(house, payment), id=payment.id))
    assert refused.value.kind.code == "CF-3108"
    ask = refunding(house, payment, 100)
    await refund(house.app.payments, house.actor(), ask)
    with pytest.raises(Refused) as refused:
        await take(house.app.payments, house.actor(), replace(house.code_payment(), id=ask.id))
    assert refused.value.kind.code == "CF-3108"


async def test_a_void_twice_is_refused(quick_house):
    house = quick_house
    payment = await void(house.app.payments, house.actor(), voiding(house, await paid(house)))
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), voiding(house, payment))
    assert refused.value.kind.code == "CF-3107"


@pytest.mark.parametrize("amount", [6601, 6608])
async def test_what_was_not_paid_cannot_be_voided_or_refunded(still_house, clock, amount):
    house = still_house
    ask = house.code_payment(amount, wait_seconds=0)
    await take(house.app.payments, house.actor(), ask)
    payment = await at_rest(house, clock, ask.id)
    for act, asked in ((void, voiding(house, payment)), (refund, refunding(house, payment, 1))):
        with pytest.raises(Refused) as refused:
            await act(house.app.payments, house.actor(), asked)
        assert refused.value.kind.code == "CF-3107"


async def test_a_payment_of_nobody_cannot_be_voided(quick_house):
    house = quick_house
    ask = VoidAsk(id=house.app.ids.uuid(), payment_id=house.app.ids.uuid(), reason="TEST")
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), ask)
    assert refused.value.kind.code == "CF-3109"


async def test_another_merchants_payment_cannot_be_voided(quick_house):
    house = quick_house
    payment = await paid(house)
    foreign = replace(house.actor(), merchant_id=2)
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, foreign, voiding(house, payment))
    assert refused.value.kind.code == "CF-3109"
    assert returned(house) == []


async def test_after_the_cut_a_void_is_refused_for_a_refund(still_house, clock):
    house = still_house  # its clock begins at 16:00 in Shanghai
    payment = await paid(house)
    manifest = house.app.manifests["lakala"]
    assert way_back(payment, manifest, clock.now()).kind == "void"
    await clock.advance(7 * 3600 - 1)
    assert way_back(payment, manifest, clock.now()).kind == "void"
    await clock.advance(1)
    assert way_back(payment, manifest, clock.now()).why == "after_cut"
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), voiding(house, payment))
    assert (refused.value.kind.code, refused.value.instead) == ("CF-3105", "refund")
    payment = await refund(house.app.payments, house.actor(), refunding(house, payment, 10_000))
    assert payment.money is MoneyState.REFUNDED
    assert payment.refunds[0].clearing_day > payment.clearing_day


async def test_after_a_part_was_refunded_a_void_is_refused_for_a_refund(quick_house):
    house = quick_house
    payment = await refund(house.app.payments, house.actor(), refunding(house, await paid(house), 100))
    with pytest.raises(Refused) as refused:
        await void(house.app.payments, house.actor(), voiding(house, payment))
    assert (refused.value.kind.code, refused.value.instead) == ("CF-3106", "refund")


@pytest.mark.parametrize("trick", [Trick.CUT_AFTER, Trick.CUT_BEFORE, Trick.WRONG_SIGNATURE, Trick.LATE])
@pytest.mark.parametrize("act", ["void", "refund"])
async def test_a_lost_answer_to_a_way_back_gives_back_exactly_once(still_house, clock, act, trick):
    house = still_house
    payment = await paid(house)
    house.sandbox.next.append(trick)
    house.sandbox.late_seconds = 60
    if act == "void":
        asking = void(house.app.payments, house.actor(), voiding(house, payment, wait_seconds=1))
    else:
        asking = refund(house.app.payments, house.actor(), refunding(house, payment, 10_000, wait_seconds=1))
    open_ = await taken_within(house, clock, asyncio.create_task(asking), 1)
    assert open_.in_flight
    ended = await at_rest(house, clock, payment.id)
    assert ended.money is (MoneyState.VOIDED if act == "void" else MoneyState.REFUNDED)
    assert returned(house) == [(act, 10_000)]


@pytest.mark.parametrize(
    ("reason", "text", "field"),
    [
        ("", None, "reason"),
        ("BECAUSE", None, "reason"),
        ("OTHER", None, "reason_text"),
        ("OTHER", " ", "reason_text"),
        ("TEST", "x" * 201, "reason_text"),
        ("TEST", "a\u202eb", "reason_text"),
    ],
)
async def test_a_way_back_needs_a_reason(quick_house, reason, text, field):
    house = quick_house
    payment = await paid(house)
    for act, asked in (
        (void, voiding(house, payment, reason, reason_text=text)),
        (refund, refunding(house, payment, 1, reason, reason_text=text)),
    ):
        with pytest.raises(Refused) as refused:
            await act(house.app.payments, house.actor(), asked)
        assert (refused.value.kind.code, refused.value.field) == ("CF-3115", field)


async def test_a_cashier_gives_nothing_back_alone(quick_house):
    house = quick_house
    payment = await paid(house)
    for act, asked in ((void, voiding(house, payment)), (refund, refunding(house, payment, 1))):
        with pytest.raises(Refused) as refused:
            await act(house.app.payments, house.actor(Role.CASHIER), asked)
        assert refused.value.kind.status == 403
    assert returned(house) == []


async def test_the_words_of_a_reason_can_be_erased_and_their_commitment_stays(tmp_path):
    async with open_house(tmp_path) as house:
        ask = voiding(house, await paid(house), "OTHER", reason_text="顾客张三要求")
        payment = await void(house.app.payments, house.actor(), ask)
        assert payment.void.reason_text == "顾客张三要求"
        assert payment.void.row["reason_text_commitment"]

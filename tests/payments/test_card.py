"""A card at the provider's terminal beside the till: each thing that can happen ends as one thing and once."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from counterfoil.basis import MICROS, Money, Refused, Trouble
from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    RefundAsk,
    VoidAsk,
    WithdrawAsk,
    heed_notices,
    load,
    refund,
    refund_fee,
    resolve_left_open,
    take,
    takes_cards,
    told_of,
    void,
    waiting,
    withdraw,
)
from counterfoil.people import Role
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Trick
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.test_notices import Post
from tests.payments.time_passes import at_rest


@pytest.fixture
async def till(tmp_path, store_address, clock):
    """On each engine, with a clock that obeys."""
    async with open_house(tmp_path, database=store_address, clock=clock) as opened:
        yield opened


async def asked(house, minor=3800, **more):
    return await take(house.app.payments, house.actor(Role.CASHIER), house.card_payment(minor, **more))


async def closed(house, payment, **more):
    ask = WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id, **more)
    return await withdraw(house.app.payments, house.actor(Role.CASHIER), ask)


async def at_the_terminal(house, payment, what="pay"):
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=payment.order_no)
    async with httpx.AsyncClient() as customer:
        url = f"{house.sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}"
        return (await customer.post(url, data={"do": what})).text


def trades(house):
    return [(trade.kind, trade.state, trade.left) for trade in house.sandbox.ledger.trades()]


async def types(house, payment):
    return [body["type"] for _, body in await timeline(house.app.store, 1, payment.id)]


def told(house, payment):
    return told_of(payment, house.app.manifests["lakala"]).kind.code


async def test_a_bill_waits_at_the_terminal_and_a_card_pays_it(till, clock):
    till.sandbox.scan_seconds = None
    payment = await asyncio.wait_for(asked(till), 60)
    assert (payment.money, payment.awaiting, payment.code) == (MoneyState.SENT, "customer", None)
    assert payment.code_until == payment.taken_at + 300 * MICROS
    assert (payment.method, payment.wallet, payment.entry) == ("card", "bank_card", "unknown")
    assert told(till, payment) == "CF-3145"
    assert [one.id for one in await waiting(till.app.store, 1, till.terminal_ids[0])] == [payment.id]
    assert "已付款" in await at_the_terminal(till, payment)
    paid = await at_rest(till, clock, payment.id)
    assert (paid.money, paid.payer_minor, paid.in_flight, paid.code_until) == (MoneyState.CAPTURED, 3800, False, None)
    assert (paid.wallet, paid.card_kind, paid.last_four) == ("bank_card", "debit", "1234")
    assert (len(paid.reference_no), paid.slip_batch_no, len(paid.slip_voucher_no)) == (12, "000001", 6)
    await assert_books_agree(till)
    await assert_evidence_holds(till)


async def test_no_more_than_four_digits_of_a_card_are_kept_anywhere(tmp_path, clock):
    async with open_house(tmp_path, clock=clock) as house:
        assert (await at_rest(house, clock, (await asked(house)).id)).last_four == "1234"
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert b"trade_no" in kept
    assert b"622202" not in kept


async def test_a_plain_amount_is_paid_after_some_seconds_by_itself(till, clock):
    paid = await at_rest(till, clock, (await asked(till)).id)
    assert paid.money is MoneyState.CAPTURED
    await assert_books_agree(till)


async def test_a_slow_customer_is_waited_for_until_the_end_of_the_bill(till, clock):
    till.sandbox.scan_seconds = 280
    paid = await at_rest(till, clock, (await asked(till)).id, step_seconds=10)
    assert paid.money is MoneyState.CAPTURED
    assert paid.captured_at - paid.taken_at >= 279 * MICROS


async def test_a_card_that_its_bank_declines_is_declined(till, clock):
    ended = await at_rest(till, clock, (await asked(till, 6631)).id)
    assert (ended.money, ended.decline_reason) == (MoneyState.DECLINED, "other")
    assert told(till, ended) == "CF-4110"
    assert trades(till) == [("charge", "FAIL", 0)]
    await assert_evidence_holds(till)


async def test_nobody_comes_and_the_bill_expires_at_its_end(till, clock):
    ended = await at_rest(till, clock, (await asked(till, 6632)).id, step_seconds=5)
    assert (ended.money, ended.state_name, ended.decline_reason) == (MoneyState.DECLINED, "closed", "closed")
    assert told(till, ended) == "CF-3146"
    assert 300 * MICROS <= ended.ended_at - ended.taken_at < 330 * MICROS
    assert "没有扣款" in await at_the_terminal(till, ended)
    await assert_books_agree(till)


async def test_the_operator_closes_it_and_no_card_can_pay_it_any_more(till):
    till.sandbox.scan_seconds = None
    payment = await asked(till)
    ended = await asyncio.wait_for(closed(till, payment), 60)
    assert (ended.money, ended.state_name) == (MoneyState.REVERSED, "closed")
    assert "没有扣款" in await at_the_terminal(till, payment)
    assert trades(till) == [("charge", "CLOSE", 0)]
    await assert_evidence_holds(till)


async def test_a_card_that_came_before_the_operator_closes_it_is_received(till):
    payment = await asked(till)
    await at_the_terminal(till, payment)
    with pytest.raises(Refused) as refused:
        await asyncio.wait_for(closed(till, payment), 60)
    assert refused.value.kind.code == "CF-3107"
    assert (await load(till.app.store, 1, payment.id)).money is MoneyState.CAPTURED


@pytest.mark.parametrize("minor", [6633, 6634])
async def test_a_card_that_comes_as_the_bill_is_closed_is_for_a_person(till, clock, minor):
    payment = await asked(till, minor)
    await closed(till, payment, wait_seconds=0)
    ended = await at_rest(till, clock, payment.id)
    assert (ended.money, ended.reversal.state) == (MoneyState.MANUAL, "failed")
    assert [trade[1:] for trade in trades(till)] == [("SUCCESS", minor)]
    assert "txn.late_success" in await types(till, payment)
    await assert_evidence_holds(till)


@pytest.mark.parametrize("trick", [Trick.CUT_BEFORE, Trick.CUT_AFTER, Trick.TROUBLE, Trick.UNLISTED_CODE])
async def test_a_close_whose_answer_is_lost_ends_closed_once(till, clock, trick):
    till.sandbox.scan_seconds = None
    payment = await asked(till)
    till.sandbox.next.append(trick)
    await closed(till, payment, wait_seconds=0)
    ended = await at_rest(till, clock, payment.id)
    assert ended.money is MoneyState.REVERSED
    assert trades(till) == [("charge", "CLOSE", 0)]


@pytest.mark.parametrize("minor", [6636, 6637, 6638])
async def test_a_bill_whose_answer_was_lost_or_says_another_amount_ends_unpaid_when_nobody_pays(till, clock, minor):
    payment = await asyncio.wait_for(asked(till, minor), 60)
    assert payment.money is MoneyState.UNKNOWN
    assert told(till, payment) == "CF-3117"
    ended = await at_rest(till, clock, payment.id, step_seconds=5)
    # What never came is undone by us; what came expires by itself.
    assert ended.money is (MoneyState.REVERSED if minor == 6637 else MoneyState.DECLINED)
    assert [trade[1] for trade in trades(till)] == ([] if minor == 6637 else ["CREATE"])
    await assert_books_agree(till)
    await assert_evidence_holds(till)


async def test_a_bill_whose_answer_was_lost_may_be_paid_and_is_found(till, clock):
    payment = await asked(till, 6636)
    await at_the_terminal(till, payment)
    ended = await at_rest(till, clock, payment.id)
    assert (ended.money, ended.last_four) == (MoneyState.CAPTURED, "1234")
    await assert_books_agree(till)


async def test_a_bill_that_is_not_made_is_declined(till):
    payment = await asked(till, 6635)
    assert (payment.money, payment.decline_reason, payment.in_flight) == (MoneyState.DECLINED, "not_permitted", False)


async def test_a_bill_that_the_provider_closed_itself_is_told_as_closed(till, clock):
    payment = await asked(till, 6632)
    (trade,) = till.sandbox.ledger.trades()
    trade.state = "CLOSE"
    ended = await at_rest(till, clock, payment.id)
    assert (ended.money, ended.decline_reason, ended.state_name) == (MoneyState.DECLINED, "closed", "closed")
    assert told(till, ended) == "CF-3146"


async def noticed(house, minor=3800):
    """A bill whose payment the terminal's notice tells before anybody asks."""
    house.sandbox.scan_seconds = None
    payment = await asked(house, minor, wait_seconds=5)
    await at_the_terminal(house, payment)
    return payment


async def test_a_notice_brings_in_what_the_card_paid(till):
    payment, post = await noticed(till), Post(till)
    _, refused = await post.tell(payment.order_no)
    assert refused is None
    assert await heed_notices(till.app.payments) == 1
    paid = await post.payment(payment.id)
    assert (paid.money, paid.card_kind, paid.last_four) == (MoneyState.CAPTURED, "debit", "1234")
    assert (len(paid.reference_no), paid.slip_batch_no, len(paid.slip_voucher_no)) == (12, "000001", 6)
    for _ in range(2):
        await post.tell(payment.order_no)
        await heed_notices(till.app.payments)
    assert (await types(till, payment)).count("txn.captured") == 1
    await assert_books_agree(till)
    await assert_evidence_holds(till)


async def test_a_notice_before_the_answer_to_the_bill_is_heeded(till):
    payment, post = await noticed(till, 6636), Post(till)
    assert payment.money is MoneyState.UNKNOWN
    await post.tell(payment.order_no)
    await heed_notices(till.app.payments)
    assert (await post.payment(payment.id)).money is MoneyState.CAPTURED


async def test_a_notice_of_another_amount_moves_nothing(till, clock):
    payment, post = await noticed(till), Post(till)
    await post.tell(payment.order_no, NoticeTrick.OTHER_AMOUNT)
    await heed_notices(till.app.payments)
    assert (await post.payment(payment.id)).money is MoneyState.SENT
    assert (await at_rest(till, clock, payment.id)).money is MoneyState.CAPTURED


async def test_the_same_request_again_is_the_same_bill(till):
    ask = till.card_payment()
    first = await take(till.app.payments, till.actor(), ask)
    again = await take(till.app.payments, till.actor(), ask)
    assert (again.repeated, again.order_no) == (True, first.order_no)
    assert len(trades(till)) == 1


@pytest.mark.parametrize("minor", [3800, 6632])
async def test_a_restart_goes_on_with_a_bill_at_the_terminal(tmp_path, clock, minor):
    async with open_house(tmp_path, clock=clock) as house:
        payment = await asked(house, minor)
        await asyncio.wait_for(house.app.payments.drives.close(0), 60)
    async with open_house(tmp_path, clock=clock) as house:
        assert await resolve_left_open(house.app.payments) == 1
        ended = await at_rest(house, clock, payment.id, step_seconds=5)
        assert ended.money is (MoneyState.CAPTURED if minor == 3800 else MoneyState.DECLINED)
        await assert_books_agree(house)


async def test_it_is_never_voided_and_refunded_in_parts(till, clock):
    payment = await at_rest(till, clock, (await asked(till)).id)
    ask = VoidAsk(id=till.app.ids.uuid(), payment_id=payment.id, reason="TEST")
    with pytest.raises(Refused) as refused:
        await void(till.app.payments, till.actor(), ask)
    assert (refused.value.kind.code, refused.value.instead) == ("CF-3106", "refund")
    till.sandbox.next.append(Trick.CUT_AFTER)
    for minor, state in ((800, MoneyState.PART_REFUNDED), (3000, MoneyState.REFUNDED)):
        back = RefundAsk(id=till.app.ids.uuid(), payment_id=payment.id, amount=Money(minor), reason="TEST")
        await refund(till.app.payments, till.actor(), RefundAsk(**{**vars_of(back), "wait_seconds": 0}))
        assert (await at_rest(till, clock, payment.id)).money is state
    await assert_books_agree(till)
    await assert_evidence_holds(till)


def vars_of(ask):
    return {name: getattr(ask, name) for name in ask.__slots__}


@pytest.mark.parametrize("wrong", [{"entry": "chip"}, {"entry": "keyed"}, {"wallet": "wechat"}, {"method": "qr"}])
async def test_another_entry_or_a_wallet_is_no_card(quick_house, wrong):
    ask = quick_house.card_payment()
    with pytest.raises(Refused) as refused:
        await take(quick_house.app.payments, quick_house.actor(), type(ask)(**{**vars_of(ask), **wrong}))
    assert (refused.value.kind.code, refused.value.field) == ("CF-3110", "entry")
    assert trades(quick_house) == []


async def test_what_a_refund_gives_back_of_the_fee_is_asked_and_moves_nothing(till, clock):
    card = await at_rest(till, clock, (await asked(till, 10_000)).id)
    said = await refund_fee(till.app.payments, till.actor(), card.id, Money(5_000))
    assert {one.name: one.value for one in said}["sbx_refund_fee"] == "19"
    cash = await take(till.app.payments, till.actor(), till.cash_payment())
    assert await refund_fee(till.app.payments, till.actor(), cash.id, Money(100)) == ()
    with pytest.raises(Trouble) as trouble:
        await refund_fee(till.app.payments, till.actor(), card.id, Money(10_001))
    assert trouble.value.kind.code == "CF-4234"
    assert (await load(till.app.store, 1, card.id)).legs == ()
    await assert_books_agree(till)


async def test_cards_are_taken_where_a_route_leads_to_an_account_with_a_terminal(quick_house):
    app = quick_house.app
    assert await takes_cards(app.payments, 1, quick_house.terminal_ids[0])
    assert not await takes_cards(app.payments, 1, app.ids.uuid())

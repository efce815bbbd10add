"""通知: kept once, answered, heeded; it moves only what its amount, currency and merchant fit, and decides little."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    NoticeState,
    RefundAsk,
    WithdrawAsk,
    notices_for_a_person,
    refund,
    resolve,
    take,
    withdraw,
)
from counterfoil.payments.tables import payment
from counterfoil.providers import NotOursWhy
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.calls import pay as paid
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick, notice_body
from counterfoil.testing.house import MERCHANT
from tests.payments.books import assert_books_agree, assert_evidence_holds
from tests.payments.post import Post

HOUR = 3600


async def shown(house, minor=2000):
    """A code that somebody pays on its page only."""
    house.sandbox.scan_seconds = None
    return await take(house.app.payments, house.actor(), house.shown_payment(minor, wait_seconds=5))


def pay(house, order_no):
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=order_no)
    assert paid(house.sandbox.ledger, trade, house.app.clock.now())


async def test_a_notice_brings_in_what_the_customer_paid(house):
    post, open_ = Post(house), await shown(house)
    assert open_.money is MoneyState.SENT
    pay(house, open_.order_no)
    reply, refused = await post.tell(open_.order_no)
    assert (json.loads(reply.body)["code"], refused) == ("SUCCESS", None)
    assert await post.heed() == 1
    now = await post.payment(open_.id)
    assert (now.money, now.in_flight, now.code) == (MoneyState.CAPTURED, False, None)
    (kept,) = await post.kept()
    assert (kept.state, kept.how, kept.payment_id) == (NoticeState.DONE, "applied", open_.id)
    said = [said["type"] for _, said in await timeline(house.app.store, MERCHANT, kept.id)]
    assert said == ["notice.kept", "notice.ended"]
    await assert_books_agree(house)
    await assert_evidence_holds(house)


async def test_the_same_notice_again_is_one_notice_and_moves_nothing(quick_house):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    for _ in range(3):
        reply, _ = await post.tell(open_.order_no)
        assert json.loads(reply.body)["code"] == "SUCCESS"
        await post.heed()
    assert len(await post.kept()) == 1
    assert (await post.payment(open_.id)).money is MoneyState.CAPTURED


async def test_a_notice_that_comes_after_the_refund_changes_nothing(quick_house):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    trade = quick_house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    old = notice_body(trade)
    await resolve(quick_house.app.payments, MERCHANT, open_.id)
    asked = RefundAsk(id=quick_house.app.ids.uuid(), payment_id=open_.id, amount=open_.amount, reason="QUALITY")
    assert (await refund(quick_house.app.payments, quick_house.actor(), asked)).money is MoneyState.REFUNDED
    await post.bring(old)
    await post.heed()
    assert (await post.payment(open_.id)).money is MoneyState.REFUNDED
    assert [kept.how for kept in await post.kept()] == ["known"]


@pytest.mark.parametrize(
    ("trick", "why"),
    [(NoticeTrick.OTHER_MERCHANT, NotOursWhy.OTHER_MERCHANT)],
)
async def test_a_notice_for_somebody_else_is_not_kept(quick_house, trick, why):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    reply, refused = await post.tell(open_.order_no, trick)
    assert json.loads(reply.body) == {"code": "FAIL", "message": "CF-4241"}
    assert refused.why is why
    assert await post.kept() == []


async def test_a_notice_of_another_amount_moves_nothing_and_waits_for_a_person(quick_house):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    await post.tell(open_.order_no, NoticeTrick.OTHER_AMOUNT)
    await post.heed()
    (waiting,) = await notices_for_a_person(quick_house.app.store, MERCHANT)
    assert (waiting.how, waiting.payment_id) == ("mismatch", open_.id)
    told = [said["type"] for _, said in await timeline(quick_house.app.store, MERCHANT, open_.id)]
    assert told == ["txn.sent"]


@pytest.mark.parametrize("trick", [NoticeTrick.NUMBERS, NoticeTrick.UNKNOWN_FIELDS])
async def test_numbers_for_text_and_unknown_fields_are_borne(quick_house, trick):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    await post.tell(open_.order_no, trick)
    await post.heed()
    assert (await post.payment(open_.id)).money is MoneyState.CAPTURED


async def test_each_byte_that_is_changed_makes_a_notice_none(quick_house):
    post, open_ = Post(quick_house), await shown(quick_house)
    pay(quick_house, open_.order_no)
    body = notice_body(quick_house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no))
    header = quick_house.sandbox.notices.authorization(body)
    for place in range(len(body)):
        forged = bytearray(body)
        forged[place] ^= 1
        _, refused = await post.bring(bytes(forged), header)
        assert refused.why is NotOursWhy.NOT_SIGNED
    assert await post.kept() == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=80), header=st.text(max_size=80))
async def test_whatever_arrives_unsigned_is_refused_and_never_fails(quick_house, body, header):
    _, refused = await Post(quick_house).bring(body, header or "x")
    assert refused.why is NotOursWhy.NOT_SIGNED


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html>", b'{"merchant_no":"' + MERCHANT_NO.encode() + b'"}'])
async def test_what_is_signed_and_says_nothing_is_unreadable(quick_house, body):
    _, refused = await Post(quick_house).bring(body)
    assert refused.why in (NotOursWhy.UNREADABLE, NotOursWhy.OTHER_MERCHANT)
    assert await Post(quick_house).kept() == []


async def test_a_late_success_of_a_closed_code_is_asked_about_and_goes_to_a_person(still_house, clock):
    post, open_ = Post(still_house), await shown(still_house, 6623)
    trade = still_house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    before = notice_body(trade).replace(b'"CREATE"', b'"SUCCESS"')
    means = still_house.app.payments
    closed = await withdraw(means, still_house.actor(), WithdrawAsk(id=means.ids.uuid(), payment_id=open_.id))
    assert closed.money in (MoneyState.REVERSED, MoneyState.MANUAL)
    await post.bring(before)
    await post.heed()
    assert (await post.payment(open_.id)).money is MoneyState.MANUAL


async def test_an_unknown_order_is_parked_for_a_day_and_then_a_payment_by_the_printed_code(still_house, clock):
    post, sandbox = Post(still_house), still_house.sandbox
    trade = sandbox.printed_code_paid(1450)
    await post.tell(trade.order_no)
    for _ in range(30):
        await post.heed()
        await clock.advance(HOUR * 0.5)
    (kept,) = await post.kept()
    assert (kept.state, kept.payment_id) == (NoticeState.KEPT, None)
    await clock.advance(HOUR * 12)
    await post.heed()
    (kept,) = await post.kept()
    assert (kept.state, kept.how) == (NoticeState.DONE, "recorded")
    born = await post.payment(kept.payment_id)
    assert (born.entry, born.money, born.amount_minor, born.wallet) == (
        "static_code",
        MoneyState.CAPTURED,
        1450,
        "wechat",
    )
    await post.tell(trade.order_no)
    await post.heed()
    rows = await still_house.app.store.fetch(select(payment).where(payment.c.merchant_id == MERCHANT))
    assert len(rows) == 1


async def test_an_unknown_order_that_looks_like_ours_waits_for_a_person(still_house, clock):
    post, sandbox = Post(still_house), still_house.sandbox
    trade = sandbox.printed_code_paid(1450)
    body = notice_body(trade).replace(trade.order_no.encode(), b"2" * 24)
    await post.bring(body)
    await post.heed()
    await clock.advance(HOUR * 24)
    await post.heed()
    (waiting,) = await notices_for_a_person(still_house.app.store, MERCHANT)
    assert (waiting.how, waiting.payment_id) == ("unknown", None)

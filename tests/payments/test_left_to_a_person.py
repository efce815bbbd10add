"""A notice left to a person: booked once at the shop they name, or put aside; never against what it says."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from counterfoil.basis import Fault, Refused
from counterfoil.evidence import timeline
from counterfoil.payments import (
    CLOSE_REASONS,
    MoneyState,
    NoticeState,
    WithdrawAsk,
    ask_of_notice,
    book_notice,
    close_notice,
    count_for_a_person,
    notices_for_a_person,
    take,
    withdraw,
)
from counterfoil.people import Role
from counterfoil.providers import Approved
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Trick
from counterfoil.providers.lakala.sandbox.calls import pay as paid
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick, notice_body
from counterfoil.records import Find, day_so_far, find
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_evidence_holds, every_payment
from tests.payments.post import DAY, Post

STRANGE = "01890000-0000-7000-8000-000000000001"


@pytest.fixture
async def both_houses(tmp_path, store_address, clock):
    """Over each engine in turn, with a clock that obeys."""
    async with open_house(tmp_path, database=store_address, clock=clock) as opened:
        yield opened


async def code_of(awaited) -> str:
    with pytest.raises(Refused) as refused:
        await awaited
    return refused.value.kind.code


async def test_it_is_booked_at_the_shop_the_person_names_with_its_own_amount(both_houses, clock):
    house, means = both_houses, both_houses.app.payments
    kept = await Post(house).left_to_a_person(clock)
    actor = house.actor(Role.SUPERVISOR)
    booked = await book_notice(means, actor, kept.id, house.shop_id)
    assert (booked.id, booked.entry, booked.money, booked.amount) == (
        kept.id,
        "static_code",
        MoneyState.CAPTURED,
        kept.said.amount,
    )
    assert (booked.shop_id, booked.terminal_id, booked.operator_id) == (house.shop_id, house.terminal_ids[0], None)
    told = [(said["type"], said["actor"]) for _, said in await timeline(house.app.store, MERCHANT, kept.id)]
    assert told == [
        ("notice.kept", "system"),
        ("notice.ended", "system"),
        ("txn.recorded", actor.person_id),
        ("notice.ended", actor.person_id),
    ]
    sums = await day_so_far(house.app.records, MERCHANT, house.shop_id, booked.business_day)
    assert [(one.kind, one.count, one.minor) for one in sums] == [("sale", 1, 1450)]
    assert await count_for_a_person(house.app.store, MERCHANT) == 0
    await assert_evidence_holds(house)


async def test_what_was_booked_is_found_by_each_number_of_the_notice(still_house, clock):
    kept = await Post(still_house).left_to_a_person(clock, order_no="LKLS07315528846190027413")
    booked = await book_notice(still_house.app.payments, still_house.actor(), kept.id, still_house.shop_id)
    numbers = (booked.order_no, booked.provider_trade_no, booked.wallet_trade_no, booked.reference_no)
    found = [(await find(still_house.app.records, MERCHANT, Find(number=number))).items for number in numbers]
    assert [[one.id for one in items] for items in found] == [[booked.id]] * len(numbers)


async def test_a_second_press_books_nothing_more(both_houses, clock):
    house, means = both_houses, both_houses.app.payments
    kept = await Post(house).left_to_a_person(clock)
    presses = [book_notice(means, house.actor(), kept.id, house.shop_id) for _ in range(4)]
    assert {booked.id for booked in await asyncio.gather(*presses)} == {kept.id}
    assert len(await every_payment(house)) == 1
    assert await code_of(close_notice(means, house.actor(), kept.id, "NOT_OURS")) == "CF-3161"
    await assert_evidence_holds(house)


async def test_booking_and_putting_aside_at_once_is_one_of_the_two(both_houses, clock):
    house, means = both_houses, both_houses.app.payments
    kept = await Post(house).left_to_a_person(clock)
    acts = (
        book_notice(means, house.actor(), kept.id, house.shop_id),
        close_notice(means, house.actor(), kept.id, "TEST"),
    )
    ends = await asyncio.gather(*acts, return_exceptions=True)
    refused = [end.kind.code for end in ends if isinstance(end, Refused)]
    assert refused == ["CF-3161"]
    (now,) = await Post(house).kept()
    assert (now.how == "recorded") == (now.reason is None) == (len(await every_payment(house)) == 1)
    await assert_evidence_holds(house)


@pytest.mark.parametrize("reason", CLOSE_REASONS)
async def test_it_is_put_aside_for_a_reason_and_nothing_is_booked(still_house, clock, reason):
    means, actor = still_house.app.payments, still_house.actor()
    kept = await Post(still_house).left_to_a_person(clock)
    for _ in range(2):
        closed = await close_notice(means, actor, kept.id, reason)
        assert (closed.state, closed.reason, closed.how) == (NoticeState.DONE, reason, "unknown")
    assert await every_payment(still_house) == []
    *_, (_, said) = await timeline(still_house.app.store, MERCHANT, kept.id)
    assert (said["type"], said["reason"], said["actor"], said["auth"]) == (
        "notice.closed",
        reason,
        actor.person_id,
        "pin+term",
    )
    assert (
        await code_of(close_notice(means, actor, kept.id, next(r for r in CLOSE_REASONS if r != reason))) == "CF-3161"
    )
    assert await code_of(book_notice(means, actor, kept.id, still_house.shop_id)) == "CF-3161"
    await assert_evidence_holds(still_house)


async def test_two_notices_of_one_order_are_booked_once_even_at_the_same_moment(both_houses, clock):
    house, means = both_houses, both_houses.app.payments
    one = await Post(house).left_to_a_person(clock, 1450)
    other = await Post(house).left_to_a_person(clock, 1450)
    assert one.said.order_no == other.said.order_no
    acts = (book_notice(means, house.actor(), each.id, house.shop_id) for each in (one, other))
    ends = await asyncio.gather(*acts, return_exceptions=True)
    assert [end.kind.code for end in ends if isinstance(end, Fault)] == ["CF-3161"]
    assert len(await every_payment(house)) == 1
    assert sorted(kept.how for kept in await Post(house).kept()) == ["known", "recorded"]
    assert await count_for_a_person(house.app.store, MERCHANT) == 0
    await assert_evidence_holds(house)


async def test_another_amount_of_the_same_order_stays_for_a_person_who_sees_the_record(still_house, clock):
    means = still_house.app.payments
    one = await Post(still_house).left_to_a_person(clock, 1450)
    other = await Post(still_house).left_to_a_person(clock, 1451)
    await book_notice(means, still_house.actor(), one.id, still_house.shop_id)
    (waiting,) = await notices_for_a_person(still_house.app.store, MERCHANT)
    assert (waiting.id, waiting.how, waiting.payment_id) == (other.id, "mismatch", one.id)
    assert await code_of(book_notice(means, still_house.actor(), other.id, still_house.shop_id)) == "CF-3162"
    await assert_evidence_holds(still_house)


async def test_who_may_not_decide_changes_nothing(still_house, clock):
    means = still_house.app.payments
    kept = await Post(still_house).left_to_a_person(clock)
    cashier = still_house.actor(Role.CASHIER)
    elsewhere = replace(still_house.actor(), shop_ids=frozenset())
    assert await code_of(book_notice(means, cashier, kept.id, still_house.shop_id)) == "CF-2021"
    assert await code_of(close_notice(means, cashier, kept.id, "TEST")) == "CF-2021"
    assert await code_of(ask_of_notice(means, cashier, kept.id)) == "CF-2021"
    assert await code_of(book_notice(means, elsewhere, kept.id, still_house.shop_id)) == "CF-2021"
    assert (await Post(still_house).kept())[0].state is NoticeState.PERSON


async def test_what_cannot_be_is_refused(still_house, clock):
    means, actor = still_house.app.payments, still_house.actor()
    kept = await Post(still_house).left_to_a_person(clock)
    other = replace(actor, merchant_id=MERCHANT + 1)
    assert await code_of(book_notice(means, actor, STRANGE, still_house.shop_id)) == "CF-3160"
    assert await code_of(book_notice(means, other, kept.id, still_house.shop_id)) == "CF-3160"
    assert await code_of(close_notice(means, other, kept.id, "TEST")) == "CF-3160"
    assert await code_of(close_notice(means, actor, kept.id, "BECAUSE")) == "CF-3166"
    assert await code_of(book_notice(means, actor, kept.id, STRANGE)) == "CF-3164"
    assert await code_of(ask_of_notice(means, actor, kept.id)) == "CF-3165"


async def test_one_that_is_still_parked_is_nobodys_to_decide(still_house):
    post, means, actor = Post(still_house), still_house.app.payments, still_house.actor()
    await post.tell(still_house.sandbox.printed_code_paid(1450).order_no)
    await post.heed()
    (kept,) = await post.kept()
    assert await code_of(book_notice(means, actor, kept.id, still_house.shop_id)) == "CF-3161"
    assert await code_of(close_notice(means, actor, kept.id, "TEST")) == "CF-3161"


async def test_one_of_another_amount_is_never_booked_beside_its_payment(still_house, clock):
    post, means, actor = Post(still_house), still_house.app.payments, still_house.actor()
    still_house.sandbox.scan_seconds = None
    open_ = await take(means, actor, still_house.shown_payment(2000, wait_seconds=5))
    trade = still_house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    assert paid(still_house.sandbox.ledger, trade, clock.now())
    await post.tell(open_.order_no, NoticeTrick.OTHER_AMOUNT)
    await post.heed()
    (kept,) = await notices_for_a_person(still_house.app.store, MERCHANT)
    assert await code_of(book_notice(means, actor, kept.id, still_house.shop_id)) == "CF-3162"
    assert isinstance(await ask_of_notice(means, actor, kept.id), Approved)
    assert (await post.kept())[0].state is NoticeState.PERSON
    assert (await close_notice(means, actor, kept.id, "RECORDED")).reason == "RECORDED"
    assert [one.id for one in await every_payment(still_house)] == [open_.id]


async def test_money_that_has_a_record_is_not_booked_again(still_house, clock):
    """The same trade told twice under two numbers: the second is the first one's money."""
    post, means, actor = Post(still_house), still_house.app.payments, still_house.actor()
    trade = still_house.sandbox.printed_code_paid(1450)
    await post.tell(trade.order_no)
    await post.bring(notice_body(trade).replace(trade.order_no.encode(), b"LKLSELSEWHERE"))
    await post.heed()
    await clock.advance(DAY)
    await post.heed()
    waiting = await notices_for_a_person(still_house.app.store, MERCHANT)
    assert [one.how for one in waiting] == ["unknown"]
    assert await code_of(book_notice(means, actor, waiting[0].id, still_house.shop_id)) == "CF-3163"
    assert len(await every_payment(still_house)) == 1


async def test_a_contradiction_ends_when_the_provider_answers_the_question(still_house, clock):
    post, means, actor, sandbox = Post(still_house), still_house.app.payments, still_house.actor(), still_house.sandbox
    sandbox.scan_seconds = None
    open_ = await take(means, actor, still_house.shown_payment(2000, wait_seconds=5))
    trade = sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    told = notice_body(trade).replace(b'"CREATE"', b'"SUCCESS"')
    closed = await withdraw(means, actor, WithdrawAsk(id=means.ids.uuid(), payment_id=open_.id))
    assert closed.money is MoneyState.REVERSED
    sandbox.mode = Trick.CUT_BEFORE
    await post.bring(told)
    for _ in range(30):
        await post.heed()
        await clock.advance(DAY / 24)
    (waiting,) = await notices_for_a_person(still_house.app.store, MERCHANT)
    assert (waiting.how, waiting.payment_id) == ("contradicted", open_.id)
    await ask_of_notice(means, actor, waiting.id)
    assert (await post.kept())[0].state is NoticeState.PERSON
    sandbox.mode = None
    await ask_of_notice(means, actor, waiting.id)
    (kept,) = await post.kept()
    assert (kept.state, kept.how) == (NoticeState.DONE, "known")
    assert await code_of(ask_of_notice(means, actor, waiting.id)) == "CF-3161"
    await assert_evidence_holds(still_house)


async def test_the_list_goes_on_behind_any_of_them(both_houses, clock):
    post = Post(both_houses)
    for number in range(5):
        await post.left_to_a_person(clock, 1000 + number, str(number) * 24)
    store = both_houses.app.store
    all_ = await notices_for_a_person(store, MERCHANT)
    assert [one.said.amount.minor for one in all_] == [1000, 1001, 1002, 1003, 1004]
    some = await notices_for_a_person(store, MERCHANT, limit=2)
    rest = await notices_for_a_person(store, MERCHANT, after=some[-1])
    assert [one.id for one in some + rest] == [one.id for one in all_]
    assert await count_for_a_person(store, MERCHANT) == 5

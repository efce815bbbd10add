"""The process dies between two commits of a notice: started again, everything ends once and nothing is doubled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.evidence import timeline
from counterfoil.payments import (
    MoneyState,
    NoticeState,
    book_notice,
    heed_notices,
    resolve_left_open,
    take,
)
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.calls import pay as paid
from counterfoil.testing.house import MERCHANT, open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.payments.post import DAY, Post


class Died(BaseException):
    """What nobody catches: the process is gone."""


class DiesAt:
    """A store whose process dies at a commit: before it is made, or after it is and before anybody hears of it."""

    def __init__(self, store, *, nth: int, after: bool) -> None:
        self._store = store
        self._left = nth
        self._after = after

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def commit(self, change):
        if self._left > 0:
            self._left -= 1
            return await self._store.commit(change)
        if self._after:
            await self._store.commit(change)
        raise Died


async def dies(means, work, *, nth, after):
    """Whether ``work`` came to the commit at which it dies; what commits less than that many times ends well."""
    try:
        await work(replace(means, store=DiesAt(means.store, nth=nth, after=after)))
    except Died:
        return True
    return False


CRASHES = [
    pytest.param(nth, after, id=f"{'after' if after else 'before'}-{nth + 1}")
    for nth in range(2)
    for after in (False, True)
]


@pytest.mark.parametrize(("nth", "after"), CRASHES)
async def test_a_payment_that_a_notice_brought_in_is_brought_in_once(tmp_path, store_address, clock, nth, after):
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        post = Post(house)
        house.sandbox.scan_seconds = None
        open_ = await take(house.app.payments, house.actor(), house.shown_payment(2000, wait_seconds=5))
        trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
        assert paid(house.sandbox.ledger, trade, clock.now())
        await post.tell(open_.order_no)
        assert await dies(house.app.payments, heed_notices, nth=nth, after=after)
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        post = Post(house)
        await resolve_left_open(house.app.payments)
        for _ in range(3):
            await post.heed()
            await clock.advance(600)
        now = await post.payment(open_.id)
        assert (now.money, now.in_flight) == (MoneyState.CAPTURED, False)
        (kept,) = await post.kept()
        assert (kept.state, kept.due_at, kept.payment_id) == (NoticeState.DONE, None, open_.id)
        told = [said["type"] for _, said in await timeline(house.app.store, MERCHANT, kept.id)]
        assert told == ["notice.kept", "notice.ended"]
        received = [said["type"] for _, said in await timeline(house.app.store, MERCHANT, open_.id)]
        assert len([kind for kind in received if kind in ("txn.captured", "txn.resolved")]) == 1
        await assert_books_agree(house)
        await assert_evidence_holds(house)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("by", ["worker", "person"])
async def test_a_payment_by_the_printed_code_is_recorded_once(tmp_path, store_address, clock, by, after):
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        post, means = Post(house), house.app.payments
        if by == "person":
            kept = await post.left_to_a_person(clock)

            async def work(dying):
                await book_notice(dying, house.actor(), kept.id, house.shop_id)
        else:
            await post.tell(house.sandbox.printed_code_paid(1450).order_no)
            await clock.advance(DAY)
            work = heed_notices
        assert await dies(means, work, nth=0, after=after)
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        post = Post(house)
        await resolve_left_open(house.app.payments)
        await post.heed()
        (kept,) = await post.kept()
        if by == "person":
            assert kept.state is (NoticeState.DONE if after else NoticeState.PERSON)
            await book_notice(house.app.payments, house.actor(), kept.id, house.shop_id)
            (kept,) = await post.kept()
        assert (kept.state, kept.how, kept.payment_id) == (NoticeState.DONE, "recorded", kept.id)
        (one,) = await every_payment(house)
        assert (one.id, one.money, one.amount_minor) == (kept.id, MoneyState.CAPTURED, 1450)
        told = [said["type"] for _, said in await timeline(house.app.store, MERCHANT, one.id)]
        assert told.count("txn.recorded") == 1
        await assert_evidence_holds(house)


@pytest.mark.parametrize("nth", range(3))
async def test_a_notice_is_kept_whole_or_not_at_all(tmp_path, store_address, clock, nth):
    """It is answered only once it is durable, so what dies here is sent again."""
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        post = Post(house)
        trade = house.sandbox.printed_code_paid(1450)
        for _ in range(nth):
            await post.tell(trade.order_no)
        assert len(await post.kept()) == min(nth, 1)

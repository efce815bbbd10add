"""One merchant's rush is not another's wait; the queue is bounded, and its last places are for who has little in it."""

from __future__ import annotations

import asyncio

import pytest

from counterfoil.basis import Trouble
from tests.store.house import assert_log_whole, opened, selling

RUSH = 10_000


async def test_a_merchant_with_ten_thousand_waiting_delays_another_by_two_batches_at_most(store_address):
    async with opened(store_address, queue_max=2 * RUSH) as store:
        rush = [asyncio.create_task(store.commit(selling())) for _ in range(RUSH)]
        await asyncio.wait(rush, return_when=asyncio.FIRST_COMPLETED)
        assert store.queued > RUSH // 2
        before = store.counted["batches"]
        await store.commit(selling(merchant_id=2))
        assert store.counted["batches"] - before <= 2
        assert not all(task.done() for task in rush)
        for task in rush:
            task.cancel()
        await asyncio.gather(*rush, return_exceptions=True)


async def test_the_last_places_of_the_queue_are_for_who_has_little_in_it(store_address):
    async with opened(store_address, queue_max=800) as store:
        rush = asyncio.gather(*(store.commit(selling()) for _ in range(1000)), return_exceptions=True)
        await asyncio.sleep(0)
        assert store.queued == 700
        others = await asyncio.gather(*(store.commit(selling(merchant_id=number)) for number in (2, 3, 4)))
        assert len(others) == 3
        refused = [each for each in await rush if isinstance(each, Trouble)]
        assert {each.kind.code for each in refused} == {"CF-6101"}
        assert len(refused) == 300
        assert await assert_log_whole(store, 1) == 700


async def test_every_wait_for_a_commit_is_counted(store_address):
    async with opened(store_address) as store:
        assert list(store.waits) == []
        await asyncio.gather(*(store.commit(selling()) for _ in range(20)))
        assert len(store.waits) == 20
        assert all(seconds > 0 for seconds in store.waits)
        with pytest.raises(AttributeError):
            store.waits = ()

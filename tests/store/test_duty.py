"""A duty is one process's at a time; who lost it writes nothing more that requires it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from counterfoil.basis import Ids, SystemEntropy
from counterfoil.store import Duty, Stale
from counterfoil.testing.clock import ManualClock
from tests.store.house import opened, selling

SECONDS = 30


@asynccontextmanager
async def processes(address, count):
    """``count`` stores on one database, each with its view of the same duty, and the clock they share."""
    clock = ManualClock()
    ids = Ids(clock, SystemEntropy())
    async with AsyncExitStack() as closing:
        stores = [await closing.enter_async_context(opened(address)) for _ in range(count)]
        yield (
            clock,
            stores,
            [Duty(store, "test", holder=ids.uuid(), seconds=SECONDS, clock=clock, ids=ids) for store in stores],
        )


async def test_one_is_on_duty_and_another_takes_over_once_it_gave_no_word(postgres_address):
    async with processes(postgres_address, 2) as (clock, _, (one, two)):
        assert not await one.elsewhere()
        first = await one.take()
        assert (first.epoch, await one.elsewhere(), await two.elsewhere()) == (1, False, True)
        assert await two.take() is None
        await clock.advance(SECONDS - 1)
        renewed = await one.take()
        assert renewed.epoch == 1
        await clock.advance(SECONDS - 1)
        assert await two.take() is None
        await clock.advance(1)
        assert (await two.take()).epoch == 2
        assert await one.take() is None


async def test_who_renews_in_time_writes_once_in_half_of_it(postgres_address):
    async with processes(postgres_address, 1) as (clock, (store,), (one,)):
        await one.take()
        before = store.counted["changes"]
        for _ in range(SECONDS):
            await one.take()
            await clock.advance(1)
        assert store.counted["changes"] - before == 1


async def test_who_leaves_lets_another_begin_at_once(postgres_address):
    async with processes(postgres_address, 2) as (_, _, (one, two)):
        await one.take()
        await two.leave()
        assert await two.take() is None
        await one.leave()
        assert (await two.take()).epoch == 2


@pytest.mark.parametrize("at_once", [True, False])
async def test_who_was_overtaken_writes_nothing_that_requires_the_duty(postgres_address, at_once):
    async with processes(postgres_address, 2) as (clock, (ours, theirs), (one, two)):
        held = await one.take()
        await ours.commit(selling(requires=(held.require,)))
        if not at_once:
            await clock.advance(SECONDS)
        taken = await two.take(at_once=at_once)
        with pytest.raises(Stale):
            await ours.commit(selling(requires=(held.require,)))
        await theirs.commit(selling(requires=(taken.require,)))


async def test_of_many_who_begin_together_one_is_on_duty(postgres_address):
    async with processes(postgres_address, 4) as (_, _, duties):
        taken = await asyncio.gather(*(duty.take() for duty in duties))
        assert len([one for one in taken if one is not None]) == 1


async def test_all_who_take_over_at_once_get_their_turn(postgres_address):
    async with processes(postgres_address, 4) as (_, _, duties):
        taken = await asyncio.gather(*(duty.take(at_once=True) for duty in duties))
        assert sorted(one.epoch for one in taken) == [1, 2, 3, 4]


async def test_several_tasks_of_the_process_on_duty_are_all_on_duty(postgres_address):
    async with processes(postgres_address, 1) as (clock, _, (one,)):
        for _ in range(2):
            taken = await asyncio.gather(*(one.take() for _ in range(4)))
            assert None not in taken
            await clock.advance(SECONDS)

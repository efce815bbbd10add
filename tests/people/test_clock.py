import asyncio

import pytest

from counterfoil.basis import MICROS, Broken
from counterfoil.testing.clock import START, ManualClock


async def test_the_clock_stands_until_told_and_wakes_sleepers_at_their_time():
    clock, woken = ManualClock(), []

    async def sleeper(seconds):
        await clock.sleep(seconds)
        woken.append((seconds, clock.now() - START))

    async with asyncio.TaskGroup() as group:
        for seconds in (3, 1, 2):
            group.create_task(sleeper(seconds))
        await clock.advance(0.5)
        assert woken == []
        assert clock.sleepers() == 3
        await clock.advance(2)
        assert woken == [(1, MICROS), (2, 2 * MICROS)]
        await clock.advance(10)
    assert woken[-1] == (3, 3 * MICROS)
    assert clock.monotonic() == 12.5


async def test_a_sleeper_that_sleeps_again_is_woken_within_the_same_advance():
    clock, seen = ManualClock(), []

    async def ticker():
        for _ in range(3):
            await clock.sleep(1)
            seen.append(clock.monotonic())

    task = asyncio.create_task(ticker())
    await clock.advance(3)
    await task
    assert seen == [1, 2, 3]


async def test_the_clock_never_goes_back():
    with pytest.raises(Broken):
        await ManualClock().advance(-1)

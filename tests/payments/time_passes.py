"""Letting time pass in a house whose clock stands still."""

from __future__ import annotations

import asyncio

from counterfoil.payments import load, resolve_due


async def until(true):
    """Give the others turns until ``true()``."""
    for _ in range(6000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


async def at_rest(house, clock, payment_id, *, step_seconds=2):
    """Let time pass until nothing of the payment is open or queued; the payment as it then is."""
    for _ in range(400):
        found = await load(house.app.store, 1, payment_id)
        if found is not None and found.due_at is None:
            return found
        await _turns(0.002)
        await all_paused(house, tries=30)
        await clock.advance(step_seconds)
        await resolve_due(house.app.payments)
    raise AssertionError("it never came to rest")


async def taken_within(house, clock, taking, seconds):
    """The answer of an act whose caller stays on the line for ``seconds``."""
    await until(clock.sleepers)
    await clock.advance(seconds)
    return await asyncio.wait_for(taking, 60)


async def all_paused(house, *, tries=6000):
    """Until each drive of a payment waits for its time, or, where the provider waits for the clock, for a while."""
    drives = house.app.payments.drives
    for _ in range(tries):
        if drives._tasks.keys() <= drives._nudges.keys():
            return
        await asyncio.sleep(0.01)


async def settled_turns():
    """Give the others the time that a question to the sandbox takes, while the clock stands still."""
    await _turns(0.01)


async def _turns(seconds):
    """Ten turns of the loop with a pause in each: on a busy machine one long pause may be a single turn."""
    for _ in range(10):
        await asyncio.sleep(seconds)

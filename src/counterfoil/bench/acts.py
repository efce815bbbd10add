"""Payments straight into the act: so many callers in this process, each asking for the next as soon as it is answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import cycle

from counterfoil.bench.house import Counter, House
from counterfoil.payments import MoneyState, take


@dataclass(slots=True)
class Taken:
    """What a while of taking payments came to: seconds it lasted, and how long each payment took."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)


async def take_for(house: House, callers: int, seconds: float) -> Taken:
    """Let ``callers`` take payments for ``seconds``; each payment counted was captured and durable.

    Raises RuntimeError where one was not captured: a figure over anything else would say nothing.
    """
    made = Taken()
    clock = house.app.clock
    begun = clock.monotonic()
    counters = cycle(house.counters)
    until = begun + seconds
    await asyncio.gather(*(_calls(house, next(counters), until, made) for _ in range(callers)))
    made.seconds = clock.monotonic() - begun
    return made


async def _calls(house: House, at: Counter, until: float, made: Taken) -> None:
    monotonic = house.app.clock.monotonic
    while (begun := monotonic()) < until:
        payment = await take(house.app.payments, at.actor, house.ask(at, 3800))
        if payment.money is not MoneyState.CAPTURED:
            raise RuntimeError(f"a payment ended {payment.money}")
        made.took.append(monotonic() - begun)

"""Payments straight into the act: callers in this process, each asking for the next as soon as it is answered."""

from __future__ import annotations

import asyncio
import resource
from itertools import cycle

from counterfoil.bench.faults import DID_NOT_RUN
from counterfoil.bench.house import Counter, House
from counterfoil.bench.rounds import Taken
from counterfoil.payments import MoneyState, take


async def take_for(house: House, callers: int, seconds: float) -> Taken:
    """Let ``callers`` take payments for ``seconds``; each payment counted was captured and durable.

    Raises Refused CF-7203 where one was not captured: a figure over anything else would say nothing.
    """
    made = Taken()
    clock = house.app.clock
    begun, spent = clock.monotonic(), cpu_seconds()
    counters = cycle(house.counters)
    until = begun + seconds
    await asyncio.gather(*(_calls(house, next(counters), until, made) for _ in range(callers)))
    made.seconds, made.cpu_seconds = clock.monotonic() - begun, cpu_seconds() - spent
    made.count = len(made.took)
    return made


async def _calls(house: House, at: Counter, until: float, made: Taken) -> None:
    monotonic = house.app.clock.monotonic
    while (begun := monotonic()) < until:
        payment = await take(house.app.payments, at.actor, house.ask(at, 3800))
        if payment.money is not MoneyState.CAPTURED:
            raise DID_NOT_RUN(why=f"a payment ended as {payment.money}")
        made.took.append(monotonic() - begun)


def cpu_seconds() -> float:
    """What all threads of this process have spent so far, in the program and in the kernel for it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime

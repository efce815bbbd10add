"""300 payments over a wire that breaks before, in the middle of and after a call: none is lost, none is doubled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from counterfoil.payments import MoneyState, take
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.fault_proxy import Break, FaultProxy
from counterfoil.testing.house import open_house
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.payments.time_passes import at_rest

CALLS = 300
AT_ONCE = 12


async def test_of_300_payments_over_a_broken_wire_none_is_lost_or_doubled(tmp_path):
    clock = ManualClock()
    plan = random.Random(7).choices(list(Break), k=4 * CALLS)
    async with open_house(tmp_path, clock=clock, between=lambda url: broken_wire(url, plan)) as house:
        asks = [house.code_payment(100 + n, wait_seconds=0) for n in range(CALLS)]
        for start in range(0, CALLS, AT_ONCE):
            some = asks[start : start + AT_ONCE]
            await asyncio.gather(*(take(house.app.payments, house.actor(), ask) for ask in some))
        for ask in asks:
            await at_rest(house, clock, ask.id, step_seconds=5)
        states = Counter(one.money for one in await every_payment(house))
        assert sum(states.values()) == CALLS
        # The wire was bad enough to try every way out.
        assert states[MoneyState.CAPTURED] > CALLS // 3
        assert states[MoneyState.REVERSED] > 0
        await assert_books_agree(house)
        await assert_evidence_holds(house)


@asynccontextmanager
async def broken_wire(url, plan):
    target = urlsplit(url)
    async with FaultProxy(target.hostname, target.port, plan).running() as port:
        yield f"http://127.0.0.1:{port}"

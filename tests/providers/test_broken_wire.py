"""300 calls through a proxy that breaks connections: each executed one is found, none is lost or doubled."""

import asyncio
import random
from collections import Counter
from urllib.parse import urlsplit

import pytest

from counterfoil.providers import Approved, Declined, Transport, Unknown, Why
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.testing.fault_proxy import Break, FaultProxy
from tests.providers.stage import Till, account_row, accounts, no_commit, section

CALLS = 300
BREAKS = [kind for kind in Break if kind is not Break.PASS]


async def _ends(till: Till, order_no: str, amount: int) -> bool:
    """Ask until it is known, as payments does; True: paid, False: the provider never had it."""
    for _ in range(20):
        outcome = await till.query(order_no, amount)
        if isinstance(outcome, Approved):
            return True
        assert not isinstance(outcome, Declined)
        if isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND:
            return False
    raise AssertionError(f"{order_no} never ended")


@pytest.mark.parametrize("seed", [7])
async def test_300_calls_through_a_broken_wire(keys, url, sandbox, spool, clock, seed):
    chance = random.Random(seed)
    place = urlsplit(url)
    proxy = FaultProxy(place.hostname, place.port)
    transport = Transport(commit_open=no_commit, connect_seconds=1, read_seconds=2, total_seconds=4, loopback=True)
    async with proxy.running() as port:
        connector = accounts({"main": section(keys, f"http://127.0.0.1:{port}")}, transport, spool, clock).connector(
            account_row()
        )
        till = Till(connector, clock)
        # Questions meet the broken wire too; what is left of the plan does not matter.
        plan = [chance.choice([Break.PASS, Break.PASS, *BREAKS]) for _ in range(5 * CALLS)]
        proxy.plan.extend(plan)
        first: Counter[str] = Counter()
        paid: dict[str, int] = {}

        async def one(at: int) -> None:
            amount = 1000 + at
            order_no, outcome = await till.charge(amount, order_no=f"N{at:031d}")
            first[type(outcome).__name__] += 1
            if isinstance(outcome, Approved) or await _ends(till, order_no, amount):
                paid[order_no] = amount

        for start in range(0, CALLS, 30):
            await asyncio.gather(*(one(at) for at in range(start, start + 30)))
    await transport.close()
    executed = {trade.order_no: trade.amount for trade in sandbox.ledger.trades() if trade.kind == "charge"}
    assert paid == executed
    assert first["Unknown"] > 100
    assert first["Approved"] > 50
    assert 0 < len(executed) < CALLS
    assert all(trade.merchant_no == MERCHANT_NO for trade in sandbox.ledger.trades())

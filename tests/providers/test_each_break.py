"""Each way a wire can break, call after call: whatever the provider carried out is found, and nothing else is believed.

300 calls a kind with ``--long``; otherwise a part of them.
"""

import asyncio
from urllib.parse import urlsplit

import pytest

from counterfoil.providers import Approved, Transport, Unknown, Why
from counterfoil.testing.fault_proxy import Break, FaultProxy
from tests.providers.stage import Till, account_row, accounts, no_commit, section

CALLS, SAMPLE, AT_ONCE = 300, 30, 15
PATIENCE_SECONDS = 20
HOLD_SECONDS = 1.0
# Whether a call broken in this way is carried out by the provider; None: if it comes before its own reversal.
CARRIED_OUT = {
    Break.DROP_REQUEST: False,
    Break.HALF_REQUEST: False,
    Break.DROP_ANSWER: True,
    Break.HALF_ANSWER: True,
    Break.FLIP_ANSWER: True,
    Break.DELAY: None,
    Break.DUPLICATE: True,
    Break.SLOW: True,
}


async def _paid(till: Till, order_no: str, amount: int) -> bool:
    """As payments does: ask, and where nobody knows of it undo it, so that it cannot come any more either."""
    for _ in range(20):
        outcome = await till.query(order_no, amount)
        if isinstance(outcome, Approved):
            return True
        if isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND:
            _, undone = await till.leg("reverse", order_no, amount)
            if isinstance(undone, Approved):
                return False
    raise AssertionError(f"{order_no} never ended")


@pytest.fixture
def calls(request):
    return CALLS if request.config.getoption("long") else SAMPLE


@pytest.fixture
def reaching(keys, spool, clock):
    """A till that reaches the sandbox at an address of ours, over a transport of ours."""

    def till(url, transport):
        return Till(accounts({"main": section(keys, url)}, transport, spool, clock).connector(account_row()), clock)

    return till


@pytest.mark.parametrize("kind", CARRIED_OUT)
async def test_every_executed_call_is_found(url, sandbox, reaching, kind, calls):
    place = urlsplit(url)
    proxy = FaultProxy(place.hostname, place.port, hold_seconds=HOLD_SECONDS)
    # Only who is held back is left before the answer comes.
    patience = HOLD_SECONDS / 2 if kind is Break.DELAY else PATIENCE_SECONDS
    transport = Transport(
        commit_open=no_commit, connect_seconds=5, read_seconds=patience, total_seconds=patience, loopback=True
    )
    first, paid = [], {}
    async with proxy.running() as port:
        till = reaching(f"http://127.0.0.1:{port}", transport)
        for start in range(0, calls, AT_ONCE):
            proxy.plan.extend([kind] * AT_ONCE)
            charging = [till.charge(1000 + at, order_no=f"N{at:031d}") for at in range(start, start + AT_ONCE)]
            first += await asyncio.gather(*charging)
            proxy.plan.clear()
            for at in range(start, start + AT_ONCE):
                order_no, outcome = first[at]
                if isinstance(outcome, Approved) or await _paid(till, order_no, 1000 + at):
                    paid[order_no] = 1000 + at
        # What was held back has arrived by then, whoever still waits for it.
        await asyncio.sleep(HOLD_SECONDS if kind is Break.DELAY else 0)
    await transport.close()
    charges = [trade for trade in sandbox.ledger.trades() if trade.kind == "charge"]
    assert {trade.order_no: trade.amount for trade in charges if trade.state == "SUCCESS"} == paid
    if CARRIED_OUT[kind] is not None:
        assert len(charges) == calls * CARRIED_OUT[kind]
    unheard = kind not in (Break.DUPLICATE, Break.SLOW)
    assert sum(isinstance(outcome, Unknown) for _, outcome in first) == (calls if unheard else 0)

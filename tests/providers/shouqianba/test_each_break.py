"""Each way a wire can break, pay after pay: whatever Shouqianba carried out is found, and nothing else is believed.

300 calls a kind with ``--long``; otherwise a part of them. Its answers are not signed, so what is flipped is not read.
"""

from __future__ import annotations

import asyncio
from functools import partial
from urllib.parse import urlsplit

import msgspec
import pytest

from counterfoil.basis import SystemEntropy
from counterfoil.providers import Approved, Spool, Transport, Unknown, Why, scan
from counterfoil.providers.shouqianba.sandbox import open_sandbox
from counterfoil.testing.fault_proxy import Break, FaultProxy
from tests.providers.shouqianba.stage import one_key
from tests.providers.stage import StageClock, Till, account_row, accounts, no_commit

CALLS, SAMPLE, AT_ONCE = 300, 15, 15
PATIENCE_SECONDS, HOLD_SECONDS = 20, 1.0
EACH = [kind for kind in Break if kind is not Break.PASS]
CARRIED_OUT = {Break.DROP_ANSWER, Break.HALF_ANSWER, Break.FLIP_ANSWER, Break.DUPLICATE, Break.SLOW}
HEARD = {Break.DUPLICATE, Break.SLOW}


async def paid(till, order_no, amount):
    """As payments does: ask; where nobody knows of it, cancel it and ask again."""
    for _ in range(20):
        outcome = await till.query(order_no, amount)
        if isinstance(outcome, Approved):
            return True
        if isinstance(outcome, Unknown) and outcome.why is Why.NOT_FOUND:
            _, undone = await till.leg("reverse", order_no, amount)
            if isinstance(undone, Unknown) and undone.why is Why.NOT_FOUND:
                return False
    raise AssertionError(f"{order_no} never ended")


@pytest.mark.parametrize("kind", EACH)
async def test_every_executed_pay_is_found(tmp_path, kind, long):
    clock, calls = StageClock(), CALLS if long else SAMPLE
    patience = HOLD_SECONDS / 2 if kind is Break.DELAY else PATIENCE_SECONDS
    transport = Transport(
        commit_open=no_commit, connect_seconds=5, read_seconds=patience, total_seconds=patience, loopback=True
    )
    hasty = {"shouqianba": msgspec.structs.replace(scan()["shouqianba"], answer_seconds={})}
    opening = partial(open_sandbox, clock=clock, entropy=SystemEntropy(), new_key=one_key)
    spool = Spool(tmp_path / "spool")
    async with opening(tmp_path / "sandbox") as face:
        place = urlsplit(face.url)
        proxy = FaultProxy(place.hostname, place.port, hold_seconds=HOLD_SECONDS)
        async with proxy.running() as port:
            section = dict(face.settings) | {"base_url": f"http://127.0.0.1:{port}"}
            made = accounts({"main": section}, transport, spool, clock, manifests=hasty)
            till = Till(made.connector(account_row(provider="shouqianba", merchant_no="", cut_minute=0)), clock)
            first, found = await _through(till, proxy, kind, calls)
    await transport.close()
    spool.close()
    orders = list(face.sandbox.ledger.orders())
    assert {order.client_sn: order.total for order in orders if order.taken_at is not None} == found
    if kind is not Break.DELAY:  # Where its connection came about too late, it never left.
        assert len(orders) == calls * (kind in CARRIED_OUT)
    assert sum(isinstance(outcome, Unknown) for outcome in first) == (0 if kind in HEARD else calls)


async def _through(till, proxy, kind, calls):
    """The first answers, and what is found to be paid."""
    first, found = [], {}
    for start in range(0, calls, AT_ONCE):
        batch = range(start, start + AT_ONCE)
        proxy.plan.extend([kind] * AT_ONCE)
        answers = await asyncio.gather(*(till.charge(1000 + at, order_no=f"N{at:023d}") for at in batch))
        proxy.plan.clear()
        if kind is Break.DELAY:
            await asyncio.sleep(HOLD_SECONDS)
        for order_no, outcome in answers:
            first.append(outcome)
            amount = 1000 + int(order_no[1:])
            if isinstance(outcome, Approved) or await paid(till, order_no, amount):
                found[order_no] = amount
    return first, found

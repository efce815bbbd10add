"""``serve --processes 4`` under load, one killed with -9: nothing told is lost, nothing doubles, no log has a gap."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys

import httpx
import pytest
from sqlalchemy import func, select

from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.payments.tables import payment
from counterfoil.people import terminals
from counterfoil.store.tables import evidence_head, evidence_leaf
from counterfoil.testing.house import MERCHANT, furnish, open_house, sandbox_section
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.resilience.tills import Till, Tills
from tests.resilience.trading import (
    LATER,
    OURS,
    Shop,
    at_rest,
    children,
    key_of,
    open_sandbox_only,
    server,
    settings_text,
)

PROCESSES = 4
TAKING = range(2, 12)
PAYMENTS = 800
PAYMENTS_LONG = 200_000
CALLERS = 64
END_SECONDS = 120
VICTIM = 2
TRIES_MAX = 3000

IDS = select(payment.c.merchant_id, payment.c.id, payment.c.amount_minor, payment.c.money).where(
    payment.c.merchant_id > MERCHANT
)
LEAVES = select(
    evidence_leaf.c.merchant_id,
    func.count().label("count"),
    func.min(evidence_leaf.c.position).label("first"),
    func.max(evidence_leaf.c.position).label("last"),
).group_by(evidence_leaf.c.merchant_id)
HEADS = select(evidence_head.c.merchant_id, evidence_head.c.size)
SIGNED = select(evidence_checkpoint.c.merchant_id, func.max(evidence_checkpoint.c.size).label("size")).group_by(
    evidence_checkpoint.c.merchant_id
)


async def stocked(house, luck, total):
    """The merchants of the house: one trades by code, with voids and refunds, ten take cash as fast as they can."""
    await furnish(house.app, TAKING)
    places = []
    for merchant_id in TAKING:
        key, found = await key_of(house.app, merchant_id), await terminals(house.app.store, merchant_id)
        places += [Till(merchant_id, key, one.shop_id, one.id) for one, _ in found]
    shop = Shop(await key_of(house.app, MERCHANT), house.shop_id, house.terminal_ids[0], luck)
    return shop, Tills(places, total, luck)


async def back_again(number, api):
    """Wait until the killed process is there again and answers."""
    for _ in range(TRIES_MAX):
        if await who_answers(api) == number:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came back")


async def who_answers(api):
    async with httpx.AsyncClient(trust_env=False) as client:
        told = (await client.get(api.replace("/api/v1", "/metrics"))).text
    return int(told.partition('process="')[2].partition('"')[0])


@pytest.mark.timeout(1500)
async def test_one_of_four_killed_under_load_loses_and_doubles_nothing(tmp_path, postgres_address, long):
    total = PAYMENTS_LONG if long else PAYMENTS
    luck = random.Random(20261125)
    async with open_house(tmp_path, database=postgres_address) as house:
        shop, tills = await stocked(house, luck, total)
    async with open_sandbox_only(tmp_path) as url:
        config = tmp_path / "settings.toml"
        config.write_text(settings_text(sandbox_section(tmp_path / "sandbox", url), postgres_address))
        async with server(tmp_path / "data", config, "--processes", str(PROCESSES)) as (process, api):
            stop = asyncio.Event()
            trading = asyncio.create_task(shop.trade(api, stop))
            taking = asyncio.create_task(tills.work(api, CALLERS))
            await tills.third.wait()
            os.kill(children(process.pid)[VICTIM], signal.SIGKILL)
            await back_again(VICTIM, api)
            stop.set()
            await trading
            await taking
            sys.stderr.write(f"{total} payments in {tills.seconds:.1f} s over HTTP\n")
            await at_rest(api, shop)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), END_SECONDS) == 0
    deaths = [said for said in told_by(tmp_path) if said.get("event") == "process.ended"]
    assert [(said["process"], said["code"]) for said in deaths] == [(VICTIM, -signal.SIGKILL)]
    async with open_house(tmp_path, database=postgres_address) as house:
        await assert_nothing_lost(house, shop, tills)
        await assert_logs_whole_and_signed(house)
        await assert_books_agree(house)
        await assert_evidence_holds(house)
    assert await verified(tmp_path / "data", postgres_address) == 0


async def verified(data, address):
    """What the command ``verify`` ends with."""
    command = ["-m", "counterfoil", "verify", "--data", str(data), "--database", address, "--json"]
    null, ours = asyncio.subprocess.DEVNULL, {**os.environ, **OURS}
    done = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=null, stderr=null, env=ours)
    return await done.wait()


def told_by(folder):
    """What the server said in its log, line by line."""
    lines = (folder / "stderr").read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


async def assert_nothing_lost(house, shop, tills):
    """Every acknowledged id is there once, captured, with its amount, and nothing that nobody sent."""
    rows = await house.app.store.fetch(IDS)
    assert {row["id"]: (row["merchant_id"], row["amount_minor"]) for row in rows} == tills.told
    assert len(rows) == tills.total
    assert {row["money"] for row in rows} == {"captured"}
    assert tills.repeats
    ours = {one.id: one for one in await every_payment(house)}
    assert len(shop.told) > 10
    for payment_id, state in shop.told.items():
        assert ours[payment_id].money in LATER.get(state, set(ours[payment_id].money.__class__)), state


async def assert_logs_whole_and_signed(house):
    """No gap in any log, and the clean end left no leaf unsigned."""
    sizes = {row["merchant_id"]: row["size"] for row in await house.app.store.fetch(HEADS)}
    for row in await house.app.store.fetch(LEAVES):
        assert (row["first"], row["last"], row["count"]) == (0, row["count"] - 1, sizes[row["merchant_id"]])
    assert {row["merchant_id"]: row["size"] for row in await house.app.store.fetch(SIGNED)} == sizes

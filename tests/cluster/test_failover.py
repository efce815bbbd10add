"""The primary fails in the middle of payments: nothing acknowledged is lost, nothing said not to be there is there.

One server, eight who sell for cash and for codes through the API, three databases under Patroni. After each failure
everybody goes on by themselves; who was told that it is not known asks again by the same id, and that is one payment.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from counterfoil.people import ALLOWED, Actor, Role, make_key
from counterfoil.testing.house import MERCHANT, open_house, sandbox_section
from tests.cluster.selling import Sellers
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.resilience.test_killed import LATER, at_rest, open_sandbox_only, server, settings_text

# How often each happens in one run, in the sample and in full.
TIMES = {"postgres killed": (1, 20), "node killed": (1, 3), "switchover": (1, 3)}
BEFORE_SECONDS = (1.0, 2.5)
AFTER_SECONDS = 3.0


@dataclass(slots=True)
class Scene:
    folder: Path
    address: str
    config: Path
    sellers: Sellers


@asynccontextmanager
async def furnished(patroni, folder):
    """A database of its own on the cluster with a shop in it, Lakala's sandbox, and the people who sell."""
    await patroni.ready()
    address = await patroni.create(f"t{uuid.uuid4().hex}")
    async with open_house(folder, database=address) as house:
        actor = Actor(
            merchant_id=MERCHANT,
            person_id=house.person_ids[Role.ADMINISTRATOR],
            permissions=ALLOWED[Role.ADMINISTRATOR],
            auth="start",
        )
        scopes = ("pay", "read", "refund", "void")
        _, key = await make_key(house.app.people, actor, label="test", owner_id=actor.person_id, scopes=scopes)
        place = {"shop_id": house.shop_id, "terminal_id": house.terminal_ids[0]}
    async with open_sandbox_only(folder) as url:
        config = folder / "settings.toml"
        accounts = settings_text(sandbox_section(folder / "sandbox", url))
        config.write_text(f'[database]\naddress = "{address}"\n{accounts}')
        yield Scene(folder, address, config, Sellers(key.reveal(), place, random.Random(20261125)))


async def fail(patroni, case, leader):
    if case == "switchover":
        await patroni.switch(leader)
    elif case == "postgres killed":
        await asyncio.to_thread(leader.kill_postgres)
    else:
        await asyncio.to_thread(leader.kill)
        # While it is dead nobody waits for it; it comes back as a standby.
        await patroni.ready(standbys=1)
        leader.start()


async def through_one_failure(patroni, case, sellers, api, stderr):
    """Sell, let the database fail, sell on; the seconds that nobody was told anything."""
    leader = await patroni.ready()
    stop = asyncio.Event()
    trading = asyncio.create_task(sellers.sell(api, stop))
    await asyncio.sleep(sellers.luck.uniform(*BEFORE_SECONDS))
    since = asyncio.get_running_loop().time()
    await fail(patroni, case, leader)
    await patroni.ready()
    await asyncio.sleep(AFTER_SECONDS)
    stop.set()
    try:
        await trading
    except AssertionError as error:
        error.add_note(stderr.read_text()[-6000:])
        raise
    return sellers.outage_seconds(since)


@pytest.mark.parametrize("case", TIMES)
@pytest.mark.timeout(3600)
async def test_nothing_acknowledged_is_lost_when_the_primary_fails(tmp_path, patroni, case, long, capsys):
    times = TIMES[case][long]
    async with furnished(patroni, tmp_path) as scene:
        sellers = scene.sellers
        async with server(tmp_path / "data", scene.config) as (process, api), sellers.client(api) as client:
            outages = [
                await through_one_failure(patroni, case, sellers, api, tmp_path / "stderr") for _ in range(times)
            ]
            in_doubt = len(sellers.doubted)
            there = await sellers.present(client, sellers.doubted)
            assert await sellers.present(client, sellers.refused) == set(), "said not to be recorded, and is"
            for one in list(sellers.doubted):
                answer = await sellers.one(client, sellers.asked[one])
                assert answer is not None
                assert answer.status_code in ((200, 202) if one in there else (200, 201, 202)), answer.text
            await at_rest(api, sellers)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 60) == 0
    assert sellers.unanswered == [], "every question had an answer"
    async with open_house(tmp_path, database=scene.address) as house:
        ours = {one.id: one for one in await every_payment(house)}
        lost = [
            one for one, state in sellers.told.items() if ours[one].money not in LATER.get(state, {ours[one].money})
        ]
        assert lost == []
        assert set(ours) == set(sellers.told), "what is recorded was told, sooner or later"
        await assert_books_agree(house)
        await assert_evidence_holds(house)
    told = {"case": case, "n": times, "outage_seconds": [round(each, 1) for each in outages]}
    told |= {"acknowledged": len(sellers.told), "lost": len(lost), "in_doubt": in_doubt, "of_them_present": len(there)}
    told |= {"refused": len(sellers.refused), "slowest_seconds": round(sellers.slowest, 1)}
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(told)}\n")

"""Both standbys dead, and strict: what may be lost is never confirmed, whoever ends the wait; all ends in time."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from counterfoil.testing.house import open_house
from tests.cluster.selling import UNKNOWN
from tests.cluster.test_failover import furnished
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.resilience.test_killed import server

# The commit's deadline, and what finding out may take; the rest is a busy machine's.
UNKNOWN_WITHIN_SECONDS = 10 + 25 + 15
STOPPED_WITHIN_SECONDS = 60
CANCEL = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


async def cancelling(leader, asked):
    """Do what an administrator in a hurry would: cancel all that hangs, until the question has its answer."""
    admin = await asyncpg.connect(host="127.0.0.1", port=leader.port, user="postgres", database="postgres")
    cancelled = 0
    while not asked.done():
        cancelled += len(await admin.fetch(CANCEL))
        await asyncio.sleep(0.1)
    await admin.close()
    return cancelled


async def told(sellers, client, codes):
    """Ask for payments, one after the other, until one is answered so; none is ever said to be recorded."""
    async with asyncio.timeout(3 * UNKNOWN_WITHIN_SECONDS):
        while True:
            body = sellers.new("cash")
            answer = await sellers.one(client, body)
            assert answer.status_code == 503
            if answer.json()["code"] in codes:
                return body


@pytest.mark.timeout(600)
async def test_nothing_is_confirmed_that_no_standby_holds_and_all_is_there_once_they_are_back(tmp_path, patroni):
    async with furnished(patroni, tmp_path) as scene:
        sellers = scene.sellers
        leader = await patroni.ready()
        standbys = [node for node in patroni.nodes.values() if node is not leader]
        kept = sellers.new("cash")
        async with server(tmp_path / "data", scene.config) as (process, api), sellers.client(api) as client:
            assert (await sellers.one(client, kept)).status_code == 201
            for node in standbys:
                await asyncio.to_thread(node.kill)
            asked = asyncio.create_task(told(sellers, client, UNKNOWN))
            assert await cancelling(leader, asked) > 0
            await asked
            await told(sellers, client, {"CF-6108"})
            assert await sellers.present(client, {kept["id"]: ""}) == {kept["id"]}
            process.terminate()
            assert await asyncio.wait_for(process.wait(), STOPPED_WITHIN_SECONDS) == 0
        for node in standbys:
            node.start()
        await patroni.ready()
        async with server(tmp_path / "data", scene.config) as (process, api), sellers.client(api) as client:
            assert await sellers.present(client, sellers.refused) == set()
            there = await sellers.present(client, sellers.doubted)
            for one in list(sellers.doubted):
                again = await sellers.one(client, sellers.asked[one])
                assert again.status_code == (200 if one in there else 201)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), STOPPED_WITHIN_SECONDS) == 0
    assert sellers.unanswered == []
    async with open_house(tmp_path, database=scene.address) as house:
        assert {one.id for one in await every_payment(house)} == set(sellers.told)
        await assert_books_agree(house)
        await assert_evidence_holds(house)

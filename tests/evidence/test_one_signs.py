"""Of several processes on one database one signs; who was overtaken writes no checkpoint; a close signs anywhere."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select

from counterfoil.evidence import DUTY_SECONDS, Archive, MerkleLog, Signer
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.store import Duty, Stale, open_store
from tests.evidence.conftest import House, stop

SIZES = select(evidence_checkpoint.c.size).order_by(evidence_checkpoint.c.size)


class Process:
    """Another process on the house's database: a store of its own, and a signer that can be put to sleep."""

    def __init__(self, house, store):
        self.house, self.store = house, store
        self.awake = asyncio.Event()
        self.awake.set()
        self.asleep = asyncio.Event()
        self.duty = Duty(
            store, "signer", holder=house.ids.uuid(), seconds=DUTY_SECONDS, clock=house.clock, ids=house.ids
        )
        self.signer = Signer(
            self,
            Archive(self, house.data_dir),
            house.key,
            installation=store.installation.uuid,
            clock=house.clock,
            ids=house.ids,
            duty=self.duty,
        )

    async def fetch(self, *asked):
        return await self.store.fetch(*asked)

    async def commit(self, change):
        if not self.awake.is_set():
            self.asleep.set()
            await self.awake.wait()
        return await self.store.commit(change)


@pytest.fixture
def house(tmp_path, postgres_address):
    return House(tmp_path, postgres_address)


@asynccontextmanager
async def two(house):
    opened = [
        open_store(house.address, log=MerkleLog(), clock=house.clock, ids=house.ids, fail_stop=stop) for _ in range(2)
    ]
    async with house.running(), opened[0] as one, opened[1] as other:
        await house.open_merchant()
        yield Process(house, one), Process(house, other)


async def sizes(house):
    return [row["size"] for row in await house.store.fetch(SIZES)]


async def test_one_signs_and_another_takes_over_where_it_gives_no_sign(house):
    async with two(house) as (one, other):
        assert (await one.signer.sign_all(), await other.signer.sign_all()) == (1, 0)
        await house.sales(1)
        assert (await other.signer.sign_all(), await one.signer.sign_all()) == (0, 1)
        await house.sales(1)
        await house.clock.sleep(DUTY_SECONDS)
        assert (await other.signer.sign_all(), await one.signer.sign_all()) == (1, 0)
        assert await sizes(house) == [1, 3, 5]
        assert (await house.verify()).sound


async def test_a_signer_that_slept_while_another_took_over_writes_no_checkpoint(house):
    async with two(house) as (one, other):
        await one.signer.sign_all()
        await house.sales(1)
        one.awake.clear()
        sleeping = asyncio.create_task(one.signer.sign_all())
        await one.asleep.wait()
        await house.sales(1)
        await house.clock.sleep(DUTY_SECONDS)
        assert await other.signer.sign_all() == 1
        one.awake.set()
        with pytest.raises(Stale):
            await sleeping
        assert await sizes(house) == [1, 5]
        assert await one.signer.sign_all() == 0
        assert b"\n5\n" in house.archive.checkpoint_file(1).read_bytes()


async def test_who_takes_over_while_the_other_sleeps_and_gives_it_back_loses_nothing(house):
    async with two(house) as (one, other):
        for turn in range(4):
            await house.sales(1)
            await (one, other)[turn % 2].signer.sign_now(1)
        assert await sizes(house) == [3, 5, 7, 9]
        assert (await house.verify()).sound


async def test_closes_at_both_processes_at_once_are_both_signed(house):
    async with two(house) as (one, other):
        for _ in range(5):
            await house.sales(1)
            notes = await asyncio.gather(one.signer.sign_now(1), other.signer.sign_now(1), one.signer.sign_now(1))
            assert len(set(notes)) == 1
        assert (await house.verify()).sound


async def test_the_last_of_several_that_end_together_has_signed_everything(house):
    async with two(house) as (one, other):
        await house.sales(3)
        await asyncio.gather(one.signer.leave(), other.signer.leave())
        assert (await sizes(house))[-1] == 7
        assert await one.signer.sign_all() == 0
        assert not await one.duty.elsewhere() or not await other.duty.elsewhere()

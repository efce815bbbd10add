"""The worker and the signer outlive a database that goes away and comes back."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import asyncpg

from counterfoil.basis import Trouble
from counterfoil.doors.worker import working
from counterfoil.payments import MoneyState, load, take
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house
from tests.payments.books import assert_evidence_holds

TURNS_MAX = 2000


async def shut(address, name, *, away):
    """Let nobody into the database and throw out who is in it; or let them in again."""
    connection = await asyncpg.connect(address)
    await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {"false" if away else "true"}')
    if away:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await connection.close()


def signed(house):
    """How far the log is signed and laid out for everybody."""
    return int((house.app.data / "evidence" / "1" / "checkpoint").read_text().splitlines()[1])


async def size(heads):
    return await heads.fetchval("SELECT size FROM evidence_head WHERE merchant_id = 1")


async def turns(clock, seconds):
    for _ in range(seconds):
        await clock.advance(1)
        await asyncio.sleep(0.03)


async def test_a_database_that_was_away_finds_the_worker_at_work(tmp_path, postgres, postgres_address):
    clock, name = ManualClock(), urlsplit(postgres_address).path[1:]
    async with open_house(tmp_path, database=postgres_address, clock=clock) as house, working(house.app):
        ask = house.code_payment(6609, wait_seconds=0)
        await take(house.app.payments, house.actor(), ask)
        await turns(clock, 2)
        await shut(postgres.address("postgres"), name, away=True)
        try:
            found = await asyncio.gather(load(house.app.store, 1, ask.id), return_exceptions=True)
            assert isinstance(found[0], Trouble)
            await turns(clock, 45)
        finally:
            await shut(postgres.address("postgres"), name, away=False)
        heads = await asyncpg.connect(postgres_address)
        for _ in range(TURNS_MAX):
            await turns(clock, 1)
            if (await load(house.app.store, 1, ask.id)).money is MoneyState.CAPTURED and signed(house) == await size(
                heads
            ):
                break
        assert (await load(house.app.store, 1, ask.id)).money is MoneyState.CAPTURED
        assert signed(house) == await size(heads)
        await heads.close()
        await assert_evidence_holds(house)

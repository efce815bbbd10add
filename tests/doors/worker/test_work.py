"""The rounds that run beside the requests do what is due, from the first moment on."""

import asyncio

from sqlalchemy import func, select

from counterfoil.basis import Secret
from counterfoil.doors.worker import working
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.payments import take
from counterfoil.people import sign_in
from counterfoil.people.tables import session
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, PASSWORD, open_house

TWO_DAYS = 2 * 24 * 3600
TURNS_MAX = 2000


async def count(house, table):
    rows = await house.app.store.fetch(select(func.count().label("many")).select_from(table))
    return rows[0]["many"]


async def become(house, table, many):
    for _ in range(TURNS_MAX):
        if await count(house, table) == many:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{table.name} keeps {await count(house, table)} rows")


async def test_ended_sessions_and_superseded_checkpoints_go_by_themselves(tmp_path):
    clock = ManualClock()
    async with open_house(tmp_path, clock=clock) as house:
        at = {"merchant_id": MERCHANT, "terminal_id": house.terminal_ids[0]}
        await sign_in(house.app.people, number="01", password=Secret(PASSWORD), **at)
        for minor in (100, 200, 300):
            await take(house.app.payments, house.actor(), house.cash_payment(minor))
            await house.app.signer.sign_all()
        assert (await count(house, session), await count(house, evidence_checkpoint)) == (1, 3)
        await clock.advance(TWO_DAYS)
        async with working(house.app):
            await become(house, session, 0)
            await become(house, evidence_checkpoint, 1)

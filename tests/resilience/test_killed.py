"""The server killed with -9 in the middle of payments: what it told is there, every intent ends, none doubles."""

from __future__ import annotations

import asyncio
import os
import random
import signal

import pytest

from counterfoil.testing.house import MERCHANT, open_house, sandbox_section
from tests.payments.books import assert_books_agree, assert_evidence_holds, every_payment
from tests.resilience.trading import LATER, Shop, at_rest, key_of, open_sandbox_only, server, settings_text

KILLS = 5
KILLS_LONG = 50
# A server is killed once it has told of so many more payments, and then at any moment.
TOLD_BETWEEN = 5


@pytest.mark.timeout(600)
async def test_killed_in_the_middle_of_payments_nothing_acknowledged_is_lost(tmp_path, long):
    kills = KILLS_LONG if long else KILLS
    luck = random.Random(20261125)
    async with open_house(tmp_path) as house:
        shop = Shop(await key_of(house.app, MERCHANT), house.shop_id, house.terminal_ids[0], luck)
    async with open_sandbox_only(tmp_path) as url:
        config = tmp_path / "settings.toml"
        config.write_text(settings_text(sandbox_section(tmp_path / "sandbox", url)))
        for _ in range(kills):
            async with server(tmp_path / "data", config) as (process, api):
                stop = asyncio.Event()
                trading = asyncio.create_task(shop.trade(api, stop))
                known = len(shop.told)
                while len(shop.told) <= known + TOLD_BETWEEN:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                await asyncio.sleep(luck.uniform(0, 0.7))
                os.kill(process.pid, signal.SIGKILL)
                await process.wait()
                stop.set()
                await trading
        async with server(tmp_path / "data", config) as (process, api):
            await at_rest(api, shop)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 120) == 0
    async with open_house(tmp_path) as house:
        ours = {one.id: one for one in await every_payment(house)}
        assert len(shop.told) > kills * TOLD_BETWEEN
        for payment_id, state in shop.told.items():
            assert ours[payment_id].money in LATER.get(state, set(ours[payment_id].money.__class__)), state
        await assert_books_agree(house)
        await assert_evidence_holds(house)

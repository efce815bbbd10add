"""One house for each engine with a day's payments in it."""

from __future__ import annotations

import pytest

from counterfoil.basis import Money
from counterfoil.payments import RefundAsk, VoidAsk, refund, take, void
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house


@pytest.fixture
async def day(tmp_path, store_address):
    """A house, its payments oldest first, and its clock: one voided, one part refunded, one declined, one in cash."""
    clock = ManualClock()
    async with open_house(tmp_path, database=store_address, clock=clock) as house:
        paid = []
        for minor in (100, 200, 300, 400, 6601):
            await clock.advance(60)
            paid.append(await take(house.app.payments, house.actor(), house.code_payment(minor)))
        await clock.advance(60)
        paid.append(await take(house.app.payments, house.actor(), house.cash_payment(500)))
        voiding = VoidAsk(id=house.app.ids.uuid(), payment_id=paid[1].id, reason="TEST")
        paid[1] = await void(house.app.payments, house.actor(), voiding)
        asked = RefundAsk(id=house.app.ids.uuid(), payment_id=paid[2].id, amount=Money(100), reason="TEST")
        paid[2] = await refund(house.app.payments, house.actor(), asked)
        yield house, paid, clock

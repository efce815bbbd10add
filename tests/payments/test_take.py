from __future__ import annotations

from counterfoil.payments import MoneyState, take
from counterfoil.testing.house import open_house


async def test_a_code_payment_is_captured(tmp_path, store_address):
    async with open_house(tmp_path, database=store_address) as house:
        paid = await take(house.app.payments, house.actor(), house.code_payment(3800))
        assert paid.money is MoneyState.CAPTURED
        assert paid.voucher_no == 1
        assert paid.position is not None
        cash = await take(house.app.payments, house.actor(), house.cash_payment(3800, 5000))
        assert cash.change_minor == 1200

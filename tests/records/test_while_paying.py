"""A page is whole although payments go on while it is read; and the numbers of what went back are found."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.payments import take
from counterfoil.records import Find, find


class Busy:
    """A store in which two payments are taken after each reading."""

    def __init__(self, house):
        self.house = house

    async def fetch(self, *asked):
        rows = await self.house.app.store.fetch(*asked)
        for _ in range(2):
            await take(self.house.app.payments, self.house.actor(), self.house.cash_payment())
        return rows


async def test_what_went_back_is_shown_although_the_page_moved_on(day):
    house, paid, _ = day
    means = replace(house.app.records, store=Busy(house))
    page = await find(means, 1, Find(limit=4))
    shown = {one.id: [leg.kind for leg in one.legs] for one in page.items}
    assert shown[paid[2].id] == ["refund"]


async def test_a_refund_is_found_by_each_number_on_its_slip(day):
    house, paid, _ = day
    leg = paid[2].refunds[0]
    numbers = [leg.order_no, leg.provider_trade_no, leg.wallet_trade_no]
    assert all(numbers)
    for number in numbers:
        page = await find(house.app.records, 1, Find(number=number))
        assert [one.id for one in page.items] == [paid[2].id]

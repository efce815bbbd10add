"""One of several processes on one database: takes payments for each merchant in turn, and voids some of them."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import msgspec

from counterfoil.app import open_app
from counterfoil.basis import Money, Settings
from counterfoil.payments import MoneyState, TakeAsk, VoidAsk, take, void
from counterfoil.people import ALLOWED, Actor, Role, persons, terminals

AT_ONCE = 64


async def work(data: Path, address: str, merchants: int, count: int, seed: int) -> None:
    settings = msgspec.convert({"database": {"address": address}}, Settings)
    async with open_app(data, settings) as app:
        places = [(await terminals(app.store, one), await persons(app.store, one)) for one in range(1, merchants + 1)]
        luck = random.Random(seed)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int) -> None:
            async with gate:
                spot, people = places[number % merchants]
                place = luck.choice(spot)[0]
                actor = Actor(
                    merchant_id=1 + number % merchants,
                    person_id=people[0].id,
                    permissions=ALLOWED[Role.SUPERVISOR],
                    auth="pin+term",
                    terminal_id=place.id,
                )
                asked = TakeAsk(
                    id=app.ids.uuid(),
                    shop_id=place.shop_id,
                    terminal_id=place.id,
                    method="cash",
                    entry="keyed",
                    amount=Money(luck.randint(1, 10_000)),
                )
                paid = await take(app.payments, actor, asked)
                assert paid.money is MoneyState.CAPTURED
                if luck.random() < 0.1:
                    asked_back = VoidAsk(id=app.ids.uuid(), payment_id=paid.id, reason="TEST")
                    assert (await void(app.payments, actor, asked_back)).money is MoneyState.VOIDED

        await asyncio.gather(*(one(number) for number in range(count)))


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6])))

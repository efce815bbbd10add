"""A shop whose only account is at Shouqianba's sandbox, and time that passes when told."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cache

import msgspec
from sqlalchemy import select

from counterfoil.app import open_app, stop_the_process
from counterfoil.basis import Secret, Settings, SystemEntropy
from counterfoil.people import Hasher, NewMerchant, NewPerson, NewShop, NewTerminal, open_merchant, persons, terminals
from counterfoil.providers import OpenAccount, Pace, accounts_of_provider, open_account, provider_account
from counterfoil.providers.shouqianba.connector import UPAY
from counterfoil.providers.shouqianba.sandbox import new_private_key, open_sandbox
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, QUICK, House

ACCOUNT = select(provider_account).where(provider_account.c.provider == "shouqianba")
NOWHERE = UPAY + "nowhere"
# One for all sandboxes of a process: looking for primes takes long.
one_key = cache(new_private_key)


@asynccontextmanager
async def open_shop(folder, clock=None, public_url=None):
    """Opened again in the same folder it goes on where it was. ``public_url``: where a test serves its doors."""
    clock = clock or ManualClock()
    pace = Pace(late_seconds=0.1, wait_seconds=8, scan_seconds=6)
    entropy = SystemEntropy()
    async with open_sandbox(folder / "sandbox", clock=clock, entropy=entropy, pace=pace, new_key=one_key) as face:
        told = {"server": {"public_url": public_url}, "providers": {"shouqianba": dict(face.settings)}}
        opening = open_app(
            folder / "data",
            msgspec.convert(told, Settings),
            clock=clock,
            entropy=SystemEntropy(),
            fail_stop=stop_the_process,
            new_hasher=lambda entropy: Hasher(entropy, argon2=QUICK),
        )
        async with opening as app:
            await _furnish(app)
            places = [place for place, _ in await terminals(app.store, MERCHANT)]
            yield (
                House(
                    app=app,
                    sandbox=face.sandbox,
                    sandbox_url=face.url,
                    shop_id=places[0].shop_id,
                    terminal_ids=tuple(place.id for place in places),
                    person_ids={person.role: person.id for person in await persons(app.store, MERCHANT)},
                ),
                face,
            )


async def account_of(house):
    return (await house.app.store.fetch(ACCOUNT))[0]


def held(face):
    """What the provider holds in fen, by our order number."""
    kept = {}
    for line in face.books():
        sign = 1 if line.kind == "taken" else -1
        number = line.origin or line.order_no
        kept[number] = kept.get(number, 0) + sign * line.amount_minor
    return kept


async def _furnish(app):
    if await accounts_of_provider(app.store, MERCHANT, "shouqianba"):
        return
    people = tuple(
        NewPerson(number=number, name=role, role=role, password=Secret(PASSWORD)) for role, number in NUMBERS.items()
    )
    shop = NewShop(name="Shop", terminals=(NewTerminal(number="T01", label="1"),))
    await open_merchant(app.people, NewMerchant(merchant_id=MERCHANT, name="M", shops=(shop,), persons=people))
    asked = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=MERCHANT,
        provider="shouqianba",
        name="shouqianba",
        environment="sandbox",
        merchant_no="",
    )
    await open_account(app.store, app.clock, app.ids, app.manifests["shouqianba"], asked)

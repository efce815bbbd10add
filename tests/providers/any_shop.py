"""A shop whose only account is at one provider's sandbox, whichever provider that is."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from counterfoil.app import open_app, stop_the_process
from counterfoil.basis import Secret, Settings, SystemEntropy
from counterfoil.people import Hasher, NewMerchant, NewPerson, NewShop, NewTerminal, open_merchant, persons, terminals
from counterfoil.providers import OpenAccount, Pace, Transport, accounts_of_provider, open_account, sandbox_of, scan
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, QUICK, House

PACE = Pace(late_seconds=0.1, wait_seconds=8, scan_seconds=6)
# Every provider that can be tried without its own systems.
TRIED = [manifest for manifest in scan().values() if manifest.sandbox]


class Hasty(Transport):
    """A way out that waits for an answer as long as for any other, so that a broken wire is known for one soon."""

    async def post(self, url, headers, body, *, read_seconds=None):
        return await super().post(url, headers, body)


@asynccontextmanager
async def open_shop_at(
    folder, manifest, clock, *, pace=PACE, between=None, public_url=None, opener=None, database=None
):
    """The house and the sandbox's face; opened again in the same folder it goes on where it was.

    ``between`` is given the sandbox's address and gives the one at which the program reaches it. ``public_url``: where
    the test serves the doors, for notices. ``opener`` in place of the folder's own ``open_sandbox``. ``database``: the
    store's address, SQLite in the folder by default.
    """
    opener = opener or sandbox_of(manifest).open_sandbox
    async with AsyncExitStack() as closing:
        opening = opener(folder / "sandbox", clock=clock, entropy=SystemEntropy(), pace=pace)
        face = await closing.enter_async_context(opening)
        url = face.url if between is None else await closing.enter_async_context(between(face.url))
        section = {key: value.replace(face.url, url) for key, value in face.settings.items()}
        told = {"server": {"public_url": public_url, "loopback_sandboxes": True}, "providers": {manifest.id: section}}
        if database is not None:
            told["database"] = {"address": database}
        app = await closing.enter_async_context(
            open_app(
                folder / "data",
                msgspec.convert(told, Settings),
                clock=clock,
                entropy=SystemEntropy(),
                fail_stop=stop_the_process,
                new_hasher=lambda entropy: Hasher(entropy, argon2=QUICK),
                new_transport=Transport if between is None else Hasty,
            )
        )
        await _furnish(app, manifest, face.merchant_no)
        places = [place for place, _ in await terminals(app.store, MERCHANT)]
        house = House(
            app=app,
            sandbox=face.sandbox,
            sandbox_url=face.url,
            shop_id=places[0].shop_id,
            terminal_ids=tuple(place.id for place in places),
            person_ids={
                role: person.id
                for person in await persons(app.store, MERCHANT)
                for role, number in NUMBERS.items()
                if person.number == number
            },
        )
        yield house, face


def held(face):
    """What the provider holds in fen, by our order number."""
    kept = {}
    for line in face.books():
        sign = 1 if line.kind == "taken" else -1
        number = line.origin or line.order_no
        kept[number] = kept.get(number, 0) + sign * line.amount_minor
    return kept


async def _furnish(app, manifest, merchant_no):
    if await accounts_of_provider(app.store, MERCHANT, manifest.id):
        return
    people = tuple(
        NewPerson(number=number, name=role, role=role, password=Secret(PASSWORD)) for role, number in NUMBERS.items()
    )
    shop = NewShop(name="Shop", terminals=(NewTerminal(number="T01", label="1"),))
    await open_merchant(app.people, NewMerchant(merchant_id=MERCHANT, name="M", shops=(shop,), persons=people))
    asked = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=MERCHANT,
        provider=manifest.id,
        name=manifest.id,
        environment="sandbox",
        merchant_no=merchant_no,
    )
    await open_account(app.store, app.clock, app.ids, manifest, asked)

"""An installation to measure: the real app in a folder, some merchants, and a provider that answers at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.app import App, open_app
from counterfoil.basis import PACE_MOST, Money, Secret, Settings
from counterfoil.bench.instant import InstantAccounts
from counterfoil.payments import TakeAsk
from counterfoil.people import (
    ALLOWED,
    Actor,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    Role,
    make_key,
    open_merchant,
    persons,
    terminals,
)
from counterfoil.providers import OpenAccount, open_account

MERCHANTS: Final = 10
TERMINALS: Final = 4
CODE: Final = "134567890123456789"
OWNER: Final = "99"
CASHIER: Final = "01"
PASSWORD: Final = "not a secret 12"  # noqa: S105 - of people who do not exist, in a folder that is thrown away


@dataclass(frozen=True, slots=True)
class Counter:
    """One terminal somebody takes payments at, and who it is that does."""

    actor: Actor
    shop_id: str
    terminal_id: str


@dataclass(frozen=True, slots=True)
class House:
    """The app, and every terminal of every merchant, the merchants taking turns; an API key of each merchant."""

    app: App
    counters: tuple[Counter, ...]
    keys: dict[int, str]

    def ask(self, at: Counter, minor: int) -> TakeAsk:
        """A request with a fresh id: a customer's payment code is scanned."""
        return TakeAsk(
            id=self.app.ids.uuid(),
            shop_id=at.shop_id,
            terminal_id=at.terminal_id,
            method="qr",
            entry="consumer_code",
            amount=Money(minor),
            auth_code=Secret(CODE),
        )


@asynccontextmanager
async def open_house(folder: Path, database: str | None = None) -> AsyncIterator[House]:
    """Open one in ``folder``, on SQLite there or in ``database`` (``postgresql://…``), with ten merchants."""
    # One caller asks as much here as a hundred do elsewhere; the rate is counted and never met.
    told = {
        "server": {"key_requests_a_minute": PACE_MOST, "session_requests_a_minute": PACE_MOST},
        "database": {} if database is None else {"address": database},
    }
    async with open_app(folder, msgspec.convert(told, Settings)) as real:
        for merchant_id in range(1, MERCHANTS + 1):
            await _furnish(real, merchant_id)
        accounts = InstantAccounts(real.accounts)
        app = replace(real, accounts=accounts, payments=replace(real.payments, accounts=accounts))
        counters = [await _counters(app, merchant_id) for merchant_id in range(1, MERCHANTS + 1)]
        keys = {merchant_id: await _key(app, merchant_id) for merchant_id in range(1, MERCHANTS + 1)}
        yield House(app, tuple(at for same in zip(*counters, strict=True) for at in same), keys)


async def _furnish(app: App, merchant_id: int) -> None:
    shop = NewShop(
        name="Shop", terminals=tuple(NewTerminal(number=f"T{n:02}", label=str(n)) for n in range(1, TERMINALS + 1))
    )
    persons = [NewPerson(number=OWNER, name=OWNER, role=Role.ADMINISTRATOR, password=Secret(PASSWORD))]
    if merchant_id == 1:  # whoever stands at the measured till; hashing a password takes its time
        persons.append(NewPerson(number=CASHIER, name="01", role=Role.CASHIER, password=Secret(PASSWORD)))
    merchant = NewMerchant(
        merchant_id=merchant_id, name=f"Merchant {merchant_id}", shops=(shop,), persons=tuple(persons)
    )
    await open_merchant(app.people, merchant)
    asked = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=merchant_id,
        provider="lakala",
        name="lakala",
        environment="sandbox",
        merchant_no="822290070111135",
    )
    await open_account(app.store, app.clock, app.ids, app.manifests["lakala"], asked)


async def _counters(app: App, merchant_id: int) -> list[Counter]:
    actor = await _boss(app, merchant_id)
    places = [place for place, _ in await terminals(app.store, merchant_id)]
    return [Counter(replace(actor, terminal_id=place.id), place.shop_id, place.id) for place in places]


async def _boss(app: App, merchant_id: int) -> Actor:
    who = next(each for each in await persons(app.store, merchant_id) if each.number == OWNER)
    return Actor(merchant_id=merchant_id, person_id=who.id, permissions=ALLOWED[Role.ADMINISTRATOR], auth="pin+term")


async def _key(app: App, merchant_id: int) -> str:
    boss = await _boss(app, merchant_id)
    _, key = await make_key(app.people, boss, label="bench", owner_id=boss.person_id, scopes=("pay", "read"))
    return key.reveal()

"""A whole house in a folder: the real app over a real store, a merchant, and Lakala's sandbox on loopback.

For tests of whatever stands above the store, and for anybody who wants to try an act without a demonstration.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from counterfoil.app import App, open_app, stop_the_process
from counterfoil.basis import Clock, Entropy, Ids, Money, Secret, Settings, SystemClock, SystemEntropy
from counterfoil.payments import TakeAsk
from counterfoil.people import (
    ALLOWED,
    Actor,
    Hasher,
    NewMerchant,
    NewPerson,
    NewShop,
    NewTerminal,
    Role,
    open_merchant,
    persons,
    terminals,
)
from counterfoil.providers import OpenAccount, accounts_of_provider, open_account
from counterfoil.providers.lakala.sandbox import (
    APPID,
    MERCHANT_NO,
    TERM_NO,
    Sandbox,
    SandboxKeys,
    make_sandbox_keys,
    new_private_key,
    running_sandbox,
)

MERCHANT: Final = 1
PASSWORD: Final = "correct horse 12"  # noqa: S105 - of people who do not exist
WECHAT_CODE: Final = "134567890123456789"
# The passwords of people who do not exist need not withstand anybody.
QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NUMBERS: Final = {Role.CASHIER: "01", Role.SUPERVISOR: "00", Role.ADMINISTRATOR: "99"}
# A cashier's login is refused once the password is right, which tests want to see.
EMAILS: Final = {role: f"{number}@example.com" for role, number in NUMBERS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The app and what is in it. ``terminal_ids`` are those of the one shop."""

    app: App
    sandbox: Sandbox
    sandbox_url: str
    shop_id: str
    terminal_ids: tuple[str, ...]
    person_ids: dict[Role, str]

    def actor(self, role: Role = Role.SUPERVISOR, terminal: int = 0) -> Actor:
        """Somebody of that role, signed in at the shop's terminal of that index."""
        return Actor(
            merchant_id=MERCHANT,
            person_id=self.person_ids[role],
            permissions=ALLOWED[role],
            auth="pin+term",
            terminal_id=self.terminal_ids[terminal],
            here=self.shop_id,
        )

    def code_payment(self, minor: int = 3800, *, wait_seconds: float = 30, code: str = WECHAT_CODE) -> TakeAsk:
        """A request to charge a customer's payment code, with a fresh id."""
        return TakeAsk(
            id=self.app.ids.uuid(),
            shop_id=self.shop_id,
            terminal_id=self.terminal_ids[0],
            method="qr",
            entry="consumer_code",
            amount=Money(minor),
            auth_code=Secret(code),
            wait_seconds=wait_seconds,
        )

    def shown_payment(self, minor: int = 3800, *, wait_seconds: float = 30, wallet: str = "alipay") -> TakeAsk:
        """A request to show the customer a code, with a fresh id."""
        return TakeAsk(
            id=self.app.ids.uuid(),
            shop_id=self.shop_id,
            terminal_id=self.terminal_ids[0],
            method="qr",
            entry="merchant_code",
            amount=Money(minor),
            wallet=wallet,
            wait_seconds=wait_seconds,
        )

    def card_payment(self, minor: int = 3800, *, wait_seconds: float = 30) -> TakeAsk:
        """A request to take a card at the provider's terminal, with a fresh id."""
        return TakeAsk(
            id=self.app.ids.uuid(),
            shop_id=self.shop_id,
            terminal_id=self.terminal_ids[0],
            method="card",
            entry="unknown",
            amount=Money(minor),
            wait_seconds=wait_seconds,
        )

    def cash_payment(self, minor: int = 3800, tendered: int | None = None) -> TakeAsk:
        """A request to take cash, with a fresh id."""
        return TakeAsk(
            id=self.app.ids.uuid(),
            shop_id=self.shop_id,
            terminal_id=self.terminal_ids[0],
            method="cash",
            entry="keyed",
            amount=Money(minor),
            tendered=None if tendered is None else Money(tendered),
        )


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    database: str | None = None,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    between: Callable[[str], AbstractAsyncContextManager[str]] | None = None,
    distributed: bool = False,
    public_url: str | None = None,
) -> AsyncIterator[House]:
    """Open a house in ``folder``; opened again there, it goes on where it was.

    ``database``: the store's address, SQLite in the folder by default. ``between`` is given the sandbox's address and
    gives the one at which the program reaches it, where something stands between them. ``distributed``: the database
    says that its tables are spread over several nodes. ``public_url``: where a test serves the house's doors, so that
    the sandbox can send notices.
    """
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    keys = make_sandbox_keys(folder / "sandbox", clock=clock, entropy=entropy, new_key=_kept_key)
    sandbox = Sandbox(keys, clock=clock, entropy=entropy, state_path=folder / "sandbox" / "ledger.jsonl")
    async with AsyncExitStack() as closing:
        url = await closing.enter_async_context(running_sandbox(sandbox))
        reached = url if between is None else await closing.enter_async_context(between(url))
        told = {
            "server": {"public_url": public_url, "loopback_sandboxes": True},
            "database": {"distributed": distributed} | ({} if database is None else {"address": database}),
            "providers": {"lakala": sandbox_section(keys.folder, reached)},
        }
        settings = msgspec.convert(told, Settings)
        app = await closing.enter_async_context(
            open_app(
                folder / "data",
                settings,
                clock=clock,
                entropy=entropy,
                fail_stop=stop_the_process,
                new_hasher=_quick_hasher,
            )
        )
        await furnish(app)
        places = [place for place, _ in await terminals(app.store, MERCHANT)]
        yield House(
            app=app,
            sandbox=sandbox,
            sandbox_url=url,
            shop_id=places[0].shop_id,
            terminal_ids=tuple(place.id for place in places),
            person_ids={
                role: person.id
                for person in await persons(app.store, MERCHANT)
                for role, number in NUMBERS.items()
                if person.number == number
            },
        )


def _quick_hasher(entropy: Entropy) -> Hasher:
    return Hasher(entropy, argon2=QUICK)


@cache
def _kept_key(name: str) -> RSAPrivateKey:
    """One of that name for all houses of a process: looking for primes takes longer than the rest of a house."""
    return new_private_key(name)


def sandbox_section(keys_folder: Path, url: str) -> dict[str, str]:
    """The settings ``[providers.lakala]`` that reach a sandbox with the keys of ``keys_folder``."""
    keys = SandboxKeys(keys_folder)
    return {
        "base_url": url,
        "appid": APPID,
        "serial_no": keys.serial_no,
        "merchant_no": MERCHANT_NO,
        "term_no": TERM_NO,
        "private_key": str(keys.merchant_key),
        "platform_certs": str(keys.platform_cert),
        "request_ip": "127.0.0.1",
        "card_terminal": TERM_NO,
    }


async def furnish(app: App, merchants: Sequence[int] = (MERCHANT,)) -> None:
    """Merchants with one shop, two terminals, three persons, a cash and a Lakala account each."""
    for merchant_id in merchants:
        people = tuple(
            NewPerson(
                number=number,
                name=role,
                role=role,
                password=Secret(PASSWORD),
                email=EMAILS[role],
                office_password=Secret(PASSWORD),
            )
            for role, number in NUMBERS.items()
        )
        shop = NewShop(
            name="Shop", terminals=(NewTerminal(number="T01", label="1"), NewTerminal(number="T02", label="2"))
        )
        await open_merchant(
            app.people,
            NewMerchant(merchant_id=merchant_id, name=f"Merchant {merchant_id}", shops=(shop,), persons=people),
        )
        for provider, number in (("cash", ""), ("lakala", MERCHANT_NO)):
            await _open(app, app.ids, merchant_id, provider, number)


async def _open(app: App, ids: Ids, merchant_id: int, provider: str, number: str) -> None:
    if await accounts_of_provider(app.store, merchant_id, provider):
        return
    asked = OpenAccount(
        id=ids.uuid(),
        merchant_id=merchant_id,
        provider=provider,
        name=provider,
        environment="sandbox",
        merchant_no=number,
    )
    await open_account(app.store, app.clock, ids, app.manifests[provider], asked)

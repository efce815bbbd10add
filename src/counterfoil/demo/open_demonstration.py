"""Open a demonstration in a folder: the first time it is made, later it goes on where it was."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from counterfoil import people
from counterfoil.app import App, open_app
from counterfoil.basis import Clock, Entropy, Secret, Settings, SystemClock, SystemEntropy, insist, local_time
from counterfoil.demo.cast import MERCHANT_ID, OWNER, email_of, merchant, numbers
from counterfoil.demo.held import a_hold
from counterfoil.demo.history import History, Progress
from counterfoil.demo.notice_left import a_notice_left
from counterfoil.demo.plan import PAYMENTS, make_plan
from counterfoil.demo.provider_off import provider_off
from counterfoil.demo.second_channel import PROVIDER, second_channel, second_sandbox
from counterfoil.demo.shops import SHOPS, ZONE
from counterfoil.demo.staff_changes import Company, StaffChanges
from counterfoil.demo.state import NAME, State, load_or_begin, open_folder, save
from counterfoil.people import (
    ALLOWED,
    SCOPES,
    Actor,
    Role,
    Shop,
    Terminal,
    make_key,
    open_merchant,
    person_by_number,
    shops,
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
    running_sandbox,
)
from counterfoil.store import Lease

SEED: Final = "counterfoil"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody signs in: at the till by the terminal's and their own number, in the office by ``email``."""

    shop: str
    terminal: str
    operator: str
    password: str
    role: Role
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """A demonstration that runs, and all that somebody needs to try it. ``sandbox_urls`` by provider."""

    app: App
    sandbox_urls: Mapping[str, str]
    merchant_id: int
    shops: tuple[Shop, ...]
    terminals: tuple[Terminal, ...]
    sign_ins: tuple[SignIn, ...]
    api_key: Secret[str]


@asynccontextmanager
async def open_demonstration(
    data: Path,
    *,
    seed: str = SEED,
    payments: int = PAYMENTS,
    clock: Clock | None = None,
    entropy: Entropy | None = None,
    on_progress: Progress = lambda _done, _of: None,
) -> AsyncIterator[Demonstration]:
    """Open the demonstration in ``data``, with the providers' sandboxes beside it on loopback, everything signed.

    ``seed`` and ``payments`` count at the first start only. A first start that was cut short goes on.
    Raises Refused CF-7101 where the folder holds something else, CF-6001 where the demonstration runs already.
    """
    clock, entropy = clock or SystemClock(), entropy or SystemEntropy()
    open_folder(data)
    async with AsyncExitStack() as closing:
        # The sandbox's books lie here too, so the whole folder is leased and not the database alone.
        closing.callback(Lease(data / NAME).release)
        state = load_or_begin(data, seed, clock.now(), entropy)
        keys = make_sandbox_keys(data / "sandbox", clock=clock, entropy=entropy)
        sandbox = Sandbox(keys, clock=clock, entropy=entropy, state_path=data / "sandbox" / "ledger.jsonl")
        url = await closing.enter_async_context(running_sandbox(sandbox))
        second = await closing.enter_async_context(second_sandbox(data, state, clock=clock, entropy=entropy))
        opening = open_app(data, _settings(keys, url), clock=clock, entropy=entropy, demonstration=True)
        app = await closing.enter_async_context(opening)
        if not state.complete:
            with _uncollected():
                await _make(app, sandbox, state, payments, on_progress)
                await second_channel(app)
            state.complete = True
            save(data, state)
        await app.signer.sign_all()
        yield await _told(app, {"lakala": url, PROVIDER: second.url}, state)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A year is made of a million small things without cycles: looking for some costs a sixth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _make(app: App, sandbox: Sandbox, state: State, payments: int, on_progress: Progress) -> None:
    plan = make_plan(state.seed, state.until, payments)
    history = History(app, plan, sandbox.ledger)
    then = replace(app.people, clock=history.clock, ids=history.ids)
    opened = local_time(plan.opened, ZONE).date()
    await open_merchant(then, merchant(state.passwords, opened, plan.today))
    for provider, number in (("cash", ""), ("lakala", MERCHANT_NO)):
        await _open_account(app, history, provider, number)
    owner = await _owner(app)
    if not state.api_key:
        state.api_key = await _api_key(then, owner)
        save(app.data, state)
    company = Company(means=then, clock=history.clock, entropy=history.entropy, actor=owner, passwords=state.passwords)
    left = a_notice_left(company, sandbox, app.payments, plan.today)
    also = [a_hold(company, plan.today), *left, *provider_off(company, opened, plan.today)]
    changes = StaffChanges(company, opened, plan.today, also)
    await history.happen(changes, on_progress)
    # What nobody paid after: just past midnight that is last evening's.
    await changes.happen(state.until)


async def _open_account(app: App, history: History, provider: str, number: str) -> None:
    if await accounts_of_provider(app.store, MERCHANT_ID, provider):
        return
    asked = OpenAccount(
        id=history.ids.uuid(),
        merchant_id=MERCHANT_ID,
        provider=provider,
        name=provider,
        environment="sandbox",
        merchant_no=number,
    )
    await open_account(app.store, history.clock, history.ids, app.manifests[provider], asked)


async def _owner(app: App) -> Actor:
    owner = await person_by_number(app.store, MERCHANT_ID, OWNER)
    insist(owner is not None, "the administrator was just added")
    return Actor(
        merchant_id=MERCHANT_ID,
        person_id=owner.id if owner else "",
        permissions=ALLOWED[Role.ADMINISTRATOR],
        auth="pin+term",
    )


async def _api_key(then: people.Means, owner: Actor) -> str:
    _, key = await make_key(then, owner, label="演示 / demonstration", owner_id=owner.person_id, scopes=tuple(SCOPES))
    return key.reveal()


async def _told(app: App, urls: Mapping[str, str], state: State) -> Demonstration:
    places = [terminal for terminal, _ in await terminals(app.store, MERCHANT_ID)]
    where = await shops(app.store, MERCHANT_ID)
    return Demonstration(
        app=app,
        sandbox_urls=urls,
        merchant_id=MERCHANT_ID,
        shops=tuple(where),
        terminals=tuple(places),
        sign_ins=_sign_ins(state, where, places),
        api_key=Secret(state.api_key),
    )


def _sign_ins(state: State, where: Sequence[Shop], places: Sequence[Terminal]) -> tuple[SignIn, ...]:
    """Everybody, each at the first terminal of their shop."""
    named = {shop.name: shop for shop in where}
    made = []
    known = {number: whose for number, whose in numbers().items() if number in state.passwords}
    for number, (role, index) in known.items():
        shop = named[SHOPS[index].name]
        terminal = min(place.number for place in places if place.shop_id == shop.id)
        email = None if role is Role.CASHIER else email_of(number)
        made.append(SignIn(shop.name, terminal, number, state.passwords[number], role, email))
    return tuple(made)


def _settings(keys: SandboxKeys, url: str) -> Settings:
    lakala = {
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
    told = {"server": {"loopback_sandboxes": True}, "providers": {"lakala": lakala}}
    return msgspec.convert(told, Settings)

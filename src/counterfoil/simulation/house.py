"""The program in the simulated world: the whole app without doors, dying and starting again on the same file.

A crash is a dead process: its tasks get no further, what it had in memory is gone, the file is as the last commit left
it. What is on its way over the network goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from argon2 import PasswordHasher
from sqlalchemy import Select, bindparam, func, select

from counterfoil.app import App, open_app
from counterfoil.basis import MICROS, Entropy, Refused, Secret, Settings, Trouble
from counterfoil.evidence import SYSTEM
from counterfoil.payments import (
    Payment,
    hasten_queued,
    heed_notices,
    keep_notice,
    left_open,
    load,
    resolve_due,
    resolve_left_open,
)
from counterfoil.payments.tables import payment, provider_notice
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
from counterfoil.providers import (
    Answer,
    NoAnswer,
    OpenAccount,
    accounts_of_provider,
    notice_path,
    open_account,
    routing,
)
from counterfoil.simulation.clock import WallClock
from counterfoil.simulation.network import Line, WayOut
from counterfoil.simulation.process import Process, current_process
from counterfoil.simulation.profile import Weather
from counterfoil.simulation.provider import Provider

T = TypeVar("T")
SUPERVISOR: Final = "00"
MERCHANT: Final = 1
_PASSWORD: Final = "correct horse 12"  # noqa: S105 - of people who do not exist
_QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_DOWN_SECONDS: Final = (1.0, 5.0, 20.0, 120.0)
_IDLE_SECONDS: Final = 600.0
_ROUND_SECONDS: Final = 3.0
_SIGN_SECONDS: Final = 300.0
# On how many days of those with two accounts somebody set a route.
_ROUTED: Final = 0.8
# Where notices arrive: the sandbox tells nobody outside of its machine.
PUBLIC_URL: Final = "http://127.0.0.1:2"
_NEXT_DUE: Final = select(func.min(payment.c.due_at).label("due_at")).where(
    payment.c.merchant_id == MERCHANT, payment.c.due_at.is_not(None)
)
_BY_ORDER: Final = select(payment.c.id).where(
    payment.c.merchant_id == MERCHANT, payment.c.order_no == bindparam("order_no")
)
_NEXT_NOTICE: Final = select(func.min(provider_notice.c.due_at).label("due_at")).where(
    provider_notice.c.merchant_id == MERCHANT, provider_notice.c.due_at.is_not(None)
)


class Away(Exception):  # noqa: N818 - says what happened
    """The program does not answer: it is down, or it died before it had answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What outlives every process: the folder, the machine's clock, chance, the providers and the lines to them."""

    folder: Path
    clock: WallClock
    entropy: Entropy
    providers: tuple[Provider, ...]
    lines: Mapping[str, Line]


class House:
    """One installation. ``weather`` says how often its process dies; ``die_at`` names one job of the store exactly."""

    def __init__(self, ground: Ground, dice: random.Random) -> None:
        """Stand on ``ground``."""
        self.weather = Weather()
        self.counted: Counter[str] = Counter()
        self.actors: tuple[Actor, ...] = ()
        self.shop_id = ""
        # The account that is tried first, by terminal; nothing where no route is set.
        self.first_choice: dict[str, str] = {}
        self._notify_urls: set[str] = set()
        # What ended a process otherwise than a crash of ours: nothing may.
        self.broken: list[str] = []
        # Of each two moments of a job, the one before it is even and the one after it odd.
        self.die_at: int | None = None
        self.moments = 0
        self._ground = ground
        self._dice = dice
        self._app: App | None = None
        self._process: Process | None = None
        self._running: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._stirred = asyncio.Event()
        self._told = asyncio.Event()

    async def begin(self) -> None:
        """Start for the first time, with a merchant, a shop, three terminals; nothing goes wrong here."""
        async with self._opened() as app:
            await _furnish(app, self._ground.providers)
            places = [place for place, _ in await terminals(app.store, MERCHANT)]
            account_ids = [await self._account(app, provider) for provider in self._ground.providers]
            if len(account_ids) > 1 and self._dice.random() < _ROUTED:
                await self._route(app, account_ids, [place.id for place in places])
            (person,) = [each for each in await persons(app.store, MERCHANT) if each.number == SUPERVISOR]
        self.shop_id = places[0].shop_id
        self.actors = tuple(
            Actor(
                merchant_id=MERCHANT,
                person_id=person.id,
                permissions=ALLOWED[Role.SUPERVISOR],
                auth="pin+term",
                terminal_id=place.id,
            )
            for place in places
        )
        self._running = asyncio.create_task(self._run())

    async def _account(self, app: App, provider: Provider) -> str:
        """The provider's account; the provider learns where it is told."""
        (account,) = await accounts_of_provider(app.store, MERCHANT, provider.name)
        provider.notify_url = PUBLIC_URL + notice_path(app.payments.hmac_key, MERCHANT, account["id"])
        self._notify_urls.add(provider.notify_url)
        return str(account["id"])

    async def _route(self, app: App, account_ids: list[str], terminal_ids: list[str]) -> None:
        """First and second choice for everybody, and another order, or one account alone, for some terminals."""
        orders = {"merchant": account_ids}
        for terminal_id in terminal_ids:
            own = self._dice.choice((account_ids, account_ids, account_ids[::-1], account_ids[-1:]))
            self.first_choice[terminal_id] = own[0]
            if own is not account_ids:
                orders[f"terminal:{terminal_id}"] = own
        for scope, order in orders.items():
            change = routing(
                MERCHANT,
                None,
                (scope, "qr"),
                order,
                actor=SYSTEM,
                relied=(),
                change_id=app.ids.uuid(),
                at=app.clock.now(),
            )
            if change is not None:
                await app.store.commit(change)

    async def ask(self, work: Callable[[App], Awaitable[T]]) -> T:
        """What a door would do for a request: its answer. Raises Away where none comes, Fault where it is refused."""
        app, process = self._app, self._process
        if app is None or process is None or process.dead:
            await asyncio.sleep(self._dice.uniform(0.01, 1.0))
            raise Away
        self._stirred.set()
        asked = asyncio.get_running_loop().create_task(_answered(app, work), context=process.context())
        await asyncio.wait({asked})
        if asked.cancelled():
            raise Away
        return asked.result()

    async def hear(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the door for notices does. Raises NoAnswer where nobody answers."""
        account_id = urlsplit(url).path.split("/")[3]
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            said = await self.ask(lambda app: keep_notice(app.payments, MERCHANT, account_id, lower, body))
        except Away as error:
            raise NoAnswer("nothing came") from error
        except (Refused, Trouble) as fault:
            self.counted[f"notice {fault.kind.code}"] += 1
            return Answer(503, {}, b"")
        except Exception as error:  # noqa: BLE001 - whatever it is, a provider must never meet it
            self.broken.append(f"a notice was answered {error!r}, because of {error.__cause__!r}")
            return Answer(500, {}, b"")
        if said is None or url not in self._notify_urls:
            return Answer(404, {}, b"")
        self.counted["notices kept" if said[1] is None else "notices refused"] += 1
        self._told.set()
        return Answer(said[0].status, {}, said[0].body)

    def kill(self) -> None:
        """The process dies now, wherever it is."""
        if self._process is not None and not self._process.dead:
            self.counted["killed"] += 1
            self._process.die()

    async def at_rest(self) -> bool:
        """Whether the program runs, nothing is open with the provider, and each notice came to its end."""
        app = self._app
        if app is None or await left_open(app.store):
            return False
        found = await app.store.fetch_one(_NEXT_NOTICE)
        return found is None or found["due_at"] is None

    async def end(self) -> None:
        """Let it end as a program ends that was asked to."""
        self._ending.set()
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        """One process after another."""
        while not self._ending.is_set():
            process = self._process = Process(self._dies)
            living = asyncio.get_running_loop().create_task(self._live(), context=process.context())
            await asyncio.wait({living})
            self._app = None
            if not living.cancelled() and (error := living.exception()) is not None:
                self.broken.append(f"the process ended by {error!r}")
            if not self._ending.is_set():
                await asyncio.sleep(self._dice.choice(_DOWN_SECONDS) * self._dice.random())

    async def _live(self) -> None:
        async with self._opened() as app:
            await resolve_left_open(app.payments)
            self._app = app
            self.counted["started"] += 1
            works = (
                self._driving(app, self._stirred, _NEXT_DUE, lambda: resolve_due(app.payments)),
                self._driving(app, self._told, _NEXT_NOTICE, lambda: heed_notices(app.payments)),
                self._signing(app),
            )
            rounds = [asyncio.create_task(work) for work in works]
            try:
                await self._ending.wait()
            finally:
                for task in rounds:
                    task.cancel()
                self._app = None
            await app.signer.sign_all()

    async def _driving(
        self, app: App, stirred: asyncio.Event, next_due: Select[Any], work: Callable[[], Awaitable[object]]
    ) -> None:
        """A round of the worker: when something is due, some seconds after somebody asked, and now and then anyhow."""
        while True:
            stirred.clear()
            await _round(work())
            found = await app.store.fetch_one(next_due)
            due = found["due_at"] if found is not None else None
            left = _IDLE_SECONDS if due is None else min((due - app.clock.now()) / MICROS, _IDLE_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stirred.wait(), max(left, _ROUND_SECONDS))
            await app.clock.sleep(_ROUND_SECONDS)

    async def _signing(self, app: App) -> None:
        while True:
            await _round(app.signer.sign_all())
            await _round(hasten_queued(app.payments))
            await app.clock.sleep(_SIGN_SECONDS)

    def _dies(self) -> bool:
        self.moments += 1
        if self.die_at is not None:
            dies = self.moments == self.die_at
        else:
            dies = self._dice.randrange(2000) < self.weather.crashes
        self.counted["crashed"] += dies
        return dies

    def _opened(self) -> contextlib.AbstractAsyncContextManager[App]:
        sections = {provider.name: provider.settings() for provider in self._ground.providers}
        told = {"providers": sections, "server": {"public_url": PUBLIC_URL, "loopback_sandboxes": True}}
        return open_app(
            self._ground.folder / "data",
            msgspec.convert(told, Settings),
            clock=self._ground.clock,
            entropy=self._ground.entropy,
            fail_stop=_disk_failed,
            new_hasher=_quick_hasher,
            new_transport=partial(WayOut, self._ground.lines),
        )


async def _answered(app: App, work: Callable[[App], Awaitable[T]]) -> T:
    return await work(app)


async def _round(work: Awaitable[object]) -> None:
    """Whatever goes wrong in a round of the worker, the next one comes."""
    with contextlib.suppress(Exception):
        await work


def _disk_failed(error: BaseException) -> None:
    """No disk fails here; what the store takes for one ends the process."""
    process = current_process.get()
    if process is None:
        raise error
    process.die()


def _quick_hasher(entropy: Entropy) -> Hasher:
    return Hasher(entropy, argon2=_QUICK)


async def record_of(app: App, order_no: str) -> Payment | None:
    """The payment of that order number, where there is one."""
    found = await app.store.fetch_one(_BY_ORDER, {"order_no": order_no})
    return None if found is None else await load(app.store, MERCHANT, found["id"])


async def _furnish(app: App, providers: tuple[Provider, ...]) -> None:
    people = (NewPerson(number=SUPERVISOR, name="supervisor", role=Role.SUPERVISOR, password=Secret(_PASSWORD)),)
    places = tuple(NewTerminal(number=f"T0{number}", label=str(number)) for number in (1, 2, 3))
    shop = NewShop(name="Shop", terminals=places)
    await open_merchant(app.people, NewMerchant(merchant_id=MERCHANT, name="Merchant", shops=(shop,), persons=people))
    for provider, number in (
        ("cash", ""),
        *((each.name, each.settings().get("merchant_no", "")) for each in providers),
    ):
        asked = OpenAccount(
            id=app.ids.uuid(),
            merchant_id=MERCHANT,
            provider=provider,
            name=provider,
            environment="sandbox",
            merchant_no=number,
        )
        await open_account(app.store, app.clock, app.ids, app.manifests[provider], asked)

"""A real server with a merchant and Lakala's sandbox, and a real Chromium before it."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, Playwright, sync_playwright

from counterfoil.app import App
from counterfoil.basis import Secret, from_rfc3339
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web, serving
from counterfoil.doors.worker import working
from counterfoil.evidence import timeline
from counterfoil.payments import Payment, load, take
from counterfoil.people import NewMerchant, NewPerson, NewShop, NewTerminal, open_merchant
from counterfoil.providers import OpenAccount, open_account
from counterfoil.providers.lakala.sandbox.server import MERCHANT_NO
from counterfoil.records import Find, find
from counterfoil.testing.house import EMAILS, MERCHANT, NUMBERS, PASSWORD, House, furnish, open_house
from tests.doors.till.steps import Till

T = TypeVar("T")
TEA_HOUSE = 3
SIZES = {"1024x600": (1024, 600), "1440x900": (1440, 900), "390x844": (390, 844)}
SHOTS = Path(__file__).parents[2] / "screenshots"
# What Playwright turns off (of several lists the last one counts), and what a window costs that nobody looks at: pages
# behind the address bar, made anew in two processes for each fresh device, and a process kept ready for the next site.
TURNED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxSimplification",
    "SpareRendererForSitePerProcess",
)
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    f"--disable-features={','.join(TURNED_OFF)}",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and "till" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the till is, and the house behind it."""

    url: str
    house: House
    loop: asyncio.AbstractEventLoop

    def sign(self) -> None:
        """Sign the logs now, not within the minute."""
        self.run(self.house.app.signer.sign_all())

    def take(self, minor: int, *, terminal: int = 0) -> Payment:
        """A cash payment that was taken before."""
        ask = replace(self.house.cash_payment(minor), terminal_id=self.house.terminal_ids[terminal])
        return self.run(take(self.house.app.payments, self.house.actor(terminal=terminal), ask))

    def scan(self, minor: int, *, wait_seconds: float = 30) -> Payment:
        """A payment by the customer's code that was taken before."""
        ask = self.house.code_payment(minor, wait_seconds=wait_seconds)
        return self.run(take(self.house.app.payments, self.house.actor(), ask))

    def decline(self) -> Payment:
        """A payment that the customer's wallet declined before."""
        return self.run(take(self.house.app.payments, self.house.actor(), self.house.code_payment(6601)))

    def payment(self, payment_id: str, merchant: int = MERCHANT) -> Payment:
        """The payment as it is now."""
        found = self.run(load(self.house.app.store, merchant, payment_id))
        assert found is not None
        return found

    def nudge(self, payment_id: str) -> None:
        """Have the provider asked about an open payment now."""
        self.loop.call_soon_threadsafe(self.house.app.payments.drives.nudge, (MERCHANT, payment_id))

    def enter_password(self, payment_id: str) -> None:
        """The customer enters the password that the wallet asked for; the provider is asked about it now."""
        charge = self.house.sandbox.ledger.find(MERCHANT_NO, order_no=self.payment(payment_id).order_no)
        assert charge is not None
        charge.turns_at = charge.at
        self.nudge(payment_id)

    def stored_at(self, payment_id: str) -> int:
        """When what ended it was decided, UTC microseconds: the moment in its newest entry."""
        events = self.run(timeline(self.house.app.store, MERCHANT, payment_id))
        return from_rfc3339(str(events[-1][1]["ts"]))

    def count(self, minor: int) -> int:
        """How many payments of that amount there are."""
        return len(self.run(find(self.house.app.records, MERCHANT, Find(amount_min=minor, amount_max=minor))).items)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)


async def furnish_tea_house(app: App) -> None:
    """A merchant as one is in a street, so that the pictures show what a cashier sees."""
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
    counters = (NewTerminal(number="T21", label="前台一"), NewTerminal(number="T22", label="前台二"))
    shops = (
        NewShop(name="海棠路店", terminals=counters),
        NewShop(name="滨江店", terminals=(NewTerminal(number="T31", label="前台"),)),
    )
    await open_merchant(
        app.people, NewMerchant(merchant_id=TEA_HOUSE, name="海棠茶饮有限公司", shops=shops, persons=people)
    )
    for provider, number in (("cash", ""), ("lakala", MERCHANT_NO)):
        asked = OpenAccount(
            id=app.ids.uuid(),
            merchant_id=TEA_HOUSE,
            provider=provider,
            name=provider,
            environment="sandbox",
            merchant_no=number,
        )
        await open_account(app.store, app.clock, app.ids, app.manifests[provider], asked)


class Server(threading.Thread):
    """The whole program in a loop of its own, as `counterfoil serve` runs it; merchant 2 is there to be foreign."""

    def __init__(self, folder: Path) -> None:
        super().__init__(name="till server")
        self._folder = folder
        self._ready = threading.Event()
        self._server: uvicorn.Server | None = None
        self.served: Served | None = None
        self.failed: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - told to the test that waits
            self.failed = error
        finally:
            self._ready.set()

    def wait(self) -> Served:
        self._ready.wait(300)
        assert self.served is not None, self.failed
        return self.served

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True
        self.join(120)
        assert self.failed is None, self.failed

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[House]:
        """The house that is served."""
        async with open_house(folder) as house:
            await furnish(house.app, (2,))
            await furnish_tea_house(house.app)
            yield house

    async def _serve(self) -> None:
        async with self.opened(self._folder) as house, working(house.app):
            web = make_web(house.app, make_log(io.StringIO(), house.app.clock))
            config = serving(web, "127.0.0.1", 0)
            self._server = Telling(config, lambda port: self._tell(house, port))
            await self._server.serve()

    def _tell(self, house: House, port: int) -> None:
        self.served = Served(f"http://127.0.0.1:{port}", house, asyncio.get_running_loop())
        self._ready.set()


class Telling(uvicorn.Server):
    """Tells its port once it listens."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[int], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell(self.servers[0].sockets[0].getsockname()[1])


# One a file: what one file leaves behind no other meets, in whatever order files fall to a worker.
@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Server(tmp_path_factory.mktemp("till"))
    server.start()
    yield server.wait()
    server.stop()


# One a module and no longer: while it runs, its loop is the running loop of the thread, and no async test could start.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("COUNTERFOIL_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert path, "no Chromium: set COUNTERFOIL_CHROMIUM or install Debian's package chromium-headless-shell"
    browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def kept_sessions() -> dict[tuple[str, int], list[Any]]:
    """Cookies of operators signed in before, by number and terminal."""
    return {}


@pytest.fixture
def till(served: Served, chromium: Browser, kept_sessions: dict[tuple[str, int], list[Any]]) -> Iterator[Till]:
    """A fresh device before the till; whatever it complains of on its console fails the test."""
    opened = Till.open(chromium, served.url)
    opened.kept = kept_sessions
    yield opened
    opened.close()

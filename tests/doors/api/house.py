"""A whole house on loopback for the tests of the API: two merchants, a sandbox of Lakala, the real web on a real port.

It runs in a thread with its own loop, once a file; tests talk to it over HTTP as anybody would, and look into its
store to see that nothing changed. No worker runs, so that nothing moves but what a test moves.
"""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from sqlalchemy import Column, Table, select

from counterfoil import people
from counterfoil.app import App
from counterfoil.basis import MICROS, SystemClock
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web, serving
from counterfoil.people import Actor, NewMerchant, NewShop, NewTerminal, Role
from counterfoil.providers.lakala.sandbox import Sandbox
from counterfoil.store import metadata
from counterfoil.testing.house import NUMBERS, WECHAT_CODE, furnish, open_house
from tests.doors.api.agreement import agree

SCOPES = ("pay", "read", "export", "refund", "void")


class ShiftedClock(SystemClock):
    """The machine's clock, put forward by as much as a test says."""

    shift_seconds = 0.0

    def now(self) -> int:
        return super().now() + int(self.shift_seconds * MICROS)


def _columns(table: Table) -> list[Column[Any]]:
    left_out = ("used_at", "version", "last_change") if table.name == "api_key" else ()
    return [column for column in table.columns if column.name not in left_out]


@dataclass
class House:
    """``client`` carries the key of merchant 1 with every scope; ``keys`` has the others by name."""

    app: App
    url: str
    sandbox: Sandbox
    clock: ShiftedClock
    log: io.StringIO
    loop: asyncio.AbstractEventLoop
    shop_id: str
    terminal_id: str
    second_shop_id: str
    second_terminal_id: str
    keys: dict[str, str]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.with_key("all")

    def with_key(self, name: str) -> httpx.Client:
        """A client of that key; whatever it is answered is held against the OpenAPI document."""
        return httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {self.keys[name]}"},
            timeout=60,
            event_hooks={"response": [agree]},
        )

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run ``work`` on the house's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def take(self, amount: int = 3800, **more: Any) -> httpx.Response:
        return self.client.post("/api/v1/payments", json=self.asked(amount, **more))

    def asked(self, amount: int = 3800, **more: Any) -> dict[str, Any]:
        """The body of a payment by code; with ``method="cash"`` one in cash."""
        by_code = {"method": "qr", "entry": "consumer_code", "auth_code": WECHAT_CODE}
        cash = {"method": "cash", "entry": "keyed"}
        return {
            "id": str(uuid4()),
            "shop_id": self.shop_id,
            "terminal_id": self.terminal_id,
            "amount_minor": amount,
            "currency": "CNY",
            **(cash if more.get("method") == "cash" else by_code),
            **more,
        }

    def snapshot(self) -> dict[str, list[str]]:
        """Every row of every table, but for when a key was last used, which each minute's first call writes."""
        return {
            table.name: sorted(map(repr, self.do(self.app.store.fetch(select(*_columns(table))))))
            for table in metadata.sorted_tables
        }

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Nothing in the store is another after the block."""
        before = self.snapshot()
        yield
        after = self.snapshot()
        changed = {name: rows for name, rows in after.items() if rows != before[name]}
        assert not changed, str(changed)[:2000]


@contextmanager
def running(folder: Path, **settings: Any) -> Iterator[House]:
    """The house in its thread; ``settings`` are those of ``open_house``."""
    ready: Any = threading.Event()
    built: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: asyncio.run(_live(folder, settings, built, ready)), daemon=True)
    thread.start()
    assert ready.wait(300), "the house did not come up"
    if "failed" in built:
        raise built["failed"]
    house: House = built["house"]
    try:
        yield house
    finally:
        house.client.close()
        house.loop.call_soon_threadsafe(built["end"].set)
        thread.join(120)
        assert not thread.is_alive(), "the house did not come down"


async def _live(folder: Path, settings: dict[str, Any], built: dict[str, Any], ready: threading.Event) -> None:
    try:
        async with AsyncExitStack() as closing:
            built["end"] = asyncio.Event()
            built["house"] = await _build(folder, settings, closing)
            ready.set()
            await built["end"].wait()
    except BaseException as error:
        built["failed"] = error
        ready.set()
        raise


async def _build(folder: Path, settings: dict[str, Any], closing: AsyncExitStack) -> House:
    clock, log = ShiftedClock(), io.StringIO()
    built = await closing.enter_async_context(open_house(folder, clock=clock, **settings))
    app = built.app
    await furnish(app, (2,))
    second = NewShop(name="Second shop", terminals=(NewTerminal(number="T03", label="3"),))
    await people.open_merchant(app.people, NewMerchant(merchant_id=1, name="Merchant 1", shops=(second,)))
    places = await people.terminals(app.store, 1)
    return House(
        app=app,
        url=await _serve(app, log, closing),
        sandbox=built.sandbox,
        clock=clock,
        log=log,
        loop=asyncio.get_running_loop(),
        shop_id=built.shop_id,
        terminal_id=built.terminal_ids[0],
        second_shop_id=places[-1][1].id,
        second_terminal_id=places[-1][0].id,
        keys={
            "all": await _key(app, 1, SCOPES),
            "read": await _key(app, 1, ("read",)),
            "export": await _key(app, 1, ("export",)),
            "pay": await _key(app, 1, ("pay",)),
            "second shop": await _key(app, 1, SCOPES, frozenset({places[-1][1].id})),
            "other merchant": await _key(app, 2, SCOPES),
        },
    )


async def _key(app: App, merchant_id: int, scopes: tuple[str, ...], shop_ids: frozenset[str] | None = None) -> str:
    owner = await people.person_by_number(app.store, merchant_id, NUMBERS[Role.ADMINISTRATOR])
    permissions = people.ALLOWED[Role.ADMINISTRATOR]
    actor = Actor(merchant_id=merchant_id, person_id=owner.id, permissions=permissions, auth="test")
    _, key = await people.make_key(app.people, actor, label="test", owner_id=owner.id, scopes=scopes, shop_ids=shop_ids)
    return key.reveal()


async def _serve(app: App, log: io.StringIO, closing: AsyncExitStack) -> str:
    web = make_web(app, make_log(log, app.clock))
    listening = socket.create_server(("127.0.0.1", 0))
    closing.callback(listening.close)
    server = uvicorn.Server(serving(web, "127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listening]))

    async def end() -> None:
        server.should_exit = True
        await task

    closing.push_async_callback(end)
    return f"http://127.0.0.1:{listening.getsockname()[1]}"

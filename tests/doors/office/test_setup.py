"""The first start in a browser: who knows the code sets up, signs in, and finds the page closed afterwards."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page

from counterfoil.app import App, open_app
from counterfoil.basis import Settings
from counterfoil.doors.listening import address_of, listening_on
from counterfoil.people import setup_code
from tests.doors.till.test_guard import token

PASSWORD = "four brown herons sing"


class Fresh:
    """A server on which nothing is set up."""

    def __init__(self, folder) -> None:
        self.folder, self.ready = folder, threading.Event()
        self.app: App | None = None
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            self.url = address_of(bound)
            with (self.folder / "log").open("w") as log:
                async with open_app(self.folder / "data", Settings()) as self.app, listening_on(self.app, bound, log):
                    self.ready.set()
                    await self.ended.wait()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    made = Fresh(tmp_path_factory.mktemp("fresh"))
    made.thread.start()
    assert made.ready.wait(60)
    yield made
    made.loop.call_soon_threadsafe(made.ended.set)
    made.thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB", viewport={"width": 1024, "height": 700})
    yield context.new_page()
    context.close()


def test_whoever_knows_the_code_sets_up_once_and_signs_in(fresh: Fresh, page: Page):
    for door in ("/till", "/office"):
        page.goto(fresh.url + door)
        assert page.url.endswith("/setup")
    typed = {
        "merchant": "Tea House",
        "shop": "First",
        "label": "Counter",
        "name": "Li",
        "email": "Li@Example.com",
        "password": PASSWORD,
    }
    for name, value in {**typed, "code": "AAAA-AAAA-AAAA-AAAA"}.items():
        page.fill(f"#{name}", value)
    page.click("button.primary")
    assert "CF-2044" in page.inner_text("main")
    assert page.input_value("#password") == page.input_value("#code") == ""
    assert fresh.app is not None
    for name, value in (("password", PASSWORD), ("code", setup_code(fresh.app.people).reveal().lower())):
        page.fill(f"#{name}", value)
    page.click("button.primary")
    page.wait_for_url("**/office/at/1")
    page.fill("#email", "li@example.com")
    page.fill("#password", PASSWORD)
    page.click("form[action^='/office/at'] button.primary")
    # The first administrator is led to a second factor before anything else.
    page.wait_for_url("**/office/second")
    page.goto(f"{fresh.url}/setup")
    assert page.url.endswith("/office/second")
    with httpx.Client(base_url=fresh.url, headers={"origin": fresh.url}) as client:
        csrf = token(client.get("/office/at/1").text)
        code = setup_code(fresh.app.people).reveal()
        again = client.post("/setup", data={**typed, "csrf": csrf, "code": code, "zone": "Asia/Shanghai"})
        assert again.status_code == 409
        assert "CF-2045" in again.text

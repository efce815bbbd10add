"""The same house and browser as the till's tests have, with a day's payments in it, and a device in the office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from counterfoil.testing.house import PASSWORD
from tests.doors.till.conftest import Served, Server, chromium, playwright
from tests.doors.till.steps import Till
from tests.passkeys import named, passkeys_at

__all__ = ["chromium", "playwright"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Office(Till):
    """A device in the office, and who was last seen to sign in at it."""

    who: str = "99"
    merchant: int = 1

    def sign_in(self, number: str = "99", password: str = PASSWORD, *, merchant: int = 1, **_: Any) -> None:
        self.go(f"/office/at/{merchant}")
        self.page.fill("#email", f"{number}@example.com")
        self.page.fill("#password", password)
        self.submit("form[action^='/office/at'] button.primary")
        self.who, self.merchant = number, merchant
        passkeys_at(self.url).come_in(self.page, merchant, number)

    def start(self, number: str = "99", **_: Any) -> None:
        """Be signed in already, as somebody who did so in an earlier test."""
        key = (number, 1)
        self.context.add_cookies(self.kept.get(key, []))
        # A session that nobody used for a quarter of an hour is over, however quick the tests of one file are.
        if key not in self.kept or not self.lives():
            self.context.clear_cookies()
            self.sign_in(number)
            self.kept[key] = self.context.cookies()
        self.who, self.merchant = number, 1

    def lives(self) -> bool:
        """Whether the office still lets this device in."""
        answer = self.context.request.get(f"{self.url}/office/home", max_redirects=0)
        return answer.status == HTTPStatus.OK

    def confirm(self, selector: str | None = None) -> None:
        """Press what leads to a dangerous act, and confirm it as it is shown."""
        if selector:
            self.submit(selector)
        passkeys_at(self.url).confirm(self.page, self.merchant, self.who)
        # The session goes on under another token: what was kept of it is worth nothing any more.
        if (self.who, self.merchant) in self.kept:
            self.kept[self.who, self.merchant] = self.context.cookies()

    def text(self) -> str:
        return self.page.inner_text("main")

    def post(self, path: str, **form: str) -> str:
        """A form sent from the page one is on, whatever its fields would let through; the answer's text."""
        csrf = self.page.get_attribute("input[name=csrf]", "value") or ""
        headers = {"Origin": self.url}
        answer = self.context.request.post(self.url + path, form={"csrf": csrf, **form}, headers=headers)
        return answer.text()

    def post_and_confirm(self, path: str, **form: str) -> str:
        """The same for a dangerous act: what it shows is confirmed too."""
        shown = self.post(path, **form)
        asked = re.search(r'data-passkey="get" data-options="([^"]+)"', shown)
        question = re.search(r'name="confirmation" value="([^"]+)"', shown)
        if asked is None or question is None:
            return shown
        options = unescape(asked[1])
        credential = passkeys_at(self.url).answer_to("get", options, self.merchant, self.who)
        told = self.post(path, confirmation=question[1], credential=credential)
        if (self.who, self.merchant) in self.kept:
            self.kept[self.who, self.merchant] = self.context.cookies()
        return told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house of the file's own, in which nobody has a second factor yet."""
    server = Server(tmp_path_factory.mktemp("office"))
    server.start()
    ready = server.wait()
    for minor in (3800, 1250, 9900):
        ready.take(minor)
    ready.sign()
    yield replace(ready, url=named(ready.url))
    server.stop()


@pytest.fixture(scope="module")
def kept_offices() -> dict[tuple[str, int], list[Any]]:
    """Cookies of people signed in before, by number and merchant."""
    return {}


@pytest.fixture(scope="module")
def open_device(served: Served, chromium: Browser) -> Iterator[Office]:
    opened = Office.open(chromium, served.url)
    assert isinstance(opened, Office)
    yield opened
    opened.close()


@pytest.fixture
def looking(open_device: Office, kept_offices: dict[tuple[str, int], list[Any]]) -> Iterator[Office]:
    """A device that others looked through before, in the office, for tests that go somewhere and change nothing."""
    open_device.kept = kept_offices
    open_device.start()
    yield open_device
    complaints, open_device.complaints[:] = open_device.complaints[:], []
    assert not complaints, complaints


@pytest.fixture
def office(served: Served, chromium: Browser, kept_offices: dict[tuple[str, int], list[Any]]) -> Iterator[Office]:
    """A fresh device; whatever it complains of on its console fails the test."""
    opened = Office.open(chromium, served.url)
    assert isinstance(opened, Office)
    opened.kept = kept_offices
    yield opened
    opened.close()

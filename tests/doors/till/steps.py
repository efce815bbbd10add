"""What a cashier does, in the words of a cashier; each test is written with these."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from counterfoil.testing.house import PASSWORD
from tests.keys import PERSON, SCANNER, Keys

WECHAT = "134567890123456789"
ALIPAY = "281234567890123456"
# How long something that will come is waited for: the machine may be doing much else.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# A browser reports each refused page (4xx) on its console; a test that asks for one sees it there.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


@dataclass
class Till:
    """A device at a shop's counter."""

    url: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    kept: dict[tuple[str, int], list[Any]] = field(default_factory=dict)

    @classmethod
    def open(cls, browser: Browser, url: str, language: str = "zh-CN", **more: object) -> Till:
        context = browser.new_context(locale=language, viewport={"width": 1024, "height": 600}, **more)
        context.set_default_timeout(PATIENCE_MS)
        made = cls(url, context, context.new_page())
        made.watch(made.page)
        return made

    def watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def close(self) -> None:
        self.context.close()
        assert not self.complaints, self.complaints

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def tab(self) -> Till:
        page = self.context.new_page()
        self.watch(page)
        return Till(self.url, self.context, page, self.complaints)

    def sign_in(self, number: str = "01", password: str = PASSWORD, *, terminal: int = 0, merchant: int = 1) -> None:
        self.go(f"/till/at/{merchant}?change=1")
        self.page.select_option("#terminal", index=terminal)
        self.page.fill("#number", number)
        self.page.fill("#password", password)
        self.submit("form[action^='/till/at'] button.primary")

    def set_own_password(self, password: str) -> None:
        """What somebody sees first who signed in with a password that was given to them."""
        self.page.fill("#new", password)
        self.page.fill("#again", password)
        self.submit("form[action='/till/password'] button.primary")

    def start(self, number: str = "01", *, terminal: int = 0) -> None:
        """Be signed in already, as somebody who did so in an earlier test."""
        key = (number, terminal)
        self.context.clear_cookies()  # signing in over somebody ends their session, which others may have kept
        if key not in self.kept:
            self.sign_in(number, terminal=terminal)
            self.kept[key] = self.context.cookies()
        self.context.add_cookies(self.kept[key])

    def submit(self, selector: str) -> None:
        """Press something that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.page.click(selector)

    @cached_property
    def keys(self) -> Keys:
        return Keys.of(self.page)

    def key(self, text: str, end: str = "") -> None:
        """What a person types, a key at a time, and the key that ends it."""
        self.keys.type(text, end, apart=PERSON)

    def scan(self, code: str = WECHAT, end: str = "Enter", *, apart: float = SCANNER) -> None:
        """What a scanner does: it types, fast, and presses Enter."""
        self.keys.type(code, end, apart=apart)

    def scan_at_once(self, *codes: str) -> None:
        """What a scanner's memory does when it is emptied: the keys of all codes, before any page is left."""
        self.page.evaluate(
            """(codes) => codes.flatMap((code) => [...code, "Enter"]).forEach((key, at) => {
              const pressed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
              Object.defineProperty(pressed, "timeStamp", { value: performance.now() + 60_000 + at });
              document.body.dispatchEvent(pressed);
            })""",
            codes,
        )

    def sent(self) -> bool:
        """Whether a form of the page that is shown is on its way."""
        return bool(self.page.evaluate("[...document.forms].some((form) => form.dataset.sent)"))

    def ask(self, amount: str) -> None:
        """Key an amount, up to the page that waits for the code; sure of it where as much was taken just before."""
        self.go("/till/take")
        self.key(amount, "Enter")
        self.page.wait_for_url(re.compile(r"/till/take/[^/]+(/sure)?\?amount="))
        if "/sure" in self.page.url:
            self.submit("main section.stack a.button:not(.primary)")

    def take(self, amount: str, code: str = WECHAT) -> str:
        """A payment from the keypad to its result; its id."""
        self.ask(amount)
        self.scan_at_once(code)
        self.page.wait_for_url("**/till/payments/*")
        return self.payment_id

    @property
    def payment_id(self) -> str:
        return self.page.url.rsplit("/", 1)[1]

    def turns(self, tone: str) -> None:
        """Wait until the result has that tone: at once, or when the provider has answered."""
        self.page.wait_for_selector(f"section.result.{tone}")

    def tone(self) -> str:
        """``good``, ``bad``, ``checking`` or ``quiet``, whether or not the page is just asking."""
        _, tone, *_ = (self.page.get_attribute("section.result", "class") or "").split()
        return tone

    def headline(self) -> str:
        return self.page.inner_text("main h1")

    def wide(self) -> int:
        """By how much the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.complaints.append(f"{message.text} at {self.page.url}")


def until(true: Callable[[], bool], seconds: float = PATIENCE_MS / 1000) -> None:
    """Wait for something that happens by itself."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)

"""People's passkeys in the tests of pages: the pages are the real ones, the device stands in Python.

A browser at an address with a name offers passkeys; whatever a page asks of a device is answered here and sent with the
page's own form. Who has no passkey yet is led to the page that makes one, as anybody is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from playwright.sync_api import Page

from counterfoil.testing.authenticator import Authenticator

_ASKING: Final = "form[data-passkey]"


def named(url: str) -> str:
    """The address with a name in the place of the number."""
    return url.replace("//127.0.0.1", "//localhost")


class Passkeys:
    """The devices of everybody at one server, by merchant and operator number."""

    def __init__(self, url: str) -> None:
        self.url = named(url)
        self._devices: defaultdict[tuple[int, str], Authenticator] = defaultdict(lambda: Authenticator(self.url))

    def come_in(self, page: Page, merchant: int, who: str) -> None:
        """Whatever the office asks for behind a password, up to its home."""
        if page.url.split("?")[0].endswith("/office/second"):
            if page.query_selector(_ASKING):
                self.answer(page, merchant, who)
                return
            with page.expect_navigation():
                page.click("a[href$='/second/passkey']")
            page.fill("#name", "test")
            self.answer(page, merchant, who)
            with page.expect_navigation():
                page.click("main a.primary")

    def confirm(self, page: Page, merchant: int, who: str) -> None:
        """Confirm the act that the page shows."""
        assert page.query_selector("input[name=confirmation]"), page.inner_text("main")
        self.answer(page, merchant, who)

    def answer(self, page: Page, merchant: int, who: str) -> None:
        """Answer what the page asks of a device, and send its form."""
        form = page.query_selector(_ASKING)
        assert form is not None, page.inner_text("main")
        answer = self.answer_to(form.get_attribute("data-passkey"), form.get_attribute("data-options"), merchant, who)
        with page.expect_navigation():
            form.evaluate("(form, answer) => { form.elements.credential.value = answer; form.submit(); }", answer)

    def answer_to(self, kind: str | None, options: str | None, merchant: int, who: str) -> str:
        """What that person's device says to these options."""
        device = self._devices[merchant, who]
        return device.create(options or "") if kind == "create" else device.get(options or "")

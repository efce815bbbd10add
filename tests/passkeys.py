"""People's passkeys in the tests of pages: the pages are the real ones, the device stands in Python.

A browser at an address with a name offers passkeys; whatever a page asks of a device is answered here and sent with the
page's own form. Who has no passkey yet is led to the page that makes one, as anybody is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from html import unescape
from http import HTTPStatus
from typing import Final

import httpx
from playwright.sync_api import Page

from counterfoil.testing.authenticator import Authenticator, unb64

_ASKING: Final = "form[data-passkey]"
_ASKED: Final = re.compile(r'data-passkey="(get|create)" data-options="([^"]+)"')
_HIDDEN: Final = re.compile(r'<input type="hidden" name="(csrf|ticket)" value="([^"]+)"')


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

    def come_in_by(self, client: httpx.Client, merchant: int, who: str) -> None:
        """The same for a client that is no browser and has shown the password."""
        page = client.get("/office/second")
        if page.status_code == HTTPStatus.SEE_OTHER:
            return
        path, more = "/office/second", {}
        if not (asked := _ASKED.search(page.text)):
            path, more = "/office/second/passkey", {"name": "test"}
            page = client.get(path)
            asked = _ASKED.search(page.text)
        assert asked, page.text
        form = dict(_HIDDEN.findall(page.text)) | more
        form["credential"] = self.answer_to(asked[1], unescape(asked[2]), merchant, who)
        assert client.post(path, data=form).status_code in (HTTPStatus.OK, HTTPStatus.SEE_OTHER)

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
        device, asked = self._devices[merchant, who], unb64(options or "").decode()
        return device.create(asked) if kind == "create" else device.get(asked)


@cache
def passkeys_at(url: str) -> Passkeys:
    """The devices of the people at that server."""
    return Passkeys(url)

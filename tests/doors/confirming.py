"""Somebody at a browser in the office, without one: pages are asked for, and what they put is answered by a passkey."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Final

import httpx

from counterfoil import people
from counterfoil.doors.office.desk import SESSION
from counterfoil.doors.web import make_web
from counterfoil.store import Change
from counterfoil.testing.authenticator import Authenticator, unb64
from counterfoil.testing.house import MERCHANT

HOST: Final = "http://localhost"
ORIGIN: Final = {"Origin": HOST}
_REFUSED: Final = 400


@dataclass
class Sitter:
    """A client of the office, and the device in the hand of whoever sits there."""

    client: httpx.AsyncClient
    device: Authenticator = field(default_factory=lambda: Authenticator(HOST))

    async def come_in(self, house: Any, person_id: str) -> httpx.Response:
        """Be signed in, with a passkey of their own: made now, or shown where this device made it before."""
        app = house.app
        who = await people.person(app.store, MERCHANT, person_id)
        held = await people.held_by(app.store, MERCHANT, person_id)
        part, made = people.begin_session(
            app.people, who, held, people.IN_OFFICE, language="zh-CN", now=app.clock.now()
        )
        change_id = app.ids.uuid()
        await app.store.commit(
            Change(change_id=change_id, merchant_id=MERCHANT, inserts=part.inserts, facts=part.facts)
        )
        self.client.cookies.set(SESSION, made.token.reveal(), domain="localhost.local", path="/")
        path, page = "/office/second", (await self.client.get("/office/second")).text
        if 'data-passkey="get"' in page:
            form = {"credential": self.device.get(_asked(page, "get"))}
        else:
            path, page = "/office/second/passkey", (await self.client.get("/office/second/passkey")).text
            form = {"name": "test", "credential": self.device.create(_asked(page, "create"))}
        form |= dict(re.findall(r'<input type="hidden" name="(csrf|ticket)" value="([^"]+)"', page))
        answer = await self.client.post(path, data=form, headers=ORIGIN)
        assert answer.status_code < _REFUSED, answer.text
        return answer

    async def sees(self, path: str) -> str:
        """The text of a page."""
        return (await self.client.get(path, follow_redirects=True)).text

    async def post(self, path: str, **form: str) -> httpx.Response:
        """A form, and where it leads."""
        csrf = re.search(r'name="csrf" value="([^"]+)"', await self.sees("/office/settings"))
        assert csrf is not None
        data = {"csrf": csrf[1], **form}
        return await self.client.post(path, data=data, headers=ORIGIN, follow_redirects=True)

    async def confirm(self, path: str, **form: str) -> tuple[str, httpx.Response]:
        """The same for what is confirmed: the page that asks, and what came of the answer."""
        page = (await self.post(path, **form)).text
        question = question_in(page)
        credential = self.device.get(_asked(page, "get"))
        return page, await self.post(path, confirmation=question, credential=credential)


def question_in(page: str) -> str:
    """The id of the question that a page puts."""
    found = re.search(r'name="confirmation" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


@asynccontextmanager
async def sitting_at(house: Any, peer: str = "127.0.0.1") -> AsyncIterator[Sitter]:
    """Somebody whose requests come from that address."""
    transport = httpx.ASGITransport(make_web(house.app), client=(peer, 50000))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield Sitter(client)


def _asked(page: str, kind: str) -> str:
    found = re.search(f'data-passkey="{kind}" data-options="([^"]+)"', page)
    assert found is not None, page
    return unb64(unescape(found[1])).decode()

"""The provider's cut decides between void and refund, and never behind the operator's back."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette

from counterfoil.basis import from_rfc3339
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web
from counterfoil.payments import load, take
from counterfoil.people import Role, terminals
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, House, open_house

BEFORE = from_rfc3339("2026-11-22T15:52:00Z")  # 23:52 in Shanghai; the day of the cash account ends at midnight
HOST = "http://till"


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@asynccontextmanager
async def signed_in(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with signed_in_to(house, make_web(house.app, make_log(io.StringIO(), house.app.clock))) as client:
        yield client


@asynccontextmanager
async def signed_in_to(house: House, web: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """The supervisor's client of ``web``, without a socket."""
    terminal = (await terminals(house.app.store, MERCHANT))[0][0].id
    form = {"terminal": terminal, "number": NUMBERS[Role.SUPERVISOR], "password": PASSWORD}
    transport = httpx.ASGITransport(web)
    async with httpx.AsyncClient(transport=transport, base_url=HOST, headers={"origin": HOST}) as client:
        page = await client.get("/till/at/1")
        await client.post("/till/at/1", data={"csrf": token(page.text), **form})
        yield client


async def test_a_void_asked_for_after_the_cut_is_offered_as_a_refund_and_not_made_one(tmp_path: Path):
    clock = ManualClock(BEFORE)
    async with open_house(tmp_path, clock=clock) as house, signed_in(house) as client:
        paid = await take(house.app.payments, house.actor(), house.cash_payment(3800))
        here = f"/till/records/{paid.id}/back/{house.app.ids.uuid()}"
        asked = {"amount": "38.00", "reason": "TEST"}
        page = (await client.get(here, params=asked)).text
        assert "撤销并退回 ¥38.00" in page
        await clock.advance(10 * 60)
        answer = await client.post(here, data={"csrf": token(page), "kind": "void", **asked})
        assert answer.status_code == 409
        assert "改为退款 ¥38.00" in answer.text
        found = await load(house.app.store, MERCHANT, paid.id)
        assert found is not None
        assert found.legs == ()
        page = (await client.get(here, params=asked)).text
        assert "已过撤销时间" in page
        assert "退款 ¥38.00" in page
        answer = await client.post(here, data={"csrf": token(page), "kind": "refund", **asked})
        assert answer.headers["location"] == here
        assert "已退款" in (await client.get(here)).text

"""Whoever signs out leaves no page in the browser, and keeps what is the device's: language, look and terminal."""

from __future__ import annotations

import re

import pytest

from counterfoil.locale import translator
from counterfoil.people import Role
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, open_house
from tests.doors.confirming import Sitter
from tests.doors.shell.test_place import HERE, ORIGIN, client_at, come_in


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


def token(answer):
    return {"csrf": re.search(r'name="csrf" value="([^"]+)"', answer.text)[1]}


@pytest.mark.parametrize("door", ["till", "office"])
async def test_signing_out_clears_what_the_browser_keeps_of_pages_and_nothing_of_the_device(house, door):
    async with client_at(house, HERE) as client:
        if door == "office":
            await come_in(house, client)
        else:
            path = f"/till/at/{MERCHANT}"
            who = {"number": NUMBERS[Role.CASHIER], "password": PASSWORD, "terminal": house.terminal_ids[0]}
            await client.post(path, data=token(await client.get(path)) | who, headers=ORIGIN)
        client.cookies.set("cf_theme", "dark")
        page = await client.get("/till/menu" if door == "till" else "/office/settings")
        kept = set(client.cookies)
        answer = await client.post(f"/{door}/sign-out", data=token(page), headers=ORIGIN)
        assert answer.status_code == 303
        assert answer.headers["clear-site-data"] == '"cache"'
        assert kept - set(client.cookies) == {"cf_session" if door == "till" else "cf_office"}


async def test_ending_another_session_is_asked_first_and_signing_out_here_is_not(house):
    async with client_at(house, HERE) as here, client_at(house, HERE) as there:
        sitter = await come_in(house, here)
        await Sitter(there, sitter.device).come_in(house, house.person_ids[Role.ADMINISTRATOR])
        page = await here.get("/office/me")
        other = re.search(r'action="/office/me/end">.*?name="session" value="([^"]+)"', page.text)[1]
        asked = await here.post("/office/me/end", data=token(page) | {"session": other}, headers=ORIGIN)
        assert translator("zh-CN")("me.end_session.means") in asked.text
        assert (await there.get("/office/settings")).status_code == 200
        unknown = await here.post("/office/me/end", data=token(page) | {"session": "nobody's"}, headers=ORIGIN)
        assert "CF-2003" in unknown.text
        assert page.text.count('action="/office/sign-out"') >= 1
        assert (await here.post("/office/sign-out", data=token(page), headers=ORIGIN)).status_code == 303
        assert (await here.get("/office/settings")).status_code != 200

"""Whoever signs out leaves no page in the browser, and keeps what is the device's: language, look and terminal."""

from __future__ import annotations

import re

import pytest

from counterfoil.people import Role
from counterfoil.testing.house import EMAILS, MERCHANT, NUMBERS, PASSWORD, open_house
from tests.doors.shell.test_place import HERE, ORIGIN, client_at


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


def forms(house):
    who = {"password": PASSWORD}
    return {
        "till": who | {"number": NUMBERS[Role.CASHIER], "terminal": house.terminal_ids[0]},
        "office": who | {"email": EMAILS[Role.SUPERVISOR]},
    }


def token(answer):
    return {"csrf": re.search(r'name="csrf" value="([^"]+)"', answer.text)[1]}


@pytest.mark.parametrize("door", ["till", "office"])
async def test_signing_out_clears_what_the_browser_keeps_of_pages_and_nothing_of_the_device(house, door):
    async with client_at(house, HERE) as client:
        path = f"/{door}/at/{MERCHANT}"
        entered = token(await client.get(path)) | forms(house)[door]
        await client.post(path, data=entered, headers=ORIGIN)
        client.cookies.set("cf_theme", "dark")
        page = await client.get("/till/menu" if door == "till" else "/office", follow_redirects=True)
        kept = set(client.cookies)
        answer = await client.post(f"/{door}/sign-out", data=token(page), headers=ORIGIN)
        assert answer.status_code == 303
        assert answer.headers["clear-site-data"] == '"cache"'
        assert kept - set(client.cookies) == {"cf_session" if door == "till" else "cf_office"}

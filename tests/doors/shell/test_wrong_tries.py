"""Wrong sign-ins over HTTP: counted by the caller's address at both doors, whoever is tried, and told alike."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from counterfoil.locale import translator
from counterfoil.people import Role, write_wrong_tries
from counterfoil.people.lock import TRIES_ANYWHERE_MAX
from counterfoil.store.tables import evidence_leaf
from counterfoil.testing.house import EMAILS, MERCHANT, PASSWORD, open_house
from tests.doors.shell.test_place import ORIGIN, client_at, come_in

WRONG = "not the password"
BAD, GOOD = "203.0.113.9", "203.0.113.10"


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


async def at_office(house, peer, email, password=WRONG):
    async with client_at(house, peer) as client:
        path = f"/office/at/{MERCHANT}"
        csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get(path)).text)[1]
        return await client.post(path, data={"csrf": csrf, "email": email, "password": password}, headers=ORIGIN)


async def at_till(house, peer, number, password=WRONG):
    async with client_at(house, peer) as client:
        path = f"/till/at/{MERCHANT}"
        csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get(path)).text)[1]
        form = {"csrf": csrf, "terminal": house.terminal_ids[0], "number": number, "password": password}
        return await client.post(path, data=form, headers=ORIGIN)


async def test_ten_wrong_tries_over_both_doors_pause_the_address_and_no_other(house):
    wrong = 0
    for turn in range(TRIES_ANYWHERE_MAX // 2):
        for answer in (await at_till(house, BAD, f"5{turn}"), await at_office(house, BAD, f"{turn}@example.com")):
            wrong += 1
            assert ("CF-2030" in answer.text) is (wrong == TRIES_ANYWHERE_MAX)
    boss = EMAILS[Role.ADMINISTRATOR]
    assert "CF-2030" in (await at_office(house, BAD, boss, PASSWORD)).text
    assert "CF-2030" in (await at_till(house, BAD, "00", PASSWORD)).text
    assert (await at_office(house, GOOD, boss, PASSWORD)).status_code == 303
    assert (await at_till(house, GOOD, "00", PASSWORD)).status_code == 303


async def test_each_wrong_try_of_the_office_is_read_among_the_activity_without_what_was_typed(house):
    await at_office(house, BAD, EMAILS[Role.SUPERVISOR])
    await at_office(house, BAD, EMAILS[Role.SUPERVISOR])
    await at_office(house, BAD, "noon@example.com")
    async with client_at(house, GOOD) as client:
        await client.post(f"/office/at/{MERCHANT}/passkey", data=await token(client), headers=ORIGIN)
        await write_wrong_tries(house.app.people, everything=True)
        await come_in(house, client)
        page = (await client.get("/office/activity")).text
    leaves = await house.app.store.fetch(select(evidence_leaf.c.entry).where(evidence_leaf.c.merchant_id == MERCHANT))
    said = [json.loads(row["entry"]) for row in leaves if b'"person.tried"' in bytes(row["entry"])]
    whose = house.person_ids[Role.SUPERVISOR]
    assert sorted((one.get("subject") or "", one["count"], one["code"]) for one in said) == [
        ("", 1, "CF-2032"),
        ("", 1, "CF-2052"),
        (whose, 2, "CF-2032"),
    ]
    assert page.count(translator("zh-CN")("activity.kind.person.tried")) == 3
    assert not any("@" in str(one) for one in said)


async def token(client):
    return {"csrf": re.search(r'name="csrf" value="([^"]+)"', (await client.get(f"/office/at/{MERCHANT}")).text)[1]}


async def test_an_address_nobody_has_is_answered_like_a_wrong_password(house):
    ours = await at_office(house, GOOD, EMAILS[Role.SUPERVISOR])
    nobody = await at_office(house, GOOD, "noon@example.com")
    same = [re.sub(r'(?:value|data-options)="[^"]*"|noon|\b00\b', "", answer.text) for answer in (ours, nobody)]
    assert same[0] == same[1]
    assert ours.status_code == nobody.status_code == 401

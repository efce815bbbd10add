"""A caller who asks too often is held off at every door: told when to come again, and nothing asked for is lost."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from counterfoil import people
from counterfoil.basis import Pace
from counterfoil.doors.faults import TOO_OFTEN
from counterfoil.doors.office.desk import SESSION as OFFICE_SESSION
from counterfoil.doors.till.cookies import SESSION as TILL_SESSION
from counterfoil.doors.web import make_web
from counterfoil.people import Role
from counterfoil.providers import notice_path
from counterfoil.store import Change
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, open_house

RATE = 120
FOREIGN = ("wrong", "1." + "a" * 43)


@pytest.fixture
async def paced(tmp_path):
    """The house whose rates obey a clock of their own, and that clock."""
    clock = ManualClock()
    async with open_house(tmp_path) as house:
        app = replace(house.app, key_pace=Pace(clock, RATE), session_pace=Pace(clock, RATE))
        yield replace(house, app=app), clock


@asynccontextmanager
async def client(house, **headers):
    transport = httpx.ASGITransport(make_web(house.app), client=("10.1.2.3", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://pos.example", headers=headers) as made:
        yield made


async def key(house):
    owner = house.person_ids[Role.ADMINISTRATOR]
    boss = house.actor(Role.ADMINISTRATOR)
    _, made = await people.make_key(house.app.people, boss, label="till", owner_id=owner, scopes=("pay", "read"))
    return f"Bearer {made.reveal()}"


async def session(house, at):
    who = await people.person(house.app.store, MERCHANT, house.person_ids[Role.ADMINISTRATOR])
    held, now = await people.held_by(house.app.store, MERCHANT, who.id), house.app.clock.now()
    part, made = people.begin_session(house.app.people, who, held, at, language="zh-CN", now=now, auth="pin+passkey")
    change_id = house.app.ids.uuid()
    await house.app.store.commit(
        Change(change_id=change_id, merchant_id=MERCHANT, inserts=part.inserts, facts=part.facts)
    )
    return made.token.reveal()


async def until_held_off(made, path):
    """How many requests were answered before one was refused, and that refusal."""
    for count in range(RATE + 10):
        answer = await made.get(path)
        if answer.status_code == TOO_OFTEN.status:
            return count, answer
        assert answer.status_code == 200, answer.text
    raise AssertionError("nobody was held off")


async def test_a_key_is_held_off_and_a_payment_asked_for_again_later_is_taken_once(paced):
    house, clock = paced
    body = {
        "id": str(uuid4()),
        "shop_id": house.shop_id,
        "terminal_id": house.terminal_ids[0],
        "amount_minor": 3800,
        "currency": "CNY",
        "method": "cash",
        "entry": "keyed",
    }
    async with client(house, Authorization=await key(house)) as made:
        assert (await made.post("/api/v1/payments", json=body)).status_code == 201
        count, refused = await until_held_off(made, "/api/v1/payments")
        assert count == RATE - 1
        assert refused.json()["code"] == TOO_OFTEN.code
        assert refused.json()["do"] == TOO_OFTEN.en.do
        held = await made.post("/api/v1/payments", json=body)
        assert held.status_code == 429
        await clock.advance(int(refused.headers["retry-after"]))
        again = await made.post("/api/v1/payments", json=body)
        assert (again.status_code, again.json()["id"]) == (200, body["id"])
        assert len((await made.get("/api/v1/payments")).json()["items"]) == 1


async def test_another_key_goes_on_while_one_is_held_off(paced):
    house, _ = paced
    async with client(house, Authorization=await key(house)) as one:
        await until_held_off(one, "/api/v1/payments")
    async with client(house, Authorization=await key(house)) as other:
        assert (await other.get("/api/v1/payments")).status_code == 200


@pytest.mark.parametrize("door", ["till", "office"])
async def test_a_session_is_held_off_and_another_of_the_same_person_goes_on(paced, door):
    house, clock = paced
    at = people.At(house.terminal_ids[0], house.shop_id) if door == "till" else people.IN_OFFICE
    name, path = {"till": (TILL_SESSION, "/till/menu"), "office": (OFFICE_SESSION, "/office/settings")}[door]
    async with client(house) as made, client(house) as other:
        made.cookies.set(name, await session(house, at))
        other.cookies.set(name, await session(house, at))
        count, refused = await until_held_off(made, path)
        assert count == RATE
        assert refused.headers["retry-after"] == str(TOO_OFTEN.retry_after_seconds)
        assert TOO_OFTEN.zh.what in refused.text
        assert (await other.get(path)).status_code == 200
        await clock.advance(TOO_OFTEN.retry_after_seconds)
        assert (await made.get(path)).status_code == 200


async def test_invented_keys_and_tokens_are_not_remembered(paced):
    house, _ = paced
    async with client(house) as made:
        for shown in FOREIGN:
            made.cookies.set(TILL_SESSION, shown)
            await made.get("/till/menu")
            await made.get("/api/v1/payments", headers={"Authorization": f"Bearer cf_{shown}"})
    assert (len(house.app.key_pace), len(house.app.session_pace)) == (0, 0)


async def test_a_notice_and_what_is_open_to_everybody_is_not_under_a_rate(paced):
    house, _ = paced
    async with client(house) as made:
        assert {(await made.get("/healthz")).status_code for _ in range(RATE + 10)} == {200}
        notices = notice_path(house.app.payments.hmac_key, MERCHANT, house.app.ids.uuid())
        assert {(await made.post(notices)).status_code for _ in range(RATE + 10)} == {404}

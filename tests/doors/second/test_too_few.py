"""In the office: a colleague who was disabled still counts, and one who is there in place of two waits."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from html import unescape

import pytest

from counterfoil import people
from counterfoil.basis import Secret
from counterfoil.people import Act, NewPerson, Role, Rule
from counterfoil.second_person import COOLING_MICROS, GONE_MICROS, RequestState
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import PASSWORD, open_house
from tests.doors.confirming import sitting_at
from tests.doors.second.test_acts_of_the_table import Room

MONDAY = 1_795_334_400_000_000
RULE = {"persons": "1", "from": "6000.00", "role_administrator": "yes"}
SECOND = 1_000_000


@pytest.fixture
async def room(tmp_path):
    """Two administrators at their desks, and a clock that is moved by hand."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(open_house(tmp_path, clock=ManualClock(MONDAY)))
        new = NewPerson(
            number="98", name="某", role=Role.ADMINISTRATOR, password=Secret(PASSWORD), email="98@example.com"
        )
        made = await people.add_operator(house.app.people, house.actor(Role.ADMINISTRATOR), new)
        sitting = [await stack.enter_async_context(sitting_at(house)) for _ in range(2)]
        for sitter, person_id in zip(sitting, (house.person_ids[Role.ADMINISTRATOR], made.id), strict=True):
            await sitter.come_in(house, person_id)
        yield Room(house, *sitting), made.id


async def later(room, micros):
    await room.house.app.clock.advance(micros // SECOND)
    await room.asker.come_in(room.house, room.house.person_ids[Role.ADMINISTRATOR])


async def test_disabling_the_other_administrator_lets_nobody_approve_alone_for_a_week(room):
    room, other = room
    await room.asker.confirm(f"/office/operators/{other}/switch", on="no")
    _, answer = await room.asker.confirm("/office/policy/void", **RULE)
    page = unescape(answer.text)
    assert "CF-2166" in page
    assert "98 在" in page
    await later(room, GONE_MICROS)
    request = await room.asks("/office/policy/void", **RULE)
    assert "没有别人可以批准" in unescape(await room.asker.sees(request))


async def test_one_who_is_there_in_place_of_two_approves_once_the_cooling_off_is_over(room):
    room, other = room
    rule = Rule(act=Act.SET_POLICY, persons=2, roles=(Role.ADMINISTRATOR.value,))
    await people.set_policy(room.house.app.people, replace(room.boss, approvals=2), rule)
    request = await room.asks("/office/policy/void", **RULE)
    for sitter in (room.asker, room.other):
        page = unescape(await sitter.sees(request))
        assert "冷静期到" in page
        assert "能批准的只有另外一个人" in page
    answer = await room.other.post(f"{request}/approve")
    assert "CF-2158" in answer.text
    await room.house.app.clock.advance(COOLING_MICROS // SECOND)
    await room.other.come_in(room.house, other)
    await room.approves(request)
    assert await room.stands(request) is RequestState.DONE

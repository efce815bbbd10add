"""What changes while somebody is signed in counts from their next request on."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from counterfoil import people
from counterfoil.people import NewPerson, Permission, Role
from tests.doors.every.standing import Everybody, Somebody
from tests.doors.every.walking import DOOR, IN, REFUSED, amounts_to

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def hired(all_: Everybody, name: str, role: str) -> Somebody:
    new = NewPerson(number=None, name=name, role=role, email=f"{name}@example.com")
    made = await people.add_operator(all_.house.app.people, all_.administrator(), new)
    return await all_.session(name, made.id, people.IN_OFFICE, "pin+passkey")


async def looks(all_: Everybody, who: Somebody, path: str) -> str:
    cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
    async with all_.client() as client:
        answer = await client.get(path, headers={"Cookie": cookie})
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    return amounts_to(answer, "/office")


async def test_the_session_of_somebody_disabled_opens_nothing_any_more(all_: Everybody):
    who = await hired(all_, "leaving", Role.ADMINISTRATOR.value)
    assert await looks(all_, who, "/office/records") == IN
    await people.switch_operator(all_.house.app.people, all_.administrator(), who.person_id, on=False)
    assert await looks(all_, who, "/office/records") == DOOR
    await people.switch_operator(all_.house.app.people, all_.administrator(), who.person_id, on=True)
    assert await looks(all_, who, "/office/records") == DOOR


async def test_a_role_altered_or_taken_back_counts_in_the_running_session(all_: Everybody):
    app, boss = all_.house.app, all_.administrator()
    both = frozenset({Permission.OFFICE, Permission.READ, Permission.READ_DAYS})
    role = await people.make_role(app.people, boss, "meanwhile", both)
    who = await hired(all_, "altered", role.id)
    assert await looks(all_, who, "/office/days") == IN
    await people.alter_role(app.people, boss, role.id, "meanwhile", both - {Permission.READ_DAYS})
    assert await looks(all_, who, "/office/days") == REFUSED
    grant = (await people.grants_of(app.store, 1, who.person_id))[0]
    await people.end_grant(app.people, boss, grant.id)
    assert await looks(all_, who, "/office/records") == REFUSED

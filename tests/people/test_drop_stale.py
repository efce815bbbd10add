"""Ended sessions and forgotten tries go after a day, a bounded number at a time; nothing that still counts does."""

import pytest
from sqlalchemy import bindparam, select

from counterfoil.basis import Refused
from counterfoil.people import authenticate_session, drop_stale, sign_out
from counterfoil.people.drop_stale import ROWS_MAX
from counterfoil.people.tables import session, sign_in_lock
from counterfoil.store import Change, Insert
from tests.people.shop import WRONG

MINUTE, HOUR = 60, 3600
DAY = 24 * HOUR
SESSIONS = select(session.c.id).where(session.c.merchant_id == bindparam("merchant_id"))
LOCKS = select(sign_in_lock.c.number).where(sign_in_lock.c.merchant_id == bindparam("merchant_id"))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """A database of our own: a round goes over all merchants."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_address")
    return f"sqlite://{tmp_path}/counterfoil.db"


async def sessions(place):
    return {row["id"] for row in await place.means.store.fetch(SESSIONS, {"merchant_id": place.merchant_id})}


async def locks(place):
    return {row["number"] for row in await place.means.store.fetch(LOCKS, {"merchant_id": place.merchant_id})}


async def wrong(place, number, times=1):
    for _ in range(times):
        with pytest.raises(Refused):
            await place.sign_in(number, WRONG)


async def test_a_session_goes_a_day_after_it_was_signed_out(place):
    made, left = await place.sign_in("01"), await place.sign_in("02", at="2")
    await sign_out(place.means, left.session)
    await place.means.clock.advance(DAY - 1)
    await drop_stale(place.means)
    assert await sessions(place) == {made.session.id, left.session.id}
    await place.means.clock.advance(1)
    await drop_stale(place.means)
    assert await sessions(place) == {made.session.id}


async def test_a_session_goes_a_day_after_nobody_used_it_any_more(place):
    made = await place.sign_in("01")
    await place.means.clock.advance(DAY + 15 * MINUTE - 1)
    await drop_stale(place.means)
    assert await sessions(place) == {made.session.id}
    await place.means.clock.advance(1)
    await drop_stale(place.means)
    assert await sessions(place) == set()


async def test_a_living_session_stays_while_others_go(place):
    await place.sign_in("02")
    await place.means.clock.advance(2 * DAY)
    made = await place.sign_in("01")
    leaves = await place.leaves()
    await drop_stale(place.means)
    assert await sessions(place) == {made.session.id}
    await authenticate_session(place.means, made.token.reveal())
    assert await place.leaves() == leaves, "what goes was working state, and its going no fact"


async def test_tries_go_a_day_after_the_last_and_count_until_then(place):
    await wrong(place, "77", 3)
    await place.means.clock.advance(DAY - 1)
    await drop_stale(place.means)
    await wrong(place, "77")
    await place.means.clock.advance(DAY - 1)
    assert await drop_stale(place.means) == 0
    with pytest.raises(Refused, match="CF-2002"):
        await place.sign_in("77", WRONG)
    await place.means.clock.advance(DAY)
    assert await drop_stale(place.means) == 2, "the count at the terminal, and the one at every terminal"
    assert await locks(place) == set()
    with pytest.raises(Refused) as told:
        await place.sign_in("77", WRONG)
    assert told.value.fill == {"left": 4}


async def test_a_pause_outlives_the_round(place):
    await wrong(place, "01", 5)
    await drop_stale(place.means)
    with pytest.raises(Refused, match="CF-2002"):
        await place.sign_in("01")


async def test_a_round_is_bounded_and_the_next_goes_on(place):
    means, merchant_id = place.means, place.merchant_id
    row = {"terminal_id": place.at("1"), "tries": 1, "tried_at": means.clock.now(), "locked_until": None}
    rows = [row | {"id": means.ids.uuid(), "number": str(number)} for number in range(ROWS_MAX + 5)]
    inserts = tuple(Insert(sign_in_lock, each) for each in rows)
    await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, inserts=inserts))
    await means.clock.advance(DAY)
    assert [await drop_stale(means) for _ in range(3)] == [ROWS_MAX, 5, 0]

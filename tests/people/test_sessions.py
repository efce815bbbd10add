import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, select

from counterfoil.basis import Refused
from counterfoil.people import SESSION_ENDED, authenticate_session, set_language, sign_out
from counterfoil.people.shapes import digest
from counterfoil.people.tables import session as session_table

MINUTE, HOUR = 60, 3600
ROW = select(session_table).where(session_table.c.merchant_id == bindparam("m"), session_table.c.id == bindparam("id"))


async def ended(means, token):
    with pytest.raises(Refused) as told:
        await authenticate_session(means, token)
    assert told.value.kind is SESSION_ENDED
    assert (told.value.fill, told.value.field) == ({}, None)


async def row_of(made, means):
    return await means.store.fetch_one(ROW, {"m": made.session.merchant_id, "id": made.session.id})


async def test_a_token_brings_its_session_and_its_actor(place):
    made = await place.sign_in("80", language="en")
    session, actor = await authenticate_session(place.means, made.token.reveal())
    assert session == made.session
    assert actor == made.actor
    assert session.language == "en"


async def test_a_session_ends_after_a_quarter_of_an_hour_without_use(place):
    made = await place.sign_in()
    await place.means.clock.advance(15 * MINUTE - 1)
    await authenticate_session(place.means, made.token.reveal())
    await place.means.clock.advance(15 * MINUTE - 1)
    await authenticate_session(place.means, made.token.reveal())
    await place.means.clock.advance(15 * MINUTE)
    await ended(place.means, made.token.reveal())


async def test_what_a_page_asks_by_itself_keeps_no_session_alive(place):
    made = await place.sign_in()
    await place.means.clock.advance(10 * MINUTE)
    await authenticate_session(place.means, made.token.reveal(), used=False)
    await place.means.clock.advance(5 * MINUTE)
    await ended(place.means, made.token.reveal())


async def test_a_session_in_use_ends_after_twelve_hours(place):
    made = await place.sign_in()
    for _ in range(12 * 6 - 1):
        await place.means.clock.advance(10 * MINUTE)
        await authenticate_session(place.means, made.token.reveal())
    await place.means.clock.advance(10 * MINUTE)
    await ended(place.means, made.token.reveal())


async def test_use_is_written_at_most_once_a_minute_and_is_no_fact(place):
    made = await place.sign_in()
    leaves, before = await place.leaves(), await row_of(made, place.means)
    await place.means.clock.advance(59)
    await asyncio.gather(*(authenticate_session(place.means, made.token.reveal()) for _ in range(5)))
    assert await row_of(made, place.means) == before
    await place.means.clock.advance(1)
    await authenticate_session(place.means, made.token.reveal())
    assert (await row_of(made, place.means))["seen_at"] == place.means.clock.now()
    assert await place.leaves() == leaves


async def test_many_requests_of_one_session_at_once_all_go_through(place):
    made = await place.sign_in()
    await place.means.clock.advance(5 * MINUTE)
    answers = await asyncio.gather(*(authenticate_session(place.means, made.token.reveal()) for _ in range(6)))
    assert {session.id for session, _ in answers} == {made.session.id}


async def test_a_signed_out_token_is_worth_nothing(place):
    made, other = await place.sign_in(), await place.sign_in()
    await sign_out(place.means, made.session)
    await ended(place.means, made.token.reveal())
    await authenticate_session(place.means, other.token.reveal())
    leaves = await place.leaves()
    assert '"type":"person.signed_out"' in leaves[-1]
    await sign_out(place.means, made.session)
    assert await place.leaves() == leaves


async def test_the_language_of_a_session_stays_changed(place):
    made = await place.sign_in(language="zh-CN")
    assert (await set_language(place.means, made.session, "en")).language == "en"
    session, _ = await authenticate_session(place.means, made.token.reveal())
    assert session.language == "en"


async def test_another_merchants_token_is_refused_like_any_wrong_one(place, other):
    token = (await other.sign_in()).token.reveal()
    secret = token.partition(".")[2]
    await authenticate_session(place.means, token)
    await ended(place.means, f"{place.merchant_id}.{secret}")


async def test_only_the_digest_of_a_token_is_kept(place, everything):
    made = await place.sign_in()
    held = await everything()
    assert made.token.reveal().partition(".")[2].encode() not in held
    assert digest(made.token).encode() in held


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.text() | st.from_regex(r"\A[0-9]{1,12}\.[A-Za-z0-9_-]{43}\Z") | st.binary().map(lambda raw: raw.decode("latin1"))
)
async def test_no_made_up_token_opens_anything(place, token):
    await ended(place.means, token)

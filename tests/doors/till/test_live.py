"""The stream that says an open payment changed: who may hear it, what it says, and when it ends."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import select

from counterfoil.basis import SystemClock
from counterfoil.doors import till
from counterfoil.doors.listening import address_of, bind, listening_on
from counterfoil.doors.log import make_log
from counterfoil.doors.shell import Surroundings, assemble
from counterfoil.doors.shell.limits import Limits
from counterfoil.doors.till import live
from counterfoil.doors.till.live import LOOK_SECONDS
from counterfoil.payments import WithdrawAsk, load, take, withdraw
from counterfoil.payments.tables import payment as payment_table
from counterfoil.people import Role, terminals
from counterfoil.people.tables import session
from counterfoil.store import Change, Guard
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, House, open_house
from tests.doors.till.test_cut import signed_in as without_a_socket
from tests.doors.till.test_cut import signed_in_to, token

ASKS_LIKE_A_STREAM = {"accept": "text/event-stream"}


class NeverLooks(SystemClock):
    """A clock on which a stream's slow look never comes: what it says it was told."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds if seconds != LOOK_SECONDS else 3600)


class Heard:
    """What a stream said, line by line."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def until(self, wanted: str) -> None:
        async for line in self._lines:
            if line == wanted:
                return
        raise AssertionError(f"the stream ended before it said {wanted}")

    async def rest(self) -> list[str]:
        return [line async for line in self._lines if line]


@pytest.fixture
async def house(tmp_path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        opened.sandbox.scan_seconds = None
        yield opened


@pytest.fixture
async def told_house(tmp_path) -> AsyncIterator[House]:
    """A house whose streams say what they are told and never look by themselves."""
    async with open_house(tmp_path, clock=NeverLooks()) as opened:
        opened.sandbox.scan_seconds = None
        yield opened


@asynccontextmanager
async def signed_in(house: House) -> AsyncIterator[httpx.AsyncClient]:
    bound = bind("127.0.0.1", 0)
    url = address_of(bound)
    limits = httpx.Limits(max_connections=None)
    async with (
        listening_on(house.app, bound, io.StringIO()),
        httpx.AsyncClient(base_url=url, headers={"origin": url}, limits=limits, timeout=60) as client,
    ):
        terminal = (await terminals(house.app.store, MERCHANT))[0][0].id
        page = await client.get("/till/at/1")
        form = {"terminal": terminal, "number": NUMBERS[Role.SUPERVISOR], "password": PASSWORD}
        await client.post("/till/at/1", data={"csrf": token(page.text), **form})
        yield client


@asynccontextmanager
async def hearing(client: httpx.AsyncClient, payment, seen=None) -> AsyncIterator[Heard]:
    path = f"/till/payments/{payment.id}/live?seen={payment.version if seen is None else seen}"
    async with client.stream("GET", path, headers=ASKS_LIKE_A_STREAM) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Heard(answer)


async def shown(house: House):
    return await take(house.app.payments, house.actor(), house.shown_payment())


async def test_it_says_at_once_what_this_process_stored_and_ends_with_the_payment(told_house):
    house = told_house
    async with signed_in(house) as client:
        payment = await shown(house)
        async with hearing(client, payment) as heard:
            await heard.until(": here")
            house.app.payments.drives.nudge((MERCHANT, payment.id))
            await heard.until("event: news")
            ask = WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id)
            await withdraw(house.app.payments, house.actor(), ask)
            assert (await heard.rest())[-2:] == ["event: end", "data:"]


async def test_who_knows_an_older_state_hears_of_the_newer_one_first(house):
    async with signed_in(house) as client:
        payment = await shown(house)
        async with hearing(client, payment, seen=payment.version - 1) as heard:
            await heard.until("event: news")
            await heard.until(f"data: {payment.version}")


async def test_what_another_process_stored_is_found_by_a_slow_look(house):
    async with signed_in(house) as client:
        payment = await shown(house)
        async with hearing(client, payment) as heard:
            await heard.until(": here")
            row = (await load(house.app.store, MERCHANT, payment.id)).row
            guard = Guard(payment_table, row, {"due_at": row["due_at"]})
            await house.app.store.commit(Change(change_id=house.app.ids.uuid(), merchant_id=MERCHANT, guards=(guard,)))
            await heard.until("event: news")


async def test_a_quiet_stream_still_says_that_it_is_there_past_the_time_of_a_request(house):
    async with signed_in(house) as client:
        payment = await shown(house)
        async with hearing(client, payment) as heard:
            for _ in range(2):
                await heard.until(": here")
            assert Limits().read_seconds > LOOK_SECONDS


async def test_the_end_of_the_program_ends_it_at_once(told_house):
    house = told_house
    async with signed_in(house) as client:
        payment = await shown(house)
        async with hearing(client, payment) as heard:
            await heard.until(": here")
            closing = asyncio.create_task(house.app.payments.drives.close(1))
            assert "event: end" not in await heard.rest()
            await closing


async def test_nobody_hears_it_without_a_session_or_of_another_merchants_payment(house):
    async with signed_in(house) as client:
        payment = await shown(house)
        path = f"/till/payments/{payment.id}/live"
        foreign = await client.get(f"/till/payments/{house.app.ids.uuid()}/live")
        assert foreign.status_code == 404
        client.cookies.clear()
        stranger = await client.get(path, headers=ASKS_LIKE_A_STREAM)
        assert "text/event-stream" not in stranger.headers.get("content-type", "")
        assert stranger.status_code == 303


async def test_there_are_only_so_many_and_the_next_is_told_to_ask_by_itself(house):
    own = [*live.routes(house.app, streams_max=2), *till.routes(house.app)]
    around = Surroundings(clock=house.app.clock, ids=house.app.ids, log=make_log(io.StringIO(), house.app.clock))
    async with signed_in_to(house, assemble(own, around)) as client:
        payment = await shown(house)
        path = f"/till/payments/{payment.id}/live?seen={payment.version}"
        held = [asyncio.create_task(client.get(path, headers=ASKS_LIKE_A_STREAM)) for _ in range(2)]
        while len(house.app.payments.drives._watches.get((MERCHANT, payment.id), ())) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        refused = await client.get(path, headers=ASKS_LIKE_A_STREAM)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        ask = WithdrawAsk(id=house.app.ids.uuid(), payment_id=payment.id)
        await withdraw(house.app.payments, house.actor(), ask)
        assert all("event: end" in answer.text for answer in await asyncio.gather(*held))
        assert "event: end" in (await client.get(path, headers=ASKS_LIKE_A_STREAM)).text


async def test_a_stream_is_no_use_of_the_session_by_a_person(tmp_path):
    clock = ManualClock()
    async with open_house(tmp_path, clock=clock) as house, without_a_socket(house) as client:
        paid = await take(house.app.payments, house.actor(), house.cash_payment())
        await clock.advance(300)
        before = await seen_at(house)
        heard = await client.get(f"/till/payments/{paid.id}/live", headers=ASKS_LIKE_A_STREAM)
        assert "event: end" in heard.text
        assert await seen_at(house) == before
        await client.get("/till/menu")
        assert await seen_at(house) > before


async def seen_at(house: House) -> list[int]:
    return [row["seen_at"] for row in await house.app.store.fetch(select(session.c.seen_at))]

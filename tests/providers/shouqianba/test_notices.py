"""Shouqianba's notices over real sockets: each is a hint that leads to a question, and nothing in it moves money."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from contextlib import asynccontextmanager
from dataclasses import replace

import httpcore
import pytest
import uvicorn
from sqlalchemy import select

from counterfoil.basis import Money, Refused, Secret, SystemClock, SystemEntropy
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web, serving
from counterfoil.payments import Drives, MoneyState, heed_notices, load, resolve, take
from counterfoil.payments.tables import provider_notice
from counterfoil.providers import Charge, Means, NotOurs, NotOursWhy, NotSent, notice_path, scan
from counterfoil.providers.shouqianba.connector import connector
from counterfoil.providers.shouqianba.sandbox import NoticeTrick, notice_body
from counterfoil.providers.shouqianba.sandbox.notices import public_half
from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import MERCHANT
from tests.payments.books import assert_evidence_holds
from tests.providers.shouqianba.stage import account_of, one_key, open_shop

KEPT = select(provider_notice.c.state, provider_notice.c.how).where(provider_notice.c.merchant_id == MERCHANT)


@asynccontextmanager
async def served(folder):
    """A shop whose notices arrive over HTTP; what is kept is heeded when the test says so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with open_shop(folder, SystemClock(), public_url=url) as (house, face):
            web = make_web(house.app, make_log(io.StringIO(), house.app.clock))
            server = uvicorn.Server(serving(web, "127.0.0.1", 0))
            task = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield house, face.sandbox
            finally:
                server.should_exit = True
                await task


@pytest.fixture
async def door(tmp_path):
    async with served(tmp_path) as opened:
        yield opened


async def until(true, seconds=8.0):
    """Wait for the event, as long as a busy machine may need."""
    for _ in range(int(seconds / 0.05)):
        if await true():
            return
        await asyncio.sleep(0.05)
    assert await true()


async def post(order, body, header):
    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request("POST", order.notify_url, headers=[("Authorization", header)], content=body)
    return answer.status, dict(answer.headers)[b"content-type"].partition(b";")[0], answer.content


async def lost(house, sandbox, minor=6609):
    """A payment that was taken, its answer lost, and its next question still ahead; the sandbox's order of it."""
    open_ = await take(house.app.payments, house.actor(), house.code_payment(minor, wait_seconds=0.5))
    assert open_.in_flight
    return open_, sandbox.ledger.find(client_sn=open_.order_no)


async def money(house, open_):
    return (await load(house.app.store, MERCHANT, open_.id)).money


async def kept(house):
    return [(row["state"], row["how"]) for row in await house.app.store.fetch(KEPT)]


async def test_a_payment_whose_answer_was_lost_is_asked_about_when_its_notice_comes(door):
    house, sandbox = door
    begun = house.app.clock.monotonic()
    open_, order = await lost(house, sandbox)
    assert order.notify_url.endswith(
        notice_path(house.app.payments.hmac_key, MERCHANT, (await account_of(house))["id"])
    )
    assert len(order.notify_url) <= 128

    async def captured():
        await heed_notices(house.app.payments)
        return await money(house, open_) is MoneyState.CAPTURED

    await until(captured)
    # Without the notice the first question comes five seconds after the charge.
    assert house.app.clock.monotonic() - begun < 4.5
    assert sandbox.notices.answers == [(open_.order_no, "success")]
    assert await kept(house) == [("done", "asked")]
    assert [order.taken_at is not None for order in sandbox.ledger.orders()] == [True]
    await assert_evidence_holds(house)


@pytest.mark.parametrize(
    "trick", [NoticeTrick.TWICE, NoticeTrick.HEX, NoticeTrick.BARE, NoticeTrick.BARE_HEX, NoticeTrick.WRAPPED]
)
async def test_a_notice_in_any_form_and_number_is_one_hint(door, trick):
    house, sandbox = door
    sandbox.notices.next.append(trick)
    open_, _ = await lost(house, sandbox)

    async def captured():
        await heed_notices(house.app.payments)
        return await money(house, open_) is MoneyState.CAPTURED

    await until(captured)
    assert set(sandbox.notices.answers) == {(open_.order_no, "success")}
    assert await kept(house) == [("done", "asked")]


async def test_what_a_lost_notice_did_not_say_is_asked_and_a_late_one_finds_it_known(door):
    house, sandbox = door
    for trick in (NoticeTrick.LOST, NoticeTrick.LATE):
        sandbox.notices.next.append(trick)
        sandbox.notices.late_seconds = 0.5
        open_, _ = await lost(house, sandbox)
        assert sandbox.notices.answers == []
        assert (await resolve(house.app.payments, MERCHANT, open_.id)).money is MoneyState.CAPTURED

    async def known():
        await heed_notices(house.app.payments)
        return await kept(house) == [("done", "known")]

    await until(known)
    assert sandbox.notices.answers == [(open_.order_no, "success")]


async def test_a_forged_notice_moves_nothing_whichever_byte_is_turned(door):
    house, sandbox = door
    sandbox.notices.next.append(NoticeTrick.LOST)
    open_, order = await lost(house, sandbox, minor=6605)
    body = notice_body(order)
    header = sandbox.notices.authorization(order, body)
    made = house.app.accounts.connector(await account_of(house))
    for at in range(len(body)):
        forged = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        refused = made.read_notice({"authorization": header}, forged)
        assert isinstance(refused, NotOurs)
        assert refused.why is NotOursWhy.NOT_SIGNED
    assert await post(order, body + b" ", header) == (403, b"text/plain", b"CF-4240")
    assert await kept(house) == []
    assert await money(house, open_) in {MoneyState.SENT, MoneyState.UNKNOWN}


async def test_a_notice_that_says_paid_before_it_is_leads_to_a_question_only(door):
    house, sandbox = door
    open_, order = await lost(house, sandbox, minor=6605)
    lie = notice_body(order).replace(b'"order_status":"CREATED"', b'"order_status":"PAID"')
    lie = lie.replace(b'"status":"IN_PROG"', b'"status":"SUCCESS"')
    assert b"CREATED" not in lie
    assert await post(order, lie, sandbox.notices.authorization(order, lie)) == (200, b"text/plain", b"success")
    await heed_notices(house.app.payments)
    assert await kept(house) == [("done", "asked")]
    await asyncio.sleep(0.3)
    assert await money(house, open_) in {MoneyState.SENT, MoneyState.UNKNOWN}


async def test_a_notice_of_another_terminal_is_refused(door):
    house, sandbox = door
    _, order = await lost(house, sandbox, minor=6605)
    body = notice_body(order, NoticeTrick.OTHER_TERMINAL)
    assert await post(order, body, sandbox.notices.authorization(order, body)) == (403, b"text/plain", b"CF-4241")
    assert await kept(house) == []


async def test_a_hint_works_in_a_process_that_does_not_drive_the_payment(door):
    house, sandbox = door
    sandbox.notices.next.append(NoticeTrick.LOST)
    open_, order = await lost(house, sandbox)
    means = house.app.payments
    assert open_.driver == means.process
    assert means.drives.running((MERCHANT, open_.id))
    other = replace(means, process=house.app.ids.uuid(), alone=False, drives=Drives(lambda *_: None))
    body = notice_body(order)
    assert (await post(order, body, sandbox.notices.authorization(order, body)))[0] == 200
    assert await heed_notices(other) == 1
    assert await money(house, open_) is MoneyState.CAPTURED
    # Whoever drove it finds it ended, and leaves it at that.
    means.drives.nudge((MERCHANT, open_.id))

    async def ended():
        return not means.drives.running((MERCHANT, open_.id))

    await until(ended)
    assert await money(house, open_) is MoneyState.CAPTURED
    await assert_evidence_holds(house)


def means_of(settings, notify_url, sent):
    async def post(_url, _headers, body):
        sent.append(json.loads(body))
        raise NotSent("not now")

    return Means(
        account_id="a",
        environment="sandbox",
        manifest=scan()["shouqianba"],
        settings=settings,
        post=post,
        clock=ManualClock(),
        entropy=SystemEntropy(),
        notify_url=notify_url,
    )


SETTINGS = {"base_url": "http://127.0.0.1:9", "terminal_sn": "1", "terminal_key": "k", "device_id": "d"}
KEY = {"notice_key": public_half(one_key())}
LONGEST = "https://" + "a" * 120


@pytest.mark.parametrize(
    ("settings", "url", "told"),
    [(KEY, LONGEST, LONGEST), (KEY, LONGEST + "a", None), (KEY, None, None), ({}, LONGEST, None)],
    ids=["longest", "too long", "not reachable", "no key"],
)
async def test_an_address_is_given_where_it_is_short_enough_and_notices_can_be_verified(settings, url, told):
    sent = []
    made = connector(means_of(SETTINGS | settings, url, sent))
    for entry, code in (("consumer_code", Secret("134567890123456789")), ("merchant_code", None)):
        await made.charge(
            Charge(
                order_no="1" * 24,
                amount=Money(100),
                entry=entry,
                auth_code=code,
                subject="s",
                asked_at=0,
                wallet="alipay",
                code_seconds=240,
            )
        )
    assert [body.get("notify_url") for body in sent] == [told, told]
    if not settings:
        assert made.read_notice({}, b"{}").why is NotOursWhy.NOT_SIGNED


@pytest.mark.parametrize("key", ["x", "AAAA", "-----BEGIN PUBLIC KEY-----", "00a1b2c3d4"])
def test_a_key_of_notices_that_is_none_is_refused_by_its_name(key):
    with pytest.raises(Refused, match="CF-4204") as refused:
        connector(means_of(SETTINGS | {"notice_key": key}, None, []))
    assert refused.value.field == "notice_key"

"""The door for providers' notices, over real sockets: from the sandbox to a payment, and what it answers strangers."""

from __future__ import annotations

import asyncio
import io
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web, serving
from counterfoil.doors.worker import working
from counterfoil.payments import MoneyState, load, take
from counterfoil.providers import accounts_of_provider, notice_path
from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from counterfoil.providers.lakala.sandbox.notices import NoticeTrick, notice_body
from counterfoil.testing.house import MERCHANT, open_house


@asynccontextmanager
async def served(folder):
    """A house whose notices arrive over HTTP, its worker running."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with open_house(folder, public_url=url) as house:
            house.sandbox.scan_seconds = None
            web = make_web(house.app, make_log(io.StringIO(), house.app.clock))
            server = uvicorn.Server(serving(web, "127.0.0.1", 0))
            task = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                async with working(house.app):
                    yield house, url
            finally:
                server.should_exit = True
                await task


@pytest.fixture
async def open_door(tmp_path):
    async with served(tmp_path) as opened:
        yield opened


async def path_of(house) -> str:
    (account,) = await accounts_of_provider(house.app.store, MERCHANT, "lakala")
    return notice_path(house.app.payments.hmac_key, MERCHANT, account["id"])


async def until(asked, seconds=8.0):
    """Wait for the event, as long as a busy machine may need."""
    for _ in range(int(seconds / 0.05)):
        if await asked():
            return
        await asyncio.sleep(0.05)
    assert await asked()


async def test_a_payment_by_a_shown_code_is_known_by_its_notice_before_anybody_asks(open_door):
    house, url = open_door
    open_ = await take(house.app.payments, house.actor(), house.shown_payment(2000, wait_seconds=5))
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    assert trade.notify_url == url + await path_of(house)
    assert len(trade.notify_url) <= 128
    async with httpx.AsyncClient() as customer:
        await customer.post(open_.code, content="do=pay", headers={"content-type": "application/x-www-form-urlencoded"})

    async def captured():
        return (await load(house.app.store, MERCHANT, open_.id)).money is MoneyState.CAPTURED

    await until(captured)
    assert house.sandbox.notices.answers == [(open_.order_no, "SUCCESS")]


async def test_a_forged_notice_is_answered_fail_and_sent_again(open_door):
    house, _ = open_door
    open_ = await take(house.app.payments, house.actor(), house.shown_payment(2000, wait_seconds=5))
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=open_.order_no)
    assert not await house.sandbox.notices.send(trade, NoticeTrick.FORGED)
    assert house.sandbox.notices.answers == [(open_.order_no, "FAIL")]
    async with httpx.AsyncClient() as stranger:
        told = await stranger.post(trade.notify_url, content=notice_body(trade))
        assert told.json() == {"code": "FAIL", "message": "CF-4240"}


@pytest.mark.parametrize("change", ["token", "account", "merchant", "garbage"])
async def test_an_address_we_did_not_give_out_is_nobodys(open_door, change):
    house, url = open_door
    path = await path_of(house)
    _, _, merchant, account, token = path.split("/")
    wrong = {
        "token": f"/notices/{merchant}/{account}/{token[:-1]}{'0' if token[-1] != '0' else '1'}",
        "account": f"/notices/{merchant}/{account[:-1]}{'0' if account[-1] != '0' else '1'}/{token}",
        "merchant": f"/notices/2/{account}/{token}",
        "garbage": "/notices/%F0%9F%92%B0/x/y",
    }[change]
    async with httpx.AsyncClient() as stranger:
        assert (await stranger.post(url + wrong, content=b"{}")).status_code == 404
        assert (await stranger.get(url + path)).status_code == 405
        assert (await stranger.post(url + path, content=b"x" * 1_000_001)).status_code == 413

"""Dangerous acts are done from the networks that the merchant named for them, whichever door they come through."""

from __future__ import annotations

import re
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import msgspec
import pytest

from counterfoil import people
from counterfoil.doors.web import make_web
from counterfoil.evidence import log_size
from counterfoil.payments import RefundAsk, load, refund, take
from counterfoil.people import DANGER, At, Role
from counterfoil.store import Change
from counterfoil.testing.house import MERCHANT, PASSWORD, open_house
from tests.doors.confirming import HOST, ORIGIN, Sitter

SHOP, ELSEWHERE, PROXY = "203.0.113.7", "198.51.100.9", "10.0.0.2"
LIST = "203.0.113.0/24 2001:db8::/32"
REASON = "TEST"


@dataclass
class Place:
    """The house, with somebody at the till, a key of the API, and somebody in the office."""

    house: object
    app: object
    cookies: dict[str, str]
    csrf: str
    bearer: dict[str, str]

    @asynccontextmanager
    async def client(self, peer, *, proxied=False):
        app = self.app
        if proxied:
            server = msgspec.structs.replace(app.settings.server, proxies=(PROXY,))
            app = replace(app, settings=msgspec.structs.replace(app.settings, server=server))
        transport = httpx.ASGITransport(make_web(app), client=(PROXY if proxied else peer, 50000))
        headers = {"X-Forwarded-For": peer} if proxied else {}
        async with httpx.AsyncClient(transport=transport, base_url=HOST, headers=headers) as client:
            yield client

    async def at_till(self, client, path, **form):
        client.cookies.update(self.cookies)
        return await client.post(path, data={"csrf": self.csrf, **form}, headers=ORIGIN)

    async def by_key(self, client, path, **body):
        body = {"id": str(uuid.uuid4()), "wait_seconds": 5, **body}
        return await client.post(path, json=body, headers=self.bearer)


@pytest.fixture
async def place(tmp_path):
    async with open_house(tmp_path) as house:
        app, person_id = house.app, house.person_ids[Role.SUPERVISOR]
        who = await people.person(app.store, MERCHANT, person_id)
        held = await people.held_by(app.store, MERCHANT, person_id)
        at = At(house.terminal_ids[0], house.shop_id)
        part, made = people.begin_session(app.people, who, held, at, language="zh-CN", now=app.clock.now())
        change = Change(change_id=app.ids.uuid(), merchant_id=MERCHANT, inserts=part.inserts, facts=part.facts)
        await app.store.commit(change)
        scopes = ("pay", "read", "refund", "void")
        _, secret = await people.make_key(
            app.people, house.actor(Role.ADMINISTRATOR), label="erp", owner_id=person_id, scopes=scopes
        )
        bearer = {"Authorization": f"Bearer {secret.reveal()}"}
        yield Place(house, app, {"cf_session": made.token.reveal()}, made.session.csrf, bearer)


async def name_list(place, networks=LIST):
    actor = place.house.actor(Role.ADMINISTRATOR)
    read, caller = people.read_networks(networks), people.read_networks(SHOP).all[0][0]
    await people.try_networks(place.app.people, actor, DANGER, read, caller)
    await people.keep_networks(place.app.people, actor, DANGER)


async def paid(place, minor=3800):
    return await take(place.app.payments, place.house.actor(), place.house.code_payment(minor))


async def still_open(place):
    return await take(place.app.payments, place.house.actor(), place.house.code_payment(6605, wait_seconds=0))


async def queued(place):
    """A payment with a refund for which the account has not enough."""
    payment = await paid(place, 6614)
    ask = RefundAsk(
        id=str(uuid.uuid4()),
        payment_id=payment.id,
        amount=replace(payment.amount, minor=614),
        reason=REASON,
        wait_seconds=5,
    )
    found = await refund(place.app.payments, place.house.actor(), ask)
    assert found.legs[-1].queued
    return found


def _back(payment, kind, amount):
    path = f"/till/records/{payment.id}/back/{uuid.uuid4()}"
    return path, {"kind": kind, "amount": amount, "reason": REASON}


async def void_at_till(place, client, payment):
    path, form = _back(payment, "void", "38.00")
    return await place.at_till(client, path, **form)


async def refund_at_till(place, client, payment):
    path, form = _back(payment, "refund", "8.00")
    return await place.at_till(client, path, **form)


async def cancel_at_till(place, client, payment):
    return await place.at_till(client, f"/till/records/{payment.id}/back/{payment.legs[-1].id}/cancel")


async def withdraw_at_till(place, client, payment):
    return await place.at_till(client, f"/till/payments/{payment.id}/withdraw")


async def void_by_key(place, client, payment):
    return await place.by_key(client, f"/api/v1/payments/{payment.id}/void", reason=REASON)


async def refund_by_key(place, client, payment):
    return await place.by_key(client, f"/api/v1/payments/{payment.id}/refunds", reason=REASON, amount_minor=800)


async def withdraw_by_key(place, client, payment):
    return await place.by_key(client, f"/api/v1/payments/{payment.id}/withdraw")


ACTS = [
    # the act as refusals call it, what it is about, how it is asked for
    ("void", paid, void_at_till),
    ("refund", paid, refund_at_till),
    ("refund", queued, cancel_at_till),
    ("withdraw", still_open, withdraw_at_till),
    ("void", paid, void_by_key),
    ("refund", paid, refund_by_key),
    ("withdraw", still_open, withdraw_by_key),
]
IDS = [how.__name__ for _, _, how in ACTS]
# From where, through a proxy of ours or not, and whether it is done.
FROM = [
    (SHOP, False, True),
    (f"::ffff:{SHOP}", False, True),
    ("2001:db8::7", False, True),
    (ELSEWHERE, False, False),
    (f"::ffff:{ELSEWHERE}", False, False),
    ("2001:db9::7", False, False),
    (SHOP, True, True),
    (ELSEWHERE, True, False),
]


@pytest.mark.parametrize("asked", ACTS, ids=IDS)
@pytest.mark.parametrize(("peer", "proxied", "done"), FROM, ids=[f"{peer}{'-proxied' * by}" for peer, by, _ in FROM])
async def test_a_dangerous_act_is_done_from_the_named_networks_only(place, asked, peer, proxied, done):
    act, about, how = asked
    payment = await about(place)
    await name_list(place)
    before, leaves = await load(place.app.store, MERCHANT, payment.id), await log_size(place.app.store, MERCHANT)
    async with place.client(peer, proxied=proxied) as client:
        answer = await how(place, client, payment)
    if done:
        assert answer.status_code in (201, 202, 303), answer.text
        return
    assert (answer.status_code, "CF-2122" in answer.text) == (403, True)
    if "json" in answer.headers["content-type"]:
        assert answer.json()["code"] == "CF-2122"
    # Nothing is written but that it was refused; what was open by itself may go on meanwhile.
    refused = [one for one, _ in place.app.refusals.due(everything=True)]
    assert [(one.act, one.code) for one in refused] == [(act, "CF-2122")]
    if about is not still_open:
        assert await load(place.app.store, MERCHANT, payment.id) == before
        assert await log_size(place.app.store, MERCHANT) == leaves


@pytest.mark.parametrize(("act", "about", "how"), ACTS, ids=IDS)
async def test_a_merchant_that_named_no_list_is_not_held(place, act, about, how):
    payment = await about(place)
    async with place.client(ELSEWHERE) as client:
        answer = await how(place, client, payment)
    assert answer.status_code in (201, 202, 303), (act, answer.text)


async def test_a_list_on_trial_holds_the_tills_and_lets_go_when_its_minute_is_over(place):
    payment = await paid(place)
    actor, caller = place.house.actor(Role.ADMINISTRATOR), people.read_networks(SHOP).all[0][0]
    await people.try_networks(place.app.people, actor, DANGER, people.read_networks(LIST), caller)
    async with place.client(ELSEWHERE) as client:
        assert (await refund_at_till(place, client, payment)).status_code == 403
        await people.drop_trial(place.app.people, actor, DANGER)
        assert (await refund_at_till(place, client, payment)).status_code == 303


async def test_a_till_that_is_elsewhere_still_asks_somebody(place):
    payment = await paid(place)
    await name_list(place)
    async with place.client(ELSEWHERE) as client:
        path, form = _back(payment, "void", "38.00")
        page = (await place.at_till(client, path, **form)).text
        assert f'formaction="{path}/ask"' in page
        assert "button danger" not in page
        asked = await place.at_till(client, f"{path}/ask", **form)
        assert (asked.status_code, asked.headers["location"]) == (303, f"{path}/asked")


async def test_a_till_password_is_set_at_a_till_from_the_named_networks_only(place):
    await name_list(place)
    path, new = f"/till/at/{MERCHANT}/reset", "another one, and long"
    form = {"whose": "01", "new": new, "again": new, "number": "00", "password": PASSWORD}
    for peer, status in ((ELSEWHERE, 403), (SHOP, 200)):
        async with place.client(peer) as client:
            client.cookies.set("cf_terminal", f"{MERCHANT}.{place.house.terminal_ids[0]}")
            page = await client.get(path)
            csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
            answer = await client.post(path, data={"csrf": csrf, **form}, headers=ORIGIN)
            assert (answer.status_code, "CF-2122" in answer.text) == (status, status == 403), answer.text


async def test_taking_money_and_looking_are_not_held(place):
    payment = await paid(place)
    await name_list(place)
    async with place.client(ELSEWHERE) as client:
        client.cookies.update(place.cookies)
        assert (await client.get(f"/till/payments/{payment.id}")).status_code == 200
        body = {
            "shop_id": place.house.shop_id,
            "terminal_id": place.house.terminal_ids[0],
            "method": "cash",
            "entry": "keyed",
            "amount_minor": 500,
            "currency": "CNY",
            "tendered_minor": 500,
        }
        taken = await place.by_key(client, "/api/v1/payments", **body)
        assert taken.status_code == 201, taken.text


async def test_a_hold_and_what_waits_in_the_office_are_held_too(place):
    payment, waits = await paid(place), await still_open(place)
    await name_list(place)
    async with place.client(ELSEWHERE) as client:
        sitter = Sitter(client)
        await sitter.come_in(place.house, place.house.person_ids[Role.ADMINISTRATOR])
        form = {"hold_id": str(uuid.uuid4()), "reason": "COURT_ORDER", "reference": "A-1"}
        for path, sent in (
            (f"/office/records/{payment.id}/hold", form),
            (f"/office/waiting/{waits.id}", {"do": "withdraw"}),
            ("/office/shops/add", {"name": "B"}),
        ):
            answer = await sitter.post(path, **sent)
            assert (answer.status_code, "CF-2122" in answer.text) == (403, True), path
        shown = await sitter.sees("/office/networks")
        assert "收银台" in re.sub(r"<[^>]+>", "", shown)

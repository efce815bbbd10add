"""A request asked for at a till, on its way to a phone: its address, its code, and what signing in leads to."""

from __future__ import annotations

import uuid

import httpx
import pytest

from counterfoil import people
from counterfoil.basis import MICROS, SystemClock
from counterfoil.doors.web import make_web
from counterfoil.payments import take
from counterfoil.people import At, Role
from counterfoil.store import Change
from counterfoil.testing.house import MERCHANT, open_house
from tests.doors.confirming import sitting_at

REASON = {"kind": "void", "amount": "38.00", "reason": "TEST"}


class Later(SystemClock):
    """The machine's clock, put forward."""

    by = 0

    def now(self):
        return super().now() + self.by


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path, clock=Later()) as opened:
        yield opened


async def asked(house, base):
    """The page that waits at a till which is at that address, and the id of the request."""
    app = house.app
    who = await people.person(app.store, MERCHANT, house.person_ids[Role.CASHIER])
    held = await people.held_by(app.store, MERCHANT, who.id)
    at = At(house.terminal_ids[0], house.shop_id)
    part, made = people.begin_session(app.people, who, held, at, language="en", now=app.clock.now())
    change = Change(change_id=app.ids.uuid(), merchant_id=MERCHANT, inserts=part.inserts, facts=part.facts)
    await app.store.commit(change)
    payment = await take(app.payments, house.actor(), house.code_payment(3800))
    request_id = str(uuid.uuid4())
    path = f"/till/records/{payment.id}/back/{request_id}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(make_web(app)), base_url=base) as client:
        client.cookies.set("cf_session", made.token.reveal())
        form = {"csrf": made.session.csrf, **REASON}
        answer = await client.post(f"{path}/ask", data=form, headers={"Origin": base})
        assert answer.headers["location"] == f"{path}/asked", answer.text
        return (await client.get(f"{path}/asked")).text, request_id


async def test_the_till_shows_where_it_is_opened_in_words_and_as_a_code(house):
    page, request_id = await asked(house, "http://pos.example:8080")
    assert f"http://pos.example:8080/office/requests/{request_id}" in page
    assert "QR code: this request in the office" in page


@pytest.mark.parametrize("base", ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080"])
async def test_no_code_leads_a_phone_to_itself(house, base):
    page, request_id = await asked(house, base)
    assert f"/office/requests/{request_id}" in page
    assert "QR code: this request in the office" not in page


async def test_who_opens_it_signed_out_is_at_it_once_signed_in(house):
    _, request_id = await asked(house, "http://pos.example")
    path = f"/office/requests/{request_id}"
    async with sitting_at(house) as sitter:
        boss = house.person_ids[Role.SUPERVISOR]
        await sitter.come_in(house, boss)
        sitter.client.cookies.clear()
        away = await sitter.client.get(path)
        assert away.headers["location"] == "/office"
        assert sitter.client.cookies["cf_office_to"].strip(chr(34)) == path
        arrived = await sitter.come_in(house, boss)
        assert arrived.headers["location"] == path
        # Once: the next sign-in leads home.
        assert "cf_office_to" not in sitter.client.cookies
        sitter.client.cookies.clear()
        assert (await sitter.come_in(house, boss)).headers["location"] == "/office/home"


@pytest.mark.parametrize("wanted", ["//evil.example", "/office/requests/../me", "/till/menu", "https://evil.example"])
async def test_nothing_but_a_request_is_gone_on_to(house, wanted):
    async with sitting_at(house) as sitter:
        boss = house.person_ids[Role.SUPERVISOR]
        await sitter.come_in(house, boss)
        sitter.client.cookies.clear()
        await sitter.client.get("/office/settings")
        assert "cf_office_to" not in sitter.client.cookies
        sitter.client.cookies.set("cf_office_to", wanted, domain="localhost.local", path="/")
        assert (await sitter.come_in(house, boss)).headers["location"] == "/office/home"


async def test_asking_for_the_count_keeps_no_session_alive(house):
    async with sitting_at(house) as sitter:
        await sitter.come_in(house, house.person_ids[Role.SUPERVISOR])
        headers = {"HX-Request": "true"}
        for _ in range(4):
            house.app.clock.by += 4 * 60 * MICROS
            answer = await sitter.client.get("/office/inbox", headers=headers)
        assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, "/office")


async def test_a_list_that_is_as_it_was_is_not_sent_again(house):
    async with sitting_at(house) as sitter:
        await sitter.come_in(house, house.person_ids[Role.SUPERVISOR])
        page = await sitter.sees("/office/requests")
        fresh = page.partition('hx-get="/office/requests/list?was=')[2].partition('"')[0]
        same = await sitter.client.get(f"/office/requests/list?was={fresh}")
        assert (same.status_code, same.text) == (204, "")
        _, request_id = await asked(house, "http://pos.example")
        other = await sitter.client.get(f"/office/requests/list?was={fresh}")
        assert (other.status_code, request_id in other.text, "<html" in other.text) == (200, True, False)

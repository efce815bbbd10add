"""The office and the API from elsewhere: refused at each request, in the words of the catalogue, whatever is forged."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from html import unescape

import httpx
import pytest

from counterfoil import people
from counterfoil.doors.office.desk import SESSION
from counterfoil.doors.web import make_web
from counterfoil.people import API, DANGER, OFFICE, Role
from counterfoil.store import Change
from counterfoil.testing.authenticator import Authenticator, unb64
from counterfoil.testing.house import EMAILS, MERCHANT, PASSWORD, open_house

HERE, ELSEWHERE = "10.1.2.3", "198.51.100.9"
HOST = "http://localhost"
ORIGIN = {"Origin": HOST}
DEVICE = Authenticator(HOST)


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def client_at(house, peer):
    transport = httpx.ASGITransport(make_web(house.app), client=(peer, 50000))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


async def come_in(house, client):
    """Be signed in as the administrator, with a passkey of their own."""
    app, person_id = house.app, house.actor(Role.ADMINISTRATOR).person_id
    who = await people.person(app.store, MERCHANT, person_id)
    held = await people.held_by(app.store, MERCHANT, person_id)
    now = app.clock.now()
    part, made = people.begin_session(app.people, who, held, people.IN_OFFICE, language="zh-CN", now=now)
    change_id = app.ids.uuid()
    await app.store.commit(Change(change_id=change_id, merchant_id=MERCHANT, inserts=part.inserts, facts=part.facts))
    client.cookies.set(SESSION, made.token.reveal(), domain="localhost.local", path="/")
    page = (await client.get("/office/second/passkey")).text
    form = dict(re.findall(r'<input type="hidden" name="(csrf|ticket)" value="([^"]+)"', page))
    form |= {"name": "test", "credential": DEVICE.create(asked_by(page, "create"))}
    assert (await client.post("/office/second/passkey", data=form, headers=ORIGIN)).status_code < 400


def asked_by(page, kind):
    return unb64(unescape(re.search(f'data-passkey="{kind}" data-options="([^"]+)"', page)[1])).decode()


async def post(client, path, **form):
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get("/office/networks")).text)[1]
    return await client.post(path, data={"csrf": csrf, **form}, headers=ORIGIN, follow_redirects=True)


async def post_and_confirm(client, path, **form):
    """The same for what is confirmed: the page that asks, and what came of the answer."""
    page = (await post(client, path, **form)).text
    question = re.search(r'name="confirmation" value="([^"]+)"', page)[1]
    credential = DEVICE.get(asked_by(page, "get"))
    return page, await post(client, path, confirmation=question, credential=credential)


async def allow(house, purpose, networks, caller=HERE):
    actor = house.actor(Role.ADMINISTRATOR)
    read = people.read_networks(networks)
    await people.try_networks(house.app.people, actor, purpose, read, people.read_networks(caller).all[0][0])
    await people.keep_networks(house.app.people, actor, purpose)


async def test_a_session_taken_elsewhere_opens_nothing_there(house):
    async with client_at(house, HERE) as here, client_at(house, ELSEWHERE) as there:
        await come_in(house, here)
        there.cookies.update(here.cookies)
        assert (await there.get("/office/home")).status_code == 200
        await allow(house, OFFICE, "10.0.0.0/8")
        assert (await here.get("/office/home")).status_code == 200
        for path in ("/office/home", "/office/records", "/office/networks", f"/office/at/{MERCHANT}"):
            answer = await there.get(path)
            assert (answer.status_code, "CF-2120" in answer.text, ELSEWHERE in answer.text) == (403, True, True)
        for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            assert (await there.get("/office/home", headers={header: HERE})).status_code == 403


async def test_nobody_signs_in_from_elsewhere_however_right_the_password_is(house):
    async with client_at(house, ELSEWHERE) as there:
        page = await there.get(f"/office/at/{MERCHANT}")
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
        await allow(house, OFFICE, "10.0.0.0/8")
        form = {"csrf": csrf, "email": EMAILS[Role.ADMINISTRATOR], "password": PASSWORD}
        answer = await there.post(f"/office/at/{MERCHANT}", data=form, headers=ORIGIN)
    assert (answer.status_code, "CF-2120" in answer.text) == (403, True)


async def test_the_api_asks_where_a_key_is_used(house):
    _, secret = await people.make_key(
        house.app.people, house.actor(Role.ADMINISTRATOR), label="till", owner_id=house.actor().person_id
    )
    bearer = {"Authorization": f"Bearer {secret.reveal()}"}
    await allow(house, API, "192.0.2.0/24")
    for peer, status in (("192.0.2.7", 200), ("::ffff:192.0.2.7", 200), (ELSEWHERE, 403), (HERE, 403)):
        async with client_at(house, peer) as client:
            answer = await client.get("/api/v1/payments", headers=bearer)
            assert answer.status_code == status, answer.text
            assert status == 200 or answer.json()["code"] == "CF-2121"


async def test_the_lists_are_set_in_the_office_and_only_from_a_trusted_network(house):
    async with client_at(house, HERE) as here, client_at(house, ELSEWHERE) as there:
        await come_in(house, here)
        there.cookies.update(here.cookies)
        path = f"/office/networks/{OFFICE}"
        refused = await post(there, f"{path}/try", networks="198.51.100.0/24")
        assert (refused.status_code, "CF-2122" in refused.text) == (403, True)
        outside = await post(here, f"{path}/try", networks="192.168.0.0/16")
        assert (outside.status_code, "CF-2124" in outside.text, "192.168.0.0/16" in outside.text) == (422, True, True)
        nonsense = await post(here, f"{path}/try", networks="<b>lan</b>")
        assert (nonsense.status_code, "CF-2123" in nonsense.text, "<b>lan" in nonsense.text) == (422, True, False)
        asked, tried = await post_and_confirm(here, f"{path}/try", networks="10.0.0.0/8")
        assert "10.0.0.0/8" in asked
        assert "60" in tried.text
        there.cookies.clear()
        there.cookies.update(here.cookies)
        assert (await there.get("/office/home")).status_code == 403
        back = await post(here, f"{path}/back")
        assert back.status_code == 200
        assert (await there.get("/office/home")).status_code == 200
        await post_and_confirm(here, f"{path}/try", networks="10.0.0.0/8")
        kept = await post(here, f"{path}/keep")
        assert kept.status_code == 200
        there.cookies.clear()
        there.cookies.update(here.cookies)
        assert (await there.get("/office/home")).status_code == 403
        late = await post(here, f"{path}/keep")
        assert (late.status_code, "CF-2125" in late.text) == (409, True)
        assert (await post(here, "/office/networks/nothing/try", networks="")).status_code == 404


async def test_a_list_that_is_asked_for_and_not_confirmed_is_not_tried(house):
    async with client_at(house, HERE) as here, client_at(house, ELSEWHERE) as there:
        await come_in(house, here)
        there.cookies.update(here.cookies)
        path = f"/office/networks/{OFFICE}/try"
        page = (await post(here, path, networks="10.0.0.0/8")).text
        question = re.search(r'name="confirmation" value="([^"]+)"', page)[1]
        wrong = await post(here, path, confirmation=question, credential="{}")
        assert "CF-20" in wrong.text
        assert (await there.get("/office/home")).status_code == 200


async def test_a_list_of_dangerous_acts_is_for_them_alone(house):
    await allow(house, DANGER, "192.168.0.0/16 10.1.2.3")
    async with client_at(house, "10.9.9.9") as near:
        await come_in(house, near)
        assert (await near.get("/office/home")).status_code == 200
        refused = await post(near, f"/office/networks/{API}/try", networks="")
        assert (refused.status_code, "CF-2122" in refused.text) == (403, True)


@pytest.mark.parametrize(
    ("base", "shown"),
    [
        ("http://192.168.1.9", True),
        ("http://127.0.0.1", False),
        ("http://[::1]", False),
        ("https://192.168.1.9", False),
    ],
)
async def test_a_page_that_others_can_read_on_the_way_says_so(house, base, shown):
    transport = httpx.ASGITransport(make_web(house.app))
    async with httpx.AsyncClient(transport=transport, base_url=base) as client:
        for path in (f"/till/at/{MERCHANT}", f"/office/at/{MERCHANT}"):
            page = await client.get(path)
            assert ("in-the-clear" in page.text) is shown, path


async def test_whoever_has_the_server_takes_the_lists_back(house):
    await allow(house, OFFICE, "10.0.0.0/8")
    await people.reset_networks(house.app.people, MERCHANT)
    async with client_at(house, ELSEWHERE) as there:
        assert (await there.get(f"/office/at/{MERCHANT}")).status_code == 200

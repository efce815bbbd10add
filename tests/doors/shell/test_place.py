"""The office and the API from elsewhere: refused at each request, in the words of the catalogue, whatever is forged."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager

import httpx
import pytest

from counterfoil import people
from counterfoil.doors.web import make_web
from counterfoil.people import API, DANGER, OFFICE, Role
from counterfoil.testing.house import EMAILS, MERCHANT, PASSWORD, open_house
from tests.doors.confirming import ORIGIN, Sitter, sitting_at

HERE, ELSEWHERE = "10.1.2.3", "198.51.100.9"


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def client_at(house, peer):
    async with sitting_at(house, peer) as sitter:
        yield sitter.client


async def come_in(house, client):
    """Be signed in as the administrator, with a passkey of their own."""
    sitter = Sitter(client)
    await sitter.come_in(house, house.person_ids[Role.ADMINISTRATOR])
    return sitter


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
        sitter = await come_in(house, here)
        there.cookies.update(here.cookies)
        path = f"/office/networks/{OFFICE}"
        refused = await Sitter(there).post(f"{path}/try", networks="198.51.100.0/24")
        assert (refused.status_code, "CF-2122" in refused.text) == (403, True)
        outside = await sitter.post(f"{path}/try", networks="192.168.0.0/16")
        assert (outside.status_code, "CF-2124" in outside.text, "192.168.0.0/16" in outside.text) == (422, True, True)
        nonsense = await sitter.post(f"{path}/try", networks="<b>lan</b>")
        assert (nonsense.status_code, "CF-2123" in nonsense.text, "<b>lan" in nonsense.text) == (422, True, False)
        asked, tried = await sitter.confirm(f"{path}/try", networks="10.0.0.0/8")
        assert "10.0.0.0/8" in asked
        assert "60" in tried.text
        there.cookies.clear()
        there.cookies.update(here.cookies)
        assert (await there.get("/office/home")).status_code == 403
        back = await sitter.post(f"{path}/back")
        assert back.status_code == 200
        assert (await there.get("/office/home")).status_code == 200
        await sitter.confirm(f"{path}/try", networks="10.0.0.0/8")
        kept = await sitter.post(f"{path}/keep")
        assert kept.status_code == 200
        there.cookies.clear()
        there.cookies.update(here.cookies)
        assert (await there.get("/office/home")).status_code == 403
        late = await sitter.post(f"{path}/keep")
        assert (late.status_code, "CF-2125" in late.text) == (409, True)
        assert (await sitter.post("/office/networks/nothing/try", networks="")).status_code == 404


async def test_a_list_that_is_asked_for_and_not_confirmed_is_not_tried(house):
    async with client_at(house, HERE) as here, client_at(house, ELSEWHERE) as there:
        sitter = await come_in(house, here)
        there.cookies.update(here.cookies)
        path = f"/office/networks/{OFFICE}/try"
        page = (await sitter.post(path, networks="10.0.0.0/8")).text
        question = re.search(r'name="confirmation" value="([^"]+)"', page)[1]
        wrong = await sitter.post(path, confirmation=question, credential="{}")
        assert "CF-20" in wrong.text
        assert (await there.get("/office/home")).status_code == 200


async def test_a_list_of_dangerous_acts_is_for_them_alone(house):
    await allow(house, DANGER, "192.168.0.0/16 10.1.2.3")
    async with client_at(house, "10.9.9.9") as near:
        sitter = await come_in(house, near)
        assert (await near.get("/office/home")).status_code == 200
        refused = await sitter.post(f"/office/networks/{API}/try", networks="")
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

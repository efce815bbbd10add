"""Forms of an enrolled terminal as they come over the wire, and where a terminal can be enrolled at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest

from counterfoil.doors.web import make_web
from counterfoil.people import IN_OFFICE, Actor, Role, actor_of, confirm_key, hand_in, held_by, open_window, persons
from counterfoil.testing.house import MERCHANT, NUMBERS, PASSWORD, House, open_house
from tests.people.devices import Device, packed

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
SIGN_IN = f"/till/at/{MERCHANT}"


@pytest.fixture
async def house(tmp_path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(make_web(house.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def device(house: House) -> Device:
    made, means, terminal = Device(), house.app.people, house.terminal_ids[0]
    boss = await _administrator(house)
    opened = await open_window(means, boss, terminal)
    await hand_in(means, MERCHANT, terminal, opened.code.reveal(), made.key)
    await confirm_key(means, boss, terminal, made.key.sha256)
    return made


async def _administrator(house: House) -> Actor:
    who = next(one for one in await persons(house.app.store, MERCHANT) if one.number == NUMBERS[Role.ADMINISTRATOR])
    return actor_of(who, await held_by(house.app.store, MERCHANT, who.id), IN_OFFICE)


class Counter:
    """Signs a form as the browser does: over the bytes it is about to send, but for the signature."""

    def __init__(self, device: Device, terminal: str) -> None:
        self.device, self.terminal = device, terminal

    def body(self, path: str, **form: str) -> str:
        number = next(self.device.counters)
        plain = urlencode({**form, "cf_counter": str(number)})
        digest = hashlib.sha256(plain.encode()).hexdigest()
        lines = ("counterfoil-till-1", f"{MERCHANT}.{self.terminal}", str(number), "POST", path, digest)
        signature = packed(self.device.private.sign("\n".join(lines).encode()))
        # Wherever the field stands: a button's own field may come behind it.
        head, _, tail = plain.rpartition("&")
        return f"{head}&cf_signature={signature}&{tail}"


async def fields(client: httpx.AsyncClient, house: House, **more: str) -> dict[str, str]:
    csrf = re.search(r'name="csrf" value="([^"]+)"', (await client.get(SIGN_IN)).text)
    assert csrf
    known = {"csrf": csrf[1], "terminal": house.terminal_ids[0], "number": NUMBERS[Role.CASHIER], "password": PASSWORD}
    return {**known, **more}


async def test_a_sign_in_at_an_enrolled_terminal_is_signed_or_refused(house, client, device):
    form = await fields(client, house)
    unsigned = await client.post(SIGN_IN, data=form, headers=FORM)
    assert (unsigned.status_code, "CF-2131" in unsigned.text) == (403, True)
    body = Counter(device, house.terminal_ids[0]).body(SIGN_IN, **form)
    elsewhere = await client.post(f"{SIGN_IN}/lift", content=body, headers=FORM)
    assert "CF-2132" in elsewhere.text
    signed = await client.post(SIGN_IN, content=body, headers=FORM)
    assert (signed.status_code, signed.headers["location"]) == (303, "/till/menu")
    again = await client.post(SIGN_IN, content=body, headers=FORM)
    assert (again.status_code, "CF-2133" in again.text) == (409, True)


async def test_two_signatures_or_counters_in_one_form_count_as_none(house, client, device):
    form = await fields(client, house)
    for more in ("&cf_signature=x", "&cf_counter=9"):
        body = Counter(device, house.terminal_ids[0]).body(SIGN_IN, **form) + more
        assert "CF-2131" in (await client.post(SIGN_IN, content=body, headers=FORM)).text


async def test_every_act_at_the_desk_is_held_before_anything_of_it_is_believed(house, client, device):
    sign = Counter(device, house.terminal_ids[0])
    body = sign.body(SIGN_IN, **await fields(client, house))
    assert (await client.post(SIGN_IN, content=body, headers=FORM)).status_code == 303
    for path in ("/till/take", "/till/lock", "/till/language", "/till/sign-out", "/till/more/reprint"):
        answer = await client.post(path, data={"csrf": "no"}, headers=FORM)
        assert "CF-2131" in answer.text, path
    path = "/till/language?from=here"
    answer = await client.post(path, content=sign.body(path, csrf="no"), headers=FORM)
    assert "CF-1802" in answer.text
    refused = await client.post("/till/take", content=sign.body("/till/other", csrf="no"), headers=FORM)
    assert "CF-2132" in refused.text


@pytest.mark.parametrize(
    ("url", "offered"), [("http://10.0.0.5", False), ("https://10.0.0.5", True), ("http://127.0.0.1", True)]
)
async def test_without_encryption_enrolling_is_not_offered_and_says_why(house, url, offered):
    transport = httpx.ASGITransport(make_web(house.app))
    async with httpx.AsyncClient(transport=transport, base_url=url) as client:
        page = await client.get(f"{SIGN_IN}/enrol")
        assert ('type="submit" disabled' not in page.text) is offered
        assert ("data-no-keys hidden" in page.text) is offered
        assert 'href="/till/help#tls"' in page.text
        assert "counterfoil tls init" in (await client.get("/till/help")).text

"""Whatever is typed, scanned or pressed at the wrong moment: a plain refusal at most, and nobody charged by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from counterfoil.basis import MICROS
from counterfoil.testing.house import PASSWORD
from tests.doors.till.steps import ALIPAY, WECHAT, Till
from tests.doors.till.test_guard import sign_in, token

NASTY = {
    "empty": "",
    "long": "9" * 5000,
    "cyrillic": "тридцать восемь",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "rtl": "\u202e00.83\u202c",
    "arabic digits": "٣٨",
    "emoji": "🧾👩‍👩‍👧‍👦",
    "template": "{{ 7 * 7 }}${7*7}",
    "sql": "' OR 1=1; --",
    "control": "38\x00\x1b[2J\u200b",
    "lines": "38\r\nset-cookie: a=b",
}
GUEST_FORMS = {
    "/till/at/2": ("terminal", "number", "password"),
    "/till/at/2/lift": ("terminal", "locked_number", "number", "password"),
    "/till/at/2/reset": ("whose", "new", "again", "number", "password"),
    "/till/language": ("language", "back"),
    "/till/theme": ("theme", "back"),
    "/till/keypad": ("keypad", "keys", "back"),
}
SIGNED_FORMS = {
    "/till/take": ("amount", "code", "id", "back"),
    "/till/take/{new}": ("amount", "code"),
    "/till/take/{new}/cash": ("amount", "tendered"),
    "/till/records/{paid}/back/{new}": ("amount", "kind", "reason", "reason_text", "number", "password"),
}
SEARCHES = {
    "/till/find": ("number", "amount", "where"),
    "/till/records": ("from", "to", "min", "max", "kind", "entry", "status", "number", "where", "after"),
    "/till/take": ("amount",),
    "/till/take/{new}": ("amount",),
    "/till/take/again": ("amount", "way"),
    "/till/payments/{paid}/receipt": ("paper", "leg"),
}


@pytest.fixture
def client(served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}) as client:
        yield client


def harmless(answer: httpx.Response) -> None:
    assert answer.status_code < 500, answer.text
    assert "CF-9001" not in answer.text
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "a=b" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", GUEST_FORMS)
def test_no_field_before_the_sign_in_lets_anything_through(client, path):
    page = client.get("/till/at/2").text
    good = {"number": "77", "password": "x", "csrf": token(page)}
    for field in GUEST_FORMS[path]:
        for value in NASTY.values():
            harmless(client.post(path, data={**good, field: value}))
    assert "cf_session" not in client.cookies


@pytest.mark.parametrize("path", SIGNED_FORMS)
def test_no_field_of_a_sale_or_a_refund_takes_or_gives_money_by_mistake(client, served, path):
    sign_in(client, served)
    paid = served.take(6100)
    ids = served.house.app.ids
    good = {"csrf": token(client.get("/till/menu").text), "amount": "61.01", "reason": "TEST"}
    for field in SIGNED_FORMS[path]:
        for value in NASTY.values():
            address = path.format(new=ids.uuid(), paid=paid.id)
            harmless(client.post(address, data={**good, "id": ids.uuid(), "reason": "", field: value}))
    assert served.count(6101) == 0
    assert served.payment(paid.id).legs == ()


@pytest.mark.parametrize("path", SEARCHES)
def test_no_address_breaks_a_page(client, served, path):
    sign_in(client, served)
    address = path.format(new=served.house.app.ids.uuid(), paid=served.take(6102).id)
    for field in SEARCHES[path]:
        for value in NASTY.values():
            harmless(client.get(address, params={field: value}))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("38", "38.00"),
        ("38.5", "38.50"),
        ("38.50", "38.50"),
        ("３８", "38.00"),
        ("３８．５０", "38.50"),
        ("38元", "38.00"),
        ("¥38", "38.00"),
        ("￥ 38", "38.00"),
        ("1,234.50", "1234.50"),
    ],
)
def test_an_amount_is_read_as_it_is_written(client, served, typed, read):
    sign_in(client, served)
    form = {"csrf": token(client.get("/till/take").text), "id": served.house.app.ids.uuid(), "amount": typed}
    assert client.post("/till/take", data=form).headers["location"].endswith(f"?amount={read}")


def test_a_scanner_that_sends_half_a_code_charges_nothing(till: Till, served):
    till.start()
    till.ask("61.11")
    till.scan_at_once(WECHAT[:9])
    till.page.wait_for_selector(".note.bad")
    assert "CF-3103" in till.page.inner_text(".note.bad")
    assert served.count(6111) == 0
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    till.turns("good")


def test_two_codes_run_together_charge_nothing(till: Till, served):
    till.start()
    till.ask("61.12")
    till.scan_at_once(WECHAT + ALIPAY)
    till.page.wait_for_selector(".note.bad")
    assert served.count(6112) == 0


def test_two_codes_one_after_the_other_charge_the_first_once(till: Till, served):
    till.start()
    till.ask("61.13")
    till.scan_at_once(WECHAT, ALIPAY)
    till.page.wait_for_url("**/till/payments/*")
    assert served.payment(till.payment_id).wallet == "wechat"
    assert served.count(6113) == 1


@pytest.mark.parametrize(
    ("end", "amount"), [("Enter", "61.14"), ("Tab", "61.24"), ("Control+j", "61.27"), ("Control+m", "61.28")]
)
def test_a_scanner_ends_its_code_as_it_is_set_up(till: Till, end, amount):
    till.start()
    till.ask(amount)
    till.scan(end=end)
    till.page.wait_for_url("**/till/payments/*")
    till.turns("good")


def test_a_session_ended_in_the_middle_of_a_sale_goes_on_there_and_charges_once(till: Till, served):
    till.sign_in()
    till.ask("61.15")
    sale = till.page.url
    other = till.tab()
    other.go("/till/menu")
    other.submit("form[action='/till/sign-out'] button")
    till.scan()
    till.page.wait_for_selector("[role=alert]")
    assert "CF-2003" in till.page.inner_text("main")
    till.submit("a.primary")
    till.page.fill("#number", "01")
    till.page.fill("#password", PASSWORD)
    till.submit("form[action^='/till/at'] button.primary")
    assert till.page.url == sale
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    assert served.count(6115) == 1


def test_the_back_button_after_each_step_repeats_nothing(till: Till, served):
    till.start()
    till.go("/till/menu")
    till.submit("a.tile.first")
    till.key("61.16", "Enter")
    till.page.wait_for_url("**/till/take/*?amount=*")
    till.page.go_back()
    till.page.wait_for_url("**/till/take")
    till.page.fill("#amount", "61.16")
    till.submit(".key.go")
    till.submit("a[href*='/cash']")
    till.page.go_back()
    till.submit("a[href*='/cash']")
    till.submit("button[name='tendered']")
    paid = till.payment_id
    for _ in range(2):
        till.page.go_back()
        till.page.wait_for_url(f"**/till/payments/{paid}")
    assert served.count(6116) == 1


def test_a_browser_whose_clock_is_an_hour_off_changes_no_time_and_is_told(till: Till, served):
    till.page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=1))
    till.start()
    paid = served.payment(till.take("61.17"))
    assert abs(paid.taken_at / MICROS - datetime.now(UTC).timestamp()) < 60
    till.go("/till/more/network")
    clock = till.page.locator("[data-measured=clock]")
    clock.locator(".chip.checking").wait_for()
    assert "相差 60 分钟" in clock.inner_text()
    assert re.search("不受影响", clock.inner_text())


def test_a_sale_goes_on_in_the_language_it_is_switched_to(till: Till, served):
    till.start()
    till.ask("61.18")
    till.submit("form[action='/till/language'] button")
    assert till.page.get_attribute("html", "lang") == "en"
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    assert till.headline() == "Paid"
    till.submit("form[action='/till/language'] button")
    assert till.headline() == "收款成功"
    assert served.count(6118) == 1


def test_nothing_is_sent_and_nothing_lost_while_the_computer_cannot_be_reached(till: Till, served):
    till.start()
    till.ask("61.19")
    till.page.route("**/till/waiting/badge", lambda route: route.abort())
    till.page.wait_for_selector(".unreachable.checking")
    till.scan()
    assert not till.sent()
    assert "amount=61.19" in till.page.url
    till.page.unroute("**/till/waiting/badge")
    till.page.wait_for_selector(".unreachable", state="detached")
    till.complaints[:] = [one for one in till.complaints if "net::ERR_FAILED" not in one and "htmx" not in one]
    till.scan()
    till.page.wait_for_url("**/till/payments/*")
    assert served.count(6119) == 1

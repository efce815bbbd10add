"""Nobody but our own page, and nobody but the signed-in merchant's people, gets anything done."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from counterfoil.testing.house import PASSWORD


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def client(served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}) as client:
        yield client


def sign_in(client: httpx.Client, served, merchant: int = 1) -> httpx.Response:
    page = client.get(f"/till/at/{merchant}").text
    terminal = re.search(r'option value="([^"]+)"', page)
    assert terminal
    form = {"csrf": token(page), "terminal": terminal[1], "number": "00", "password": PASSWORD}
    return client.post(f"/till/at/{merchant}", data=form)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, served):
    client.get("/till/at/1")
    set_cookies = sign_in(client, served).headers.get_list("set-cookie")
    assert any(one.startswith("cf_session=1.") for one in set_cookies)
    for one in set_cookies:
        assert "HttpOnly" in one
        assert "SameSite=strict" in one
        assert "Path=/" in one


def test_a_form_without_its_token_is_refused(client, served):
    sign_in(client, served)
    answer = client.post("/till/take", data={"amount": "38"})
    assert answer.status_code == 403
    assert "CF-1802" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused(client, served, headers):
    sign_in(client, served)
    form = {"csrf": token(client.get("/till/take").text), "amount": "38"}
    answer = client.post("/till/take", data=form, headers=headers)
    assert answer.status_code == 403
    assert "CF-1803" in answer.text


def test_a_request_that_does_not_say_where_it_is_from_is_refused(served):
    with httpx.Client(base_url=served.url) as client:
        form = {"csrf": token(client.get("/till/at/1").text), "number": "00"}
        assert "CF-1803" in client.post("/till/at/1", data=form).text


def test_another_merchants_payment_is_not_there(client, served):
    sign_in(client, served)
    payment_id = served.take(4701).id
    assert client.get(f"/till/payments/{payment_id}").status_code == 200
    with httpx.Client(base_url=served.url, headers={"origin": served.url}) as foreign:
        assert sign_in(foreign, served, merchant=2).status_code == 303
        for path in ("payments/{}", "payments/{}/state", "payments/{}/receipt", "records/{}", "records/{}/proof/0"):
            answer = foreign.get("/till/" + path.format(payment_id))
            assert answer.status_code == 404
            assert "CF-1805" in answer.text
        form = {"csrf": token(foreign.get("/till/menu").text)}
        assert foreign.post(f"/till/payments/{payment_id}/withdraw", data=form).status_code == 404
    assert served.payment(payment_id).money == "captured"


def test_a_session_of_another_merchant_with_the_number_changed_is_none(client, served):
    sign_in(client, served)
    stolen = client.cookies["cf_session"].replace("1.", "2.", 1)
    with httpx.Client(base_url=served.url, cookies={"cf_session": stolen}) as other:
        answer = other.get("/till/menu")
        assert answer.status_code == 401
        assert "CF-2003" in answer.text


def test_a_form_never_sends_anybody_elsewhere(client, served):
    sign_in(client, served)
    for back in (
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/till//elsewhere.example",
        "/api/docs",
        "/till\\x",
    ):
        form = {"csrf": token(client.get("/till/menu").text), "language": "en", "back": back}
        assert client.post("/till/language", data=form).headers["location"] == "/till/menu", back


def test_a_proof_of_another_payments_entry_is_not_given(client, served):
    sign_in(client, served)
    first, second = served.take(4702), served.take(4703)
    served.sign()
    assert client.get(f"/till/records/{first.id}/proof/{first.position}").status_code == 200
    assert client.get(f"/till/records/{first.id}/proof/{second.position}").status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client):
    for path in ("/till/menu", "/till/take", "/till/records", "/till/help/nothing"):
        assert client.get(path).headers["location"] == "/till"
    assert client.get("/till/waiting/badge", headers={"hx-request": "true"}).headers["hx-redirect"] == "/till"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2026-11-22", "to": "2026-11-20"}, "CF-3201"),
        ({"from": "yesterday"}, "CF-1806"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "CF-1806"),
        ({"min": "50", "max": "40"}, "CF-3201"),
        ({"min": "1e5"}, "CF-1801"),
        ({"after": "bm90IGEgdG9rZW4"}, "CF-3202"),
        ({"number": "x" * 65}, "CF-3203"),
    ],
)
def test_filters_that_make_no_sense_are_refused_with_their_code(client, served, query, code):
    sign_in(client, served)
    answer = client.get("/till/records", params=query)
    assert answer.status_code == 422
    assert code in answer.text


def test_the_list_hides_what_ended_without_money_counts_it_and_shows_it_when_asked(client, served):
    sign_in(client, served)
    served.take(4721)
    declined = served.decline()
    narrow = {"min": declined.amount.decimal(), "max": "66.02"}
    hidden = client.get("/till/records", params=narrow).text
    assert declined.id not in hidden
    counted = re.search(r"已隐藏 (\d+) 条未成功", hidden)
    assert counted
    link = re.search(r'href="([^"]+)">全部显示', hidden)
    assert link
    shown = client.get(link[1].replace("&amp;", "&")).text
    assert declined.id in shown
    assert "条未成功" not in shown
    # A number somebody holds in the hand is found whatever became of it.
    assert declined.id in client.get("/till/records", params={"number": declined.order_no}).text


def test_the_totals_of_the_selection_stand_above_it_and_its_export_holds_the_same(client, served):
    sign_in(client, served)
    for _ in range(3):
        served.take(4731)
    query = {"min": "47.31", "max": "47.31", "entry": "keyed"}
    page = client.get("/till/records", params=query).text
    sums = re.findall(r"<dd>(¥[\d.,]+)", page)
    assert sums == ["¥141.93", "¥0.00", "¥0.00", "¥141.93"]
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/till/records/export[^"]+)"', page)]
    csv, xlsx = (client.get(link) for link in links)
    assert csv.content.decode("utf-8-sig").count("CNY,47.31,") == 3
    assert csv.headers["content-disposition"].startswith("attachment")
    assert xlsx.content.startswith(b"PK")
    wrong = client.get("/till/records/export", params={"from": "yesterday"})
    assert (wrong.status_code, "CF-1806" in wrong.text) == (422, True)


def test_pages_go_on_where_the_last_one_ended(client, served):
    sign_in(client, served)
    for _ in range(32):
        served.take(4704)
    first = client.get("/till/records", params={"min": "47.04", "max": "47.04"}).text
    more = re.search(r'href="([^"]+)" rel="next"', first)
    assert more
    second = client.get(more[1].replace("&amp;", "&")).text
    ids = [set(re.findall(r"/till/records/([0-9a-f-]{36})\"", page)) for page in (first, second)]
    assert len(ids[0]) == 30
    assert len(ids[1]) == 2
    assert not ids[0] & ids[1]

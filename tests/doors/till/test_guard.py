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
    page = client.get(f"/till/at/{merchant}?change=1").text
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
    counted = re.search(r"另有 (\d+) 笔未成功", hidden)
    assert counted
    link = re.search(r'href="([^"]+)" data-hidden', hidden)
    assert link
    shown = client.get(link[1].replace("&amp;", "&")).text
    assert declined.id in shown
    assert "笔未成功" not in shown
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


def test_a_receipt_printed_again_is_marked_and_counted(client, served):
    sign_in(client, served)
    paid = served.take(4741)
    address = f"/till/payments/{paid.id}/receipt"
    original = client.get(address).text
    assert "重打印" not in original
    assert 'role="img" aria-label="商户单号 ' + paid.order_no in original
    for copy in (1, 2):
        form = {"csrf": token(client.get(f"/till/records/{paid.id}").text)}
        sent = client.post(address, data=form)
        assert (sent.status_code, sent.headers["location"]) == (303, address)
        assert f"重打印 {copy}" in client.get(address).text
    assert client.get(f"/till/records/{paid.id}").text.count("重打印小票") == 3  # the button and two in the timeline
    declined = served.decline()
    form = {"csrf": token(client.get("/till/menu").text)}
    refused = client.post(f"/till/payments/{declined.id}/receipt", data=form)
    assert "CF-3204" in refused.text


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


FAR = "9" * 5000


def test_numbers_of_any_length_are_not_found_and_break_nothing(client, served):
    assert client.get(f"/till/at/{FAR}").status_code == 404
    with httpx.Client(
        base_url=served.url, headers={"cookie": f"cf_terminal={FAR}.x; cf_lock=MDEKL3RpbGwvbWVudQ=="}
    ) as odd:
        assert odd.get("/till").status_code == 200
        assert odd.get("/till/locked").headers["location"] == "/till"
    sign_in(client, served)
    payment_id = served.take(4711).id
    assert client.get(f"/till/records/{payment_id}/proof/{FAR}").status_code == 404


@pytest.mark.parametrize("merchant", ["0", "77", "999999999"])
def test_a_lock_of_a_merchant_that_is_not_there_leads_to_the_sign_in(served, merchant):
    kept = f"cf_terminal={merchant}.x; cf_lock=MDEKL3RpbGwvbWVudQ=="
    with httpx.Client(base_url=served.url, headers={"cookie": kept}) as odd:
        assert odd.get("/till/locked").headers["location"] == "/till"


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "punycode", "undefined"])
def test_a_form_that_no_page_of_ours_sends_is_refused(client, charset):
    client.get("/till/at/1")
    part = 'Content-Disposition: form-data; name="csrf"'
    body = f"--b\r\n{part}\r\n\r\n\\ud800\r\n--b--\r\n"
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = client.post("/till/at/1", content=body, headers={"content-type": kind})
    assert answer.status_code == 403
    assert "CF-1802" in answer.text


def test_whoever_was_signed_in_on_a_device_is_not_after_another_sign_in(client, served):
    sign_in(client, served)
    earlier = client.cookies["cf_session"]
    sign_in(client, served)
    assert client.cookies["cf_session"] != earlier
    with httpx.Client(base_url=served.url, headers={"cookie": f"cf_session={earlier}"}) as other:
        assert other.get("/till/menu").status_code == 401


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/till/take/{}", {"code": "134567890123456789"}),
        ("/till/take/{}/cash", {"tendered": "50"}),
        ("/till/take", {}),
    ],
)
def test_a_session_that_ends_in_the_middle_of_a_sale_keeps_the_amount(client, served, path, more):
    sign_in(client, served)
    path = path.format(served.house.app.ids.uuid())
    form = {"csrf": token(client.get("/till/take").text), "amount": "47.12", **more}
    client.post("/till/sign-out", data=form)
    client.cookies.set("cf_session", "1." + "A" * 43)
    late = client.post(path, data=form)
    assert "CF-2003" in late.text
    client.cookies.delete("cf_session")
    assert sign_in(client, served).headers["location"] == f"{path}?amount=47.12"
    assert served.count(4712) == 0
    assert "47.12" in client.get(f"{path}?amount=47.12").text


def test_a_foreign_form_keeps_no_sale(client, served):
    client.cookies.set("cf_session", "1." + "A" * 43)
    late = client.post("/till/take", data={"amount": "1"}, headers={"origin": "https://elsewhere.example"})
    assert "cf_back" not in late.headers.get("set-cookie", "")


def test_a_form_that_voids_a_part_gives_back_the_part_it_names(client, served):
    sign_in(client, served)
    payment = served.take(4721)
    form = {"csrf": token(client.get("/till/menu").text), "amount": "7.21", "kind": "void", "reason": "PRICE"}
    client.post(f"/till/records/{payment.id}/back/{served.house.app.ids.uuid()}", data=form)
    assert served.payment(payment.id).refunded_minor == 721
    assert served.payment(payment.id).money == "part_refunded"


def test_the_reason_in_words_is_kept_after_a_refusal_and_shown_with_the_record(client, served):
    sign_in(client, served)
    payment = served.take(4722)
    said = {"reason": "OTHER", "reason_text": "少一件 <b>", "kind": "refund"}
    form = {"csrf": token(client.get("/till/menu").text), "amount": "50.00", **said}
    path = f"/till/records/{payment.id}/back/{served.house.app.ids.uuid()}"
    assert "少一件 &lt;b&gt;" in client.post(path, data=form).text
    client.post(path, data={**form, "amount": "1.00"})
    assert "少一件 &lt;b&gt;" in client.get(f"/till/records/{payment.id}").text

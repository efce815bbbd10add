"""Bad input at the API: one catalogue code, a status that fits, the field named, nothing changed in the store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.doors.api.house import House
from tests.doors.tampered import TAMPERED

NOBODY = "018f6f5e-7c1a-7cc0-9a57-3b1f0c2d4e5f"


@dataclass(frozen=True)
class Bad:
    """A change of a good payment request, and what it is refused with."""

    change: dict[str, Any]
    status: int
    code: str
    field: str | None


PAYMENTS = {
    "amount zero": Bad({"amount_minor": 0}, 422, "CF-3101", "amount_minor"),
    "amount negative": Bad({"amount_minor": -1}, 422, "CF-3101", "amount_minor"),
    "amount over 10^9": Bad({"amount_minor": 10**9 + 1}, 422, "CF-3101", "amount_minor"),
    "amount over every integer": Bad({"amount_minor": 10**400}, 422, "CF-3101", "amount_minor"),
    "amount with a fraction": Bad({"amount_minor": 38.5}, 422, "CF-1011", "amount_minor"),
    "amount with a fraction of nothing": Bad({"amount_minor": 38.0}, 422, "CF-1011", "amount_minor"),
    "amount as text": Bad({"amount_minor": "3800"}, 422, "CF-1009", "amount_minor"),
    "amount as truth": Bad({"amount_minor": True}, 422, "CF-1009", "amount_minor"),
    "amount left empty": Bad({"amount_minor": None}, 422, "CF-1009", "amount_minor"),
    "currency of another country": Bad({"currency": "USD"}, 422, "CF-3102", "currency"),
    "currency nobody has": Bad({"currency": "XXX"}, 422, "CF-1010", "currency"),
    "currency in small letters": Bad({"currency": "cny"}, 422, "CF-1010", "currency"),
    "code too short": Bad({"auth_code": "13456789012345678"}, 422, "CF-3103", "auth_code"),
    "code too long": Bad({"auth_code": "1345678901234567890"}, 422, "CF-3103", "auth_code"),
    "code with a foreign prefix": Bad({"auth_code": "994567890123456789"}, 422, "CF-3103", "auth_code"),
    "receiving code": Bad({"auth_code": "wxp://f2f0abcdefghijk"}, 422, "CF-3103", "auth_code"),
    "receiving code of the other wallet": Bad(
        {"auth_code": "https://qr.alipay.com/fkx0123456789"}, 422, "CF-3103", "auth_code"
    ),
    "member code": Bad({"auth_code": "6901234567892"}, 422, "CF-3103", "auth_code"),
    "no code": Bad({"auth_code": None}, 422, "CF-3103", "auth_code"),
    "code longer than any": Bad({"auth_code": "1" * 65}, 422, "CF-1010", "auth_code"),
    "unknown terminal": Bad({"terminal_id": NOBODY}, 422, "CF-3112", "terminal_id"),
    "terminal that is no id": Bad({"terminal_id": "T01"}, 422, "CF-1010", "terminal_id"),
    "unknown shop": Bad({"shop_id": NOBODY}, 422, "CF-3112", "shop_id"),
    "id that is none": Bad({"id": "1"}, 422, "CF-1010", "id"),
    "unknown method": Bad({"method": "gold"}, 422, "CF-1010", "method"),
    "method and entry that do not fit": Bad({"method": "card", "entry": "chip"}, 422, "CF-3110", "entry"),
    "cash below the amount": Bad(
        {"method": "cash", "entry": "keyed", "auth_code": None, "tendered_minor": 100},
        422,
        "CF-3113",
        "tendered_minor",
    ),
    "unknown field": Bad({"tip_minor": 100}, 422, "CF-1007", "tip_minor"),
    "waiting too long": Bad({"wait_seconds": 61}, 422, "CF-1010", "wait_seconds"),
    "waiting in fractions": Bad({"wait_seconds": 0.5}, 422, "CF-1011", "wait_seconds"),
    "bill number of two lines": Bad({"bill_ref": "a\nb"}, 422, "CF-1010", "bill_ref"),
    "bill number with NUL": Bad({"bill_ref": "a\0b"}, 422, "CF-1010", "bill_ref"),
    "bill number too long": Bad({"bill_ref": "x" * 65}, 422, "CF-1010", "bill_ref"),
    "bill number as an object": Bad({"bill_ref": {"a": 1}}, 422, "CF-1009", "bill_ref"),
}


@pytest.mark.parametrize("name", PAYMENTS)
def test_a_bad_payment_is_refused_with_its_code_and_field(house: House, name: str):
    bad = PAYMENTS[name]
    body = house.asked() | bad.change
    with house.unchanged():
        answer = house.client.post("/api/v1/payments", content=json.dumps(body), headers=JSON)
    assert refusal(answer) == (bad.status, bad.code, bad.field)


@pytest.mark.parametrize("name", ["id", "shop_id", "terminal_id", "method", "entry", "amount_minor", "currency"])
def test_a_missing_field_is_named(house: House, name: str):
    body = house.asked()
    del body[name]
    with house.unchanged():
        answer = house.client.post("/api/v1/payments", json=body)
    assert refusal(answer) == (422, "CF-1008", name)


JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Raw:
    """Bytes that are no good request at all."""

    content: bytes
    status: int
    code: str
    headers: dict[str, str] = field(default_factory=lambda: JSON)


BODIES = {
    "nothing": Raw(b"", 400, "CF-1002"),
    "no JSON": Raw(b"id=1&amount=2", 400, "CF-1002"),
    "JSON cut off": Raw(b'{"id": "1"', 400, "CF-1002"),
    "two values": Raw(b"{} {}", 400, "CF-1002"),
    "an array": Raw(b"[]", 400, "CF-1002"),
    "a number": Raw(b"1", 400, "CF-1002"),
    "not a number": Raw(b'{"amount_minor": NaN}', 400, "CF-1002"),
    "infinity": Raw(b'{"amount_minor": -Infinity}', 400, "CF-1002"),
    "byte order mark": Raw(b"\xef\xbb\xbf{}", 400, "CF-1002"),
    "a key twice": Raw(b'{"id": "a", "id": "b"}', 400, "CF-1003"),
    "a key twice, written otherwise": Raw(b'{"id": "a", "\\u0069d": "b"}', 400, "CF-1003"),
    "a key twice inside": Raw(b'{"x": {"y": 1, "y": 2}}', 400, "CF-1003"),
    "too deep": Raw(b"[" * 17 + b"]" * 17, 400, "CF-1004"),
    "far too deep": Raw(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "CF-1004"),
    "GBK": Raw('{"bill_ref": "账单"}'.encode("gbk"), 415, "CF-1005"),
    "UTF-16": Raw("{}".encode("utf-16"), 415, "CF-1005"),
    "another charset declared": Raw(b"{}", 415, "CF-1005", {"Content-Type": "application/json; charset=gbk"}),
    "compressed": Raw(b"{}", 415, "CF-1005", JSON | {"Content-Encoding": "gzip"}),
    "a form": Raw(b"{}", 415, "CF-1006", {"Content-Type": "application/x-www-form-urlencoded"}),
    "plain text": Raw(b"{}", 415, "CF-1006", {"Content-Type": "text/plain"}),
    "no type": Raw(b"{}", 415, "CF-1006", {}),
    "half a surrogate": Raw(b'{"bill_ref": "\\ud800"}', 422, "CF-1010"),
    "half a surrogate as a key": Raw(b'{"\\ud800": 1}', 422, "CF-1007"),
    "over 1 MB": Raw(b'{"bill_ref": "' + b"x" * 1_000_000 + b'"}', 413, "CF-1001"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_request_is_refused(house: House, name: str):
    raw = BODIES[name]
    with house.unchanged():
        answer = house.client.post("/api/v1/payments", content=raw.content, headers=raw.headers)
    assert refusal(answer)[:2] == (raw.status, raw.code)


def test_a_body_over_1_mb_without_a_length_is_refused(house: House):
    def pieces():
        yield b'{"bill_ref": "'
        for _ in range(20):
            yield b"x" * 100_000

    with house.unchanged():
        answer = house.client.post("/api/v1/payments", content=pieces(), headers=JSON)
    assert refusal(answer)[:2] == (413, "CF-1001")


QUERIES = {
    "from after to": ({"from": "2026-11-23T00:00:00Z", "to": "2026-11-22T00:00:00Z"}, 422, "CF-3201", "to"),
    "amounts reversed": ({"amount_min": 2, "amount_max": 1}, 422, "CF-3201", "amount_max"),
    "a day that is none": ({"from": "2026-02-30T00:00:00Z"}, 422, "CF-1010", "from"),
    "a time without a zone": ({"from": "2026-11-22T00:00:00"}, 422, "CF-1010", "from"),
    "a day alone": ({"to": "2026-11-22"}, 422, "CF-1010", "to"),
    "limit zero": ({"limit": 0}, 422, "CF-1010", "limit"),
    "limit below zero": ({"limit": -1}, 422, "CF-1010", "limit"),
    "limit of a million": ({"limit": 1_000_000}, 422, "CF-1010", "limit"),
    "limit over 200": ({"limit": 201}, 422, "CF-1010", "limit"),
    "limit with a fraction": ({"limit": "50.5"}, 422, "CF-1011", "limit"),
    "limit in words": ({"limit": "abc"}, 422, "CF-1011", "limit"),
    "limit left empty": ({"limit": ""}, 422, "CF-1011", "limit"),
    "limit in other digits": ({"limit": "１０"}, 422, "CF-1011", "limit"),
    "unknown method": ({"method": "gold"}, 422, "CF-1010", "method"),
    "unknown status": ({"status": "paid"}, 422, "CF-1010", "status"),
    "unknown parameter": ({"color": "red"}, 422, "CF-1007", "color"),
    "operator who is nobody": ({"operator": "77"}, 422, "CF-1010", "operator"),
    "operator that is no number": ({"operator": "ann"}, 422, "CF-1010", "operator"),
    "number left empty": ({"number": ""}, 422, "CF-1010", "number"),
    "number with NUL": ({"number": "1\0"}, 422, "CF-1010", "number"),
    "token nobody gave out": ({"after": "AAAA"}, 422, "CF-3202", "after"),
    "token left empty": ({"after": ""}, 422, "CF-3202", "after"),
    "a language nobody speaks here": ({"lang": "fr"}, 422, "CF-1010", "lang"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_bad_search_is_refused_with_its_code_and_field(house: House, name: str):
    query, status, code, where = QUERIES[name]
    with house.unchanged():
        answer = house.client.get("/api/v1/payments", params=query)
    assert refusal(answer) == (status, code, where)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("limit=1&limit=2", 400, "CF-1003"), ("limit", 400, "CF-1034"), ("number=%ff", 400, "CF-1034")],
)
def test_a_query_that_cannot_be_read_one_way_is_refused(house: House, query: str, status: int, code: str):
    assert refusal(house.client.get(f"/api/v1/payments?{query}"))[:2] == (status, code)


def test_a_page_token_of_another_query_is_refused(house: House):
    for amount in (5100, 5101, 5102):
        house.take(amount, method="cash")
    token = house.client.get("/api/v1/payments", params={"method": "cash", "limit": 1}).json()["next"]
    with house.unchanged(), house.with_key("other merchant") as foreign:
        other = house.client.get("/api/v1/payments", params={"method": "qr", "limit": 1, "after": token})
        stolen = foreign.get("/api/v1/payments", params={"method": "cash", "limit": 1, "after": token})
    assert refusal(other) == refusal(stolen) == (422, "CF-3202", "after")


@pytest.mark.parametrize("change", TAMPERED)
def test_a_page_token_that_was_tampered_with_is_refused(house: House, change: str):
    for amount in (5110, 5111, 5112):
        house.take(amount, method="cash")
    asked = {"method": "cash", "limit": 1}
    token = house.client.get("/api/v1/payments", params=asked).json()["next"]
    assert house.client.get("/api/v1/payments", params={**asked, "after": token}).status_code == 200
    with house.unchanged():
        answer = house.client.get("/api/v1/payments", params={**asked, "after": TAMPERED[change](token)})
    # The longest is refused unread.
    assert refusal(answer) == (422, "CF-1010" if change == "10 kB" else "CF-3202", "after")


VOID = {"reason": "WRONG_AMOUNT"}
REFUND = {"reason": "PRICE", "amount_minor": 1}


@pytest.mark.parametrize(("act", "body"), [("void", VOID), ("refunds", REFUND), ("withdraw", {})])
@pytest.mark.parametrize("payment_id", [NOBODY, "nobody", "0" * 36])
def test_an_act_on_no_payment_is_refused(house: House, act: str, body: dict[str, Any], payment_id: str):
    with house.unchanged():
        answer = house.client.post(f"/api/v1/payments/{payment_id}/{act}", json={"id": str(uuid4()), **body})
    assert refusal(answer) == (404, "CF-3109", "payment_id")


@pytest.mark.parametrize("part", ["", "/record", "/proof"])
def test_a_payment_of_another_merchant_is_not_there(house: House, part: str):
    payment = house.take(5200, method="cash").json()
    with house.unchanged(), house.with_key("other merchant") as foreign:
        assert refusal(foreign.get(f"/api/v1/payments/{payment['id']}{part}")) == (404, "CF-3109", "payment_id")
        found = foreign.get("/api/v1/payments", params={"number": payment["order_no"]})
    assert found.json()["items"] == []


@pytest.mark.parametrize(("act", "body"), [("void", VOID), ("refunds", REFUND), ("withdraw", {})])
def test_an_act_on_another_merchants_payment_is_refused(house: House, act: str, body: dict[str, Any]):
    payment = house.take(5201, method="cash").json()
    with house.unchanged(), house.with_key("other merchant") as foreign:
        answer = foreign.post(f"/api/v1/payments/{payment['id']}/{act}", json={"id": str(uuid4()), **body})
    assert refusal(answer) == (404, "CF-3109", "payment_id")


def test_a_void_twice_is_refused_the_second_time(house: House):
    payment = house.take(5300).json()
    path = f"/api/v1/payments/{payment['id']}/void"
    assert house.client.post(path, json={"id": str(uuid4()), **VOID}).status_code == 201
    with house.unchanged():
        again = house.client.post(path, json={"id": str(uuid4()), **VOID})
    assert refusal(again)[:2] == (409, "CF-3107")


def test_a_void_of_what_was_never_paid_is_refused(house: House):
    payment = house.take(6601).json()
    with house.unchanged():
        answer = house.client.post(f"/api/v1/payments/{payment['id']}/void", json={"id": str(uuid4()), **VOID})
    assert refusal(answer)[:2] == (409, "CF-3107")


def test_a_void_after_the_cut_says_to_refund_instead(house: House):
    payment = house.take(5301).json()
    house.clock.shift_seconds += 26 * 3600
    with house.unchanged():
        answer = house.client.post(f"/api/v1/payments/{payment['id']}/void", json={"id": str(uuid4()), **VOID})
    assert refusal(answer)[:2] == (409, "CF-3105")
    assert answer.json()["instead"] == "refund"


def test_a_refund_of_more_than_is_left_is_refused(house: House):
    payment = house.take(5302).json()
    path = f"/api/v1/payments/{payment['id']}/refunds"
    assert (
        house.client.post(path, json={"id": str(uuid4()), "amount_minor": 5000, "reason": "PRICE"}).status_code == 201
    )
    with house.unchanged():
        answer = house.client.post(path, json={"id": str(uuid4()), "amount_minor": 303, "reason": "PRICE"})
    assert refusal(answer) == (409, "CF-3104", "amount_minor")


@pytest.mark.parametrize("amount", [0, -1])
def test_a_refund_of_nothing_is_refused(house: House, amount: int):
    payment = house.take(5303).json()
    body = {"id": str(uuid4()), "amount_minor": amount, "reason": "PRICE"}
    with house.unchanged():
        answer = house.client.post(f"/api/v1/payments/{payment['id']}/refunds", json=body)
    assert refusal(answer) == (422, "CF-3101", "amount_minor")


@pytest.mark.parametrize("reason", ["", "BECAUSE", "wrong_amount", None])
def test_a_reason_nobody_listed_is_refused(house: House, reason: str | None):
    payment = house.take(5304).json()
    with house.unchanged():
        answer = house.client.post(
            f"/api/v1/payments/{payment['id']}/void", json={"id": str(uuid4()), "reason": reason}
        )
    assert refusal(answer)[0] == 422
    assert answer.json()["field"] == "reason"


KEYS = {
    "no key": ({}, 401, "CF-1020"),
    "another scheme": ({"Authorization": "Basic YTpi"}, 401, "CF-1020"),
    "no secret": ({"Authorization": "Bearer"}, 401, "CF-1020"),
    "a key nobody made": ({"Authorization": "Bearer cf_1_" + "A" * 43}, 401, "CF-2004"),
    "a key of no merchant": ({"Authorization": "Bearer cf_999_" + "A" * 43}, 401, "CF-2004"),
    "no key at all": ({"Authorization": "Bearer hello"}, 401, "CF-2004"),
    "a key without end": ({"Authorization": "Bearer " + "A" * 5000}, 401, "CF-1020"),
}


@pytest.mark.parametrize("name", KEYS)
def test_without_a_good_key_nothing_is_asked(house: House, name: str):
    headers, status, code = KEYS[name]
    with house.unchanged(), httpx.Client(base_url=house.url, headers=headers) as client:
        answer = client.post("/api/v1/payments", json=house.asked())
    assert refusal(answer)[:2] == (status, code)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_key_moved_to_another_merchant_opens_nothing(house: House):
    moved = house.keys["all"].replace("cf_1_", "cf_2_")
    with httpx.Client(base_url=house.url, headers={"Authorization": f"Bearer {moved}"}) as client:
        assert refusal(client.get("/api/v1/payments"))[:2] == (401, "CF-2004")


def test_a_session_cookie_is_no_key(house: House):
    with httpx.Client(base_url=house.url, cookies={"__Host-sid": "cf_1_x", "sid": "1.abc"}) as client:
        assert refusal(client.get("/api/v1/payments"))[:2] == (401, "CF-1020")


def test_a_key_of_another_merchant_takes_nothing_at_this_ones_terminal(house: House):
    with house.unchanged(), house.with_key("other merchant") as foreign:
        answer = foreign.post("/api/v1/payments", json=house.asked())
    assert refusal(answer) == (422, "CF-3112", "terminal_id")


@pytest.mark.parametrize(
    ("key", "method", "path", "scope"),
    [
        ("read", "POST", "/payments", "pay"),
        ("read", "POST", f"/payments/{NOBODY}/withdraw", "pay"),
        ("pay", "GET", "/payments", "read"),
        ("pay", "GET", f"/payments/{NOBODY}", "read"),
        ("pay", "GET", f"/payments/{NOBODY}/proof", "read"),
        ("pay", "GET", f"/payments/{NOBODY}/record", "read"),
        ("pay", "GET", "/evidence/checkpoint", "read"),
        ("pay", "POST", f"/payments/{NOBODY}/void", "void"),
        ("pay", "POST", f"/payments/{NOBODY}/refunds", "refund"),
    ],
)
def test_a_key_without_the_scope_is_refused(house: House, key: str, method: str, path: str, scope: str):
    with house.unchanged(), house.with_key(key) as client:
        answer = client.request(method, f"/api/v1{path}")
    assert refusal(answer)[:2] == (403, "CF-1021")
    assert scope in answer.json()["what"]


def test_a_key_of_one_shop_sees_and_touches_only_that_shop(house: House):
    payment = house.take(5400, method="cash").json()
    here = {"shop_id": house.second_shop_id, "terminal_id": house.second_terminal_id}
    with house.with_key("second shop") as client:
        own = client.post("/api/v1/payments", json=house.asked(5401, method="cash", **here))
        assert own.status_code == 201
        items = client.get("/api/v1/payments", params={"limit": 200}).json()["items"]
        assert {each["shop_id"] for each in items} == {house.second_shop_id}
        with house.unchanged():
            assert refusal(client.get(f"/api/v1/payments/{payment['id']}"))[0] == 404
            assert refusal(client.post("/api/v1/payments", json=house.asked(5402)))[0] == 403
            for act, body in (("void", VOID), ("refunds", REFUND), ("withdraw", {})):
                answer = client.post(f"/api/v1/payments/{payment['id']}/{act}", json={"id": str(uuid4()), **body})
                assert refusal(answer) == (404, "CF-3109", "payment_id")


def test_no_address_and_no_method_are_told_apart(house: House):
    with house.unchanged():
        assert refusal(house.client.get("/api/v1/nothing"))[:2] == (404, "CF-1030")
        deleted = house.client.delete("/api/v1/payments")
        assert refusal(deleted)[:2] == (405, "CF-1031")
        assert refusal(house.client.put(f"/api/v1/payments/{NOBODY}", json={}))[:2] == (405, "CF-1031")
    assert set(deleted.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}


def test_a_fault_is_told_in_the_language_asked_for(house: House):
    path = f"/api/v1/payments/{NOBODY}"
    english = house.client.get(path)
    chinese = house.client.get(path, params={"lang": "zh-CN"})
    accepted = house.client.get(path, headers={"Accept-Language": "fr, zh;q=0.8, en;q=0.5"})
    assert english.headers["content-language"] == "en"
    assert english.json()["what"].isascii()
    assert chinese.json() == accepted.json()
    assert chinese.json()["what"] == "没有找到这笔交易"
    assert list(english.json()) == ["code", "what", "money", "do", "field"]


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and field; every refusal is JSON with three sentences."""
    told = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert told["what"], told
    assert told["money"], told
    assert told["do"], told
    return answer.status_code, told["code"], told.get("field")


@pytest.mark.parametrize("when", ["0102-06-28T14:43:18Z", "1684-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_time_too_far_off_is_refused_before_anything_is_written(house: House, when: str):
    for path in ("/api/v1/payments", "/api/v1/payments/export", "/api/v1/payments/totals"):
        answer = house.client.get(path, params={"from": when})
        assert (answer.status_code, answer.json()["field"]) == (422, "from"), answer.text

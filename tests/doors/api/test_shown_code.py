"""A code for the customer to scan, asked for through the API."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx
import pytest

from tests.doors.api.house import House

NO_CODE = {"code": None, "code_until": None, "awaiting": None}


def asked(house: House, minor: int = 3800, **more):
    body = house.asked(minor, entry="merchant_code", wallet="alipay", **more)
    del body["auth_code"]
    return body


def test_a_code_is_answered_202_at_once_and_shown_until_it_is_paid(house: House):
    house.sandbox.scan_seconds = None
    body = asked(house)
    began = time.monotonic()
    answer = house.client.post("/api/v1/payments", json=body)
    assert answer.status_code == 202, answer.text
    assert time.monotonic() - began < 25  # there is no sense in waiting 30 seconds with the code in hand
    payment = answer.json()
    assert payment["code"].startswith("http://127.0.0.1:")
    assert payment["code_until"] > payment["times"]["taken_at"]
    assert payment["told"]["code"] == "CF-3143"
    here = f"/api/v1/payments/{body['id']}"
    assert house.client.get(here).json()["code"] == payment["code"]
    again = house.client.post("/api/v1/payments", json=body)
    assert (again.status_code, again.json()["code"]) == (202, payment["code"])
    house.sandbox.scan_seconds = 6.0
    assert "已付款" in httpx.post(payment["code"], data={"do": "pay"}).text
    end = time.monotonic() + 60
    while (paid := house.client.get(here).json())["in_flight"]:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert paid["state"]["money"] == "captured"
    assert NO_CODE.items() <= paid.items()


def test_a_code_is_withdrawn_and_gone(house: House):
    house.sandbox.scan_seconds = None
    payment = house.client.post("/api/v1/payments", json=asked(house, 3811)).json()
    house.sandbox.scan_seconds = 6.0
    closed = house.client.post(f"/api/v1/payments/{payment['id']}/withdraw", json={"id": str(uuid4())})
    assert closed.status_code == 201, closed.text
    assert closed.json()["state"]["money"] == "reversed"
    assert NO_CODE.items() <= closed.json().items()
    assert "没有扣款" in httpx.post(payment["code"], data={"do": "pay"}).text


@pytest.mark.parametrize(
    ("status", "code", "field", "other"),
    [
        (422, "CF-3141", "wallet", {"wallet": None}),
        (422, "CF-3142", "wallet", {"wallet": "wechat"}),
        (422, "CF-3142", "wallet", {"wallet": "bank_card"}),
        (422, "CF-3110", "entry", {"auth_code": "281234567890123456"}),
        (422, "CF-3110", "entry", {"method": "nfc"}),
        (422, "CF-3110", "tendered_minor", {"tendered_minor": 3800}),
    ],
)
def test_what_has_no_code_is_refused_and_nothing_is_kept(house: House, status, code, field, other):
    with house.unchanged():
        answer = house.client.post("/api/v1/payments", json={**asked(house), **other})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, field)


@pytest.mark.parametrize("wallet", ["", "ALIPAY", "支付宝", 7, ["alipay"]])
def test_a_wallet_nobody_knows_is_refused(house: House, wallet):
    with house.unchanged():
        answer = house.client.post("/api/v1/payments", json={**asked(house), "wallet": wallet})
    assert answer.status_code in {400, 422}
    assert answer.json()["field"] == "wallet"


def test_the_same_id_for_another_wallet_is_refused_naming_it(house: House):
    body = asked(house, 3812)
    house.client.post("/api/v1/payments", json=body)
    again = house.client.post("/api/v1/payments", json={**body, "wallet": "unionpay"})
    assert (again.status_code, again.json()["field"]) == (409, "wallet")

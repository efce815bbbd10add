"""A card at the provider's terminal, asked for through the API."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx

from counterfoil.providers.lakala.sandbox import MERCHANT_NO
from tests.doors.api.house import House


def asked(house: House, minor: int = 3800, **more):
    body = house.asked(minor, **{"method": "card", "entry": "unknown", **more})
    del body["auth_code"]
    return body


def at_the_terminal(house: House, payment) -> str:
    trade = house.sandbox.ledger.find(MERCHANT_NO, order_no=payment["order_no"])
    sandbox_url = house.app.settings.providers["lakala"]["base_url"]
    return httpx.post(f"{sandbox_url}/pay/{MERCHANT_NO}/{trade.trade_no}", data={"do": "pay"}).text


def test_a_card_is_answered_202_once_it_waits_at_the_terminal_and_looked_up_until_it_is_paid(house: House):
    house.sandbox.scan_seconds = None
    body = asked(house)
    answer = house.client.post("/api/v1/payments", json=body)
    assert answer.status_code == 202, answer.text
    payment = answer.json()
    assert (payment["awaiting"], payment["code"], payment["wallet"]) == ("customer", None, "bank_card")
    assert payment["code_until"] > payment["times"]["taken_at"]
    assert payment["told"]["code"] == "CF-3145"
    again = house.client.post("/api/v1/payments", json=body)
    assert (again.status_code, again.json()["order_no"]) == (202, payment["order_no"])
    house.sandbox.scan_seconds = 6.0
    assert "已付款" in at_the_terminal(house, payment)
    here, end = f"/api/v1/payments/{body['id']}", time.monotonic() + 60
    while (paid := house.client.get(here).json())["in_flight"]:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert paid["state"]["money"] == "captured"
    assert (paid["card_kind"], paid["last_four"], paid["slip_batch_no"]) == ("debit", "1234", "000001")
    void = house.client.post(f"{here}/void", json={"id": str(uuid4()), "reason": "TEST"})
    assert (void.status_code, void.json()["instead"]) == (409, "refund")


def test_a_card_that_does_not_come_is_withdrawn(house: House):
    body = asked(house, 6632)
    payment = house.client.post("/api/v1/payments", json=body).json()
    here = f"/api/v1/payments/{body['id']}"
    answer = house.client.post(f"{here}/withdraw", json={"id": str(uuid4())})
    assert answer.json()["state"]["money"] == "reversed", answer.text
    assert "没有扣款" in at_the_terminal(house, payment)


def test_an_entry_that_no_terminal_tells_is_refused(house: House):
    for entry in ("swipe", "chip", "tap", "keyed"):
        answer = house.client.post("/api/v1/payments", json=asked(house, entry=entry))
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "CF-3110", "entry")

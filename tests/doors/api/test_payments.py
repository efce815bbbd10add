"""The way of a payment through the API, over real HTTP, against Lakala's sandbox."""

from __future__ import annotations

import threading
from uuid import uuid4

import httpx
import pytest

from counterfoil.evidence import SYSTEM
from tests.doors.api.house import House


def test_a_payment_is_answered_201_with_its_whole_record(house: House):
    asked = house.asked(3800, bill_ref="桌 7", invoice_ref="F-1")
    answer = house.client.post("/api/v1/payments", json=asked)
    assert answer.status_code == 201, answer.text
    payment = answer.json()
    assert payment["id"] == asked["id"]
    assert payment["state"] == {"money": "captured", "settlement": "open", "visibility": "visible", "dispute": "none"}
    assert payment["amount_minor"] == payment["payer_minor"] == payment["refundable_minor"] == 3800
    assert (payment["wallet"], payment["method"], payment["entry"]) == ("wechat", "qr", "consumer_code")
    assert len(payment["order_no"]) == 24
    assert payment["times"]["taken_at"].endswith("Z")
    assert payment["bill_ref"] == "桌 7"
    assert isinstance(payment["position"], int)
    assert payment["refunds"] == []
    assert payment["void"] is None
    assert not payment["in_flight"]


def test_a_repeat_is_answered_200_from_the_record_and_charges_nobody(house: House):
    asked = house.asked(3801)
    first = house.client.post("/api/v1/payments", json=asked)
    with house.unchanged():
        again = house.client.post("/api/v1/payments", json={**asked, "wait_seconds": 1})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_an_id_in_upper_case_is_the_same_id(house: House):
    asked = house.asked(3802)
    house.client.post("/api/v1/payments", json=asked)
    again = house.client.post("/api/v1/payments", json={**asked, "id": asked["id"].upper()})
    assert again.status_code == 200


def test_a_repeat_with_other_content_is_refused_naming_the_field(house: House):
    asked = house.asked(3803)
    house.client.post("/api/v1/payments", json=asked)
    with house.unchanged():
        again = house.client.post("/api/v1/payments", json={**asked, "amount_minor": 3804})
    assert again.status_code == 409
    assert again.json()["field"] == "amount_minor"


def test_a_payment_that_is_still_open_is_answered_202(house: House):
    answer = house.take(6605, wait_seconds=0)
    assert answer.status_code == 202
    assert answer.headers["retry-after"] == "5"
    payment = answer.json()
    assert payment["in_flight"]
    assert payment["state"]["money"] in {"sent", "unknown"}
    taken_back = house.client.post(
        f"/api/v1/payments/{payment['id']}/withdraw", json={"id": str(uuid4()), "wait_seconds": 0}
    )
    assert taken_back.status_code == 202
    assert taken_back.json()["state"]["money"] == "reversing"
    assert taken_back.json()["withdrawal"]["state"] in {"created", "sent"}


def test_a_decline_is_an_answer_and_no_error(house: House):
    answer = house.take(6601)
    assert answer.status_code == 201
    assert answer.json()["state"]["money"] == "declined"
    assert answer.json()["decline_reason"] == "balance"


def test_cash_has_its_change(house: House):
    answer = house.take(3850, method="cash", tendered_minor=5000)
    assert answer.status_code == 201, answer.text
    assert answer.json()["change_minor"] == 1150


def test_a_payment_is_voided_whole_and_a_repeat_of_the_void_is_200(house: House):
    payment = house.take(3900).json()
    asked = {"id": str(uuid4()), "reason": "WRONG_AMOUNT"}
    first = house.client.post(f"/api/v1/payments/{payment['id']}/void", json=asked)
    again = house.client.post(f"/api/v1/payments/{payment['id']}/void", json=asked)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["state"]["money"] == "voided"
    assert first.json()["void"]["id"] == asked["id"]


def test_a_payment_is_refunded_in_parts(house: House):
    payment = house.take(10000).json()
    path = f"/api/v1/payments/{payment['id']}/refunds"
    asked = {"id": str(uuid4()), "amount_minor": 4000, "reason": "QUALITY", "reason_text": "一件有瑕疵"}
    first = house.client.post(path, json=asked)
    assert first.status_code == 201, first.text
    assert first.json()["state"]["money"] == "part_refunded"
    assert first.json()["refundable_minor"] == 6000
    assert house.client.post(path, json=asked).status_code == 200
    rest = house.client.post(path, json={"id": str(uuid4()), "amount_minor": 6000, "reason": "PRICE"})
    assert rest.json()["state"]["money"] == "refunded"
    assert [refund["amount_minor"] for refund in rest.json()["refunds"]] == [4000, 6000]


def test_two_voids_at_once_leave_one(house: House):
    payment = house.take(3905).json()
    answers = []

    def ask() -> None:
        with house.with_key("all") as client:
            answers.append(
                client.post(
                    f"/api/v1/payments/{payment['id']}/void", json={"id": str(uuid4()), "reason": "CHARGED_TWICE"}
                )
            )

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert house.client.get(f"/api/v1/payments/{payment['id']}").json()["state"]["money"] == "voided"


def test_a_payment_is_found_by_its_numbers_and_filters(house: House):
    payment = house.take(7777).json()
    for query in (
        {"number": payment["order_no"]},
        {"amount_min": 7777, "amount_max": 7777},
        {"shop_id": payment["shop_id"], "method": "qr", "wallet": "wechat", "status": "captured"},
        {"terminal_id": payment["terminal_id"], "operator": payment["operator_id"]},
        {"operator": "99"},
        {"from": payment["times"]["taken_at"]},
    ):
        found = house.client.get("/api/v1/payments", params=query)
        assert found.status_code == 200, found.text
        assert payment["id"] in [each["id"] for each in found.json()["items"]], query
    before = house.client.get("/api/v1/payments", params={"to": payment["times"]["taken_at"], "limit": 200})
    assert payment["id"] not in [each["id"] for each in before.json()["items"]]


def test_pages_hold_each_payment_once_newest_first(house: House):
    for amount in range(4100, 4105):
        house.take(amount, method="cash")
    seen, after = [], None
    while True:
        query = {"method": "cash", "limit": 2} | ({"after": after} if after else {})
        page = house.client.get("/api/v1/payments", params=query).json()
        seen += [(each["times"]["taken_at"], each["id"]) for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) >= 5
    assert seen == sorted(set(seen), reverse=True)


def test_a_record_tells_what_happened_oldest_first(house: House):
    payment = house.take(4200).json()
    house.client.post(f"/api/v1/payments/{payment['id']}/void", json={"id": str(uuid4()), "reason": "TEST"})
    record = house.client.get(f"/api/v1/payments/{payment['id']}/record").json()
    kinds = [event["kind"] for event in record["events"]]
    assert kinds == ["txn.sent", "txn.captured", "txn.voiding", "txn.voided"]
    assert [event["position"] for event in record["events"]][-1] == record["payment"]["position"]
    assert record["events"][1]["amount_minor"] == 4200
    assert record["events"][0]["actor_id"] != SYSTEM


def test_the_proof_of_a_fact_is_a_tlog_proof(house: House):
    payment = house.take(4300).json()
    path = f"/api/v1/payments/{payment['id']}/proof"
    early = house.client.get(path)
    assert early.status_code == 404
    assert early.json()["code"] == "CF-5005"
    house.do(house.app.signer.sign_all())
    newest = house.client.get(path)
    assert newest.headers["content-type"] == "text/plain; charset=utf-8"
    assert newest.text.splitlines()[:2] == ["c2sp.org/tlog-proof@v1", f"index {payment['position']}"]
    first = house.client.get(path, params={"position": payment["position"] - 1})
    assert first.text.splitlines()[1] == f"index {payment['position'] - 1}"
    note = house.client.get("/api/v1/evidence/checkpoint")
    assert note.text.splitlines()[0].endswith(".counterfoil/1")
    assert newest.text.endswith(note.text)


def test_a_position_of_another_payment_is_no_proof_of_this_one(house: House):
    other, payment = house.take(4301).json(), house.take(4302).json()
    house.do(house.app.signer.sign_all())
    answer = house.client.get(f"/api/v1/payments/{payment['id']}/proof", params={"position": other["position"]})
    assert (answer.status_code, answer.json()["code"]) == (404, "CF-1033")


def test_tiles_and_heads_are_public_and_entries_are_not(house: House):
    house.take(4400)
    house.do(house.app.signer.sign_all())
    note = house.client.get("/api/v1/evidence/checkpoint").text
    size = int(note.splitlines()[1])
    tile = f"tile/0/000.p/{size}" if size < 256 else "tile/0/000"
    entries = tile.replace("tile/0", "tile/entries")
    with httpx.Client(base_url=house.url) as anybody:
        assert anybody.get("/evidence/1/checkpoint").text == note
        assert len(anybody.get(f"/evidence/1/{tile}").content) == 32 * min(size, 256)
        assert anybody.get(f"/evidence/1/{entries}").json()["code"] == "CF-1020"
    with house.with_key("other merchant") as foreign:
        assert foreign.get(f"/evidence/1/{entries}").status_code == 404
    assert house.client.get(f"/evidence/1/{entries}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/evidence/01/checkpoint", "/evidence/x/checkpoint", "/evidence/1/tile/0/0", "/evidence/99/tile/0/000"]
)
def test_what_is_no_tile_is_not_found(house: House, path: str):
    assert house.client.get(path).status_code == 404


def test_a_caller_that_hangs_up_finds_its_payment_by_asking_again(house: House):
    house.sandbox.late_seconds = 2.0
    asked = house.asked(6607)
    with house.with_key("all") as hasty, pytest.raises(httpx.ReadTimeout):
        hasty.post("/api/v1/payments", json=asked, timeout=httpx.Timeout(60, read=1.0))
    again = house.client.post("/api/v1/payments", json=asked)
    assert (again.status_code, again.json()["state"]["money"]) == (200, "captured")


def test_one_id_asked_for_by_many_at_once_is_one_payment(house: House):
    house.sandbox.late_seconds = 0.3
    asked = house.asked(6607)
    answers: list[httpx.Response] = []

    def ask() -> None:
        with house.with_key("all") as client:
            answers.append(client.post("/api/v1/payments", json=asked))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.text for answer in answers}) == 1
    found = house.client.get("/api/v1/payments", params={"number": answers[0].json()["order_no"]}).json()
    assert len(found["items"]) == 1
    kinds = [event["kind"] for event in house.client.get(f"/api/v1/payments/{asked['id']}/record").json()["events"]]
    assert kinds == ["txn.sent", "txn.captured"]


def test_a_refund_the_account_does_not_cover_is_answered_202_as_queued(house: House):
    paid = house.client.post("/api/v1/payments", json=house.asked(6614)).json()
    asked = {"id": str(uuid4()), "amount_minor": 614, "reason": "TEST"}
    answer = house.client.post(f"/api/v1/payments/{paid['id']}/refunds", json=asked)
    assert answer.status_code == 202, answer.text
    payment = answer.json()
    (leg,) = payment["refunds"]
    assert (leg["state"], leg["decline_reason"], leg["told"]["code"]) == ("queued", "funds_short", "CF-3131")
    assert leg["queued_at"] < leg["next_try_at"]
    assert (payment["state"]["money"], payment["in_flight"], payment["awaiting"]) == ("captured", False, "funds")
    assert payment["refundable_minor"] == 6000


def test_cash_is_rounded_only_as_the_shop_rounds(house: House):
    asked = house.asked(3800) | {"method": "cash", "entry": "keyed", "rounding_minor": 76}
    asked.pop("auth_code")
    answer = house.client.post("/api/v1/payments", json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "CF-3134")
    assert answer.json()["field"] == "rounding_minor"

"""Totals and export over HTTP: what the list holds, with the list's own filters, for keys that may read."""

from __future__ import annotations

import csv
import io
import zipfile
from uuid import uuid4

import pytest

from counterfoil import people
from counterfoil.testing.house import NUMBERS
from tests.doors.api.house import House


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def every(house: House, query: dict) -> list[dict]:
    items, after = [], None
    while True:
        page = house.client.get("/api/v1/payments", params=query | ({"after": after} if after else {})).json()
        items += page["items"]
        after = page["next"]
        if after is None:
            return items


def test_totals_are_those_of_the_list(house: House):
    paid = [house.take(amount).json() for amount in (9100, 9101, 6601)]
    refund = {"id": str(uuid4()), "amount_minor": 100, "reason": "PRICE"}
    house.client.post(f"/api/v1/payments/{paid[0]['id']}/refunds", json=refund)
    house.client.post(f"/api/v1/payments/{paid[1]['id']}/void", json={"id": str(uuid4()), "reason": "TEST"})
    ids = {one["id"] for one in paid}
    query = {"from": paid[0]["times"]["taken_at"], "entry": "consumer_code", "provider": "lakala"}
    found = house.client.get("/api/v1/payments/totals", params=query).json()
    items = every(house, query)
    assert ids <= {one["id"] for one in items}
    received = [one for one in items if one["state"]["money"] in ("captured", "voided", "part_refunded", "refunded")]
    voided = sum(one["amount_minor"] for one in items if one["state"]["money"] == "voided")
    refunded = sum(one["refunded_minor"] for one in items)
    gross = sum(one["amount_minor"] for one in received)
    assert (found["count"], found["received"], found["gross_minor"]) == (len(items), len(received), gross)
    assert (found["voided_minor"], found["refunded_minor"]) == (voided, refunded)
    assert found["net_minor"] == gross - voided - refunded
    assert (found["currency"], found["hidden"]) == ("CNY", 0)
    hiding = house.client.get("/api/v1/payments/totals", params={**query, "unpaid": "hide"}).json()
    shown = every(house, {**query, "unpaid": "hide"})
    assert hiding["hidden"] == len(items) - len(shown) > 0
    assert hiding["gross_minor"] == gross
    of_the_day = {"first_day": paid[0]["business_day"], "last_day": paid[0]["business_day"]}
    assert house.client.get("/api/v1/payments/totals", params={**query, **of_the_day}).json() == found


def test_an_export_is_the_list_in_the_language_asked_for(house: House):
    for amount in (9200, 9201):
        house.take(amount, method="cash", bill_ref="=1+1")
    query = {"method": "cash", "amount_min": 9200, "amount_max": 9201}
    answer = house.client.get("/api/v1/payments/export", params={**query, "lang": "zh-CN"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="payments.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    table = rows(answer.content.decode("utf-8-sig"))
    order, bill = table[0].index("商户单号"), table[0].index("账单号")
    assert [row[order] for row in table[1:]] == [one["order_no"] for one in every(house, query)]
    assert {row[bill] for row in table[1:]} == {"'=1+1"}
    english = house.client.get("/api/v1/payments/export", params=query).content.decode("utf-8-sig")
    assert "Order number" in rows(english)[0]


def test_a_workbook_is_a_workbook(house: House):
    house.take(9300, method="cash")
    answer = house.client.get("/api/v1/payments/export", params={"format": "xlsx", "amount_min": 9300})
    assert answer.headers["content-disposition"] == 'attachment; filename="payments.xlsx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert file.testzip() is None
        assert b"93.00" in file.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("totals", {"first_day": "2026-02-30"}, "first_day"),
        ("totals", {"first_day": "2026-11-02", "last_day": "2026-11-01"}, "last_day"),
        ("totals", {"unpaid": "perhaps"}, "unpaid"),
        ("totals", {"limit": "3"}, "limit"),
        ("totals", {"account_id": "mine"}, "account_id"),
        ("export", {"format": "pdf"}, "format"),
        ("export", {"from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z"}, "to"),
        ("export", {"entry": "thought"}, "entry"),
        ("export", {"provider": ""}, "provider"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_its_field(house: House, path: str, query: dict, field: str):
    answer = house.client.get(f"/api/v1/payments/{path}", params=query)
    assert 400 <= answer.status_code < 500
    assert answer.json()["field"] == field


def test_another_merchant_and_a_key_that_may_not_read_get_nothing_of_it(house: House):
    house.take(9400, method="cash")
    with house.with_key("other merchant") as foreign:
        assert foreign.get("/api/v1/payments/totals", params={"amount_min": 9400}).json()["count"] == 0
        text = foreign.get("/api/v1/payments/export", params={"amount_min": 9400}).content.decode("utf-8-sig")
        assert len(rows(text)) == 1
    with house.with_key("pay") as pay:
        for path in ("totals", "export"):
            assert pay.get(f"/api/v1/payments/{path}").status_code == 403


@pytest.mark.parametrize(("key", "lacks"), [("read", "export"), ("export", "read")])
def test_a_file_is_for_a_key_that_may_export_beside_reading(house: House, key: str, lacks: str):
    with house.with_key(key) as half:
        answer = half.get("/api/v1/payments/export")
    assert answer.status_code == 403
    assert (answer.json()["code"], lacks in answer.text) == ("CF-1021", True)


def test_what_reads_goes_on_without_the_scope_to_export(house: House):
    with house.with_key("read") as read:
        assert read.get("/api/v1/payments").status_code == 200
        assert read.get("/api/v1/payments/totals").status_code == 200


async def half_exporting(house: House) -> str:
    """A key whose owner sees all shops and exports from the second."""
    app, role = house.app, people.Role.ADMINISTRATOR
    boss = await people.person_by_number(app.store, 1, NUMBERS[role])
    actor = people.Actor(merchant_id=1, person_id=boss.id, permissions=people.ALLOWED[role], auth="test")
    sees = await people.make_role(app.people, actor, "key sees", frozenset({people.Permission.READ}))
    takes = await people.make_role(app.people, actor, "key exports", frozenset({people.Permission.EXPORT}))
    new = people.NewPerson(number=None, name="Owner", role=sees.id, email="key.owner@example.com")
    owner = await people.add_operator(app.people, actor, new)
    await people.grant_role(app.people, actor, owner.id, takes.id, house.second_shop_id)
    _, key = await people.make_key(app.people, actor, label="half", owner_id=owner.id, scopes=("read", "export"))
    return key.reveal()


def test_a_key_exports_from_those_shops_only_that_its_owner_may_export_from(house: House):
    house.keys["half"] = house.do(half_exporting(house))
    house.take(9600, method="cash")
    house.take(9601, method="cash", shop_id=house.second_shop_id, terminal_id=house.second_terminal_id)
    query = {"amount_min": 9600, "amount_max": 9601}
    with house.with_key("half") as half:
        found = half.get("/api/v1/payments", params=query).json()["items"]
        file = half.get("/api/v1/payments/export", params=query).content.decode("utf-8-sig")
    assert sorted(one["amount_minor"] for one in found) == [9600, 9601]
    sums = [next(cell for cell in line if cell.startswith("96.0")) for line in rows(file)[1:]]
    assert sums == ["96.01"]


def test_a_receipt_is_bytes_for_a_printer_and_only_what_was_received_has_one(house: House):
    paid, declined = house.take(9500, method="cash").json(), house.take(6601).json()
    answer = house.client.get(f"/api/v1/payments/{paid['id']}/receipt", params={"paper": "58", "lang": "zh-CN"})
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.content.startswith(b"\x1b@")
    assert "本凭证不作为发票".encode("gb18030") in answer.content
    none = house.client.get(f"/api/v1/payments/{declined['id']}/receipt")
    assert (none.status_code, none.json()["code"]) == (409, "CF-3204")
    with house.with_key("other merchant") as foreign:
        assert foreign.get(f"/api/v1/payments/{paid['id']}/receipt").status_code == 404

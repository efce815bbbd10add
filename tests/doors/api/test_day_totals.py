"""Totals of business days over HTTP: exact, for keys that may read, of the shops they may see."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.doors.api.house import House

PATH = "/api/v1/day-totals"
EVER = {"first_day": "2026-01-01", "last_day": "2027-12-31"}


def test_a_days_totals_grow_by_what_was_taken_voided_and_refunded(house: House):
    before = house.client.get(PATH, params=EVER).json()
    paid = [house.take(amount).json() for amount in (9100, 9101, 6601)]
    refund = {"id": str(uuid4()), "amount_minor": 100, "reason": "PRICE"}
    house.client.post(f"/api/v1/payments/{paid[0]['id']}/refunds", json=refund)
    house.client.post(f"/api/v1/payments/{paid[1]['id']}/void", json={"id": str(uuid4()), "reason": "TEST"})
    after = house.client.get(PATH, params=EVER).json()
    grew = {name: after["total"][name] - before["total"][name] for name in after["total"]}
    assert grew == {
        "payments": 2,
        "gross_minor": 18201,
        "voids": 1,
        "voided_minor": 9101,
        "refunds": 1,
        "refunded_minor": 100,
        "net_minor": 9000,
    }
    assert after["days"][-1]["day"] == paid[0]["business_day"]
    for name in grew:
        assert sum(day[name] for day in after["days"]) == after["total"][name]


def test_shops_methods_and_wallets_add_up_to_the_whole(house: House):
    house.take(9200, method="cash")
    whole = house.client.get(PATH, params=EVER).json()["total"]
    shops = [
        house.client.get(PATH, params={**EVER, "shop_id": one.upper()}).json()["total"]
        for one in (house.shop_id, house.second_shop_id)
    ]
    methods = [house.client.get(PATH, params={**EVER, "method": one}).json()["total"] for one in ("cash", "qr")]
    for parts in (shops, methods):
        assert {name: sum(part[name] for part in parts) for name in whole} == whole
    cash = house.client.get(PATH, params={**EVER, "wallet": "cash"}).json()
    assert cash["total"] == methods[0]


def test_another_merchant_and_a_key_that_may_not_read_see_nothing_of_it(house: House):
    house.take(9400, method="cash")
    with house.with_key("other merchant") as foreign:
        answer = foreign.get(PATH, params={**EVER, "shop_id": house.shop_id}).json()
        assert (answer["days"], answer["total"]["payments"]) == ([], 0)
    with house.with_key("second shop") as second:
        theirs = house.client.get(PATH, params={**EVER, "shop_id": house.second_shop_id}).json()
        assert second.get(PATH, params=EVER).json() == theirs
        assert second.get(PATH, params={**EVER, "shop_id": house.shop_id}).json()["days"] == []
    with house.with_key("pay") as pay:
        assert pay.get(PATH, params=EVER).status_code == 403


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"first_day": "2026-11-22", "last_day": "2026-11-21"}, "last_day"),
        ({"first_day": "2024-11-22", "last_day": "2026-11-23"}, "first_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"first_day": "٢٠٢٦-١١-٢٢"}, "first_day"),
        ({"last_day": "0000-00-00"}, "last_day"),
        ({"method": "barter"}, "method"),
        ({"wallet": "<b>"}, "wallet"),
        ({"shop_id": "mine"}, "shop_id"),
        ({"limit": "3"}, "limit"),
        ({"first_day": None}, "first_day"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_its_field(house: House, query: dict, field: str):
    params = {"first_day": "2026-11-22", "last_day": "2026-11-22", **query}
    answer = house.client.get(PATH, params={name: value for name, value in params.items() if value is not None})
    assert 400 <= answer.status_code < 500
    assert answer.json()["field"] == field

"""The document is valid, and says of every endpoint what the endpoint does."""

from __future__ import annotations

import re

import msgspec
import pytest
from openapi_spec_validator import validate
from starlette.routing import Route

from counterfoil import payments, people, records
from counterfoil.doors.api import routes
from counterfoil.doors.api.acts import DONE
from counterfoil.doors.api.endpoints import BASE, ENDPOINTS
from counterfoil.doors.api.fields import Method, Reason, Wallet
from counterfoil.doors.api.openapi import description
from counterfoil.doors.api.payment import Leg, Payment
from counterfoil.doors.api_key import PERMISSION
from counterfoil.doors.said import ZH
from tests.doors.api.house import House

# What a payment keeps that no caller sees: how it is driven, and the rows beneath.
WITHHELD = {"merchant_id", "account_id", "due_at", "driver", "driver_until", "asks", "version", "row", "repeated"}
# What stands in the answer in another form.
REFORMED = {"legs", "money", "settlement", "visibility", "dispute", "taken_at", "captured_at", "ended_at"}


def test_the_document_is_valid_openapi_3_1(house: House):
    answer = house.client.get("/api/v1/openapi.json")
    document = answer.json()
    assert document["openapi"] == "3.1.0"
    validate(document)
    assert document == msgspec.json.decode(msgspec.json.encode(description()))


def test_every_route_is_in_the_document_and_nothing_else(house: House):
    served = {
        (route.path, method)
        for route in routes(house.app)
        if isinstance(route, Route) and route.path.startswith(f"{BASE}/") and not route.path.endswith("openapi.json")
        for method in route.methods - {"HEAD"}
    }
    told = {(path, method.upper()) for path, item in description()["paths"].items() for method in item}
    assert served == told
    assert told == {(BASE + each.path, each.method) for each in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_the_ids_of_a_path_are_declared(endpoint):
    assert set(re.findall(r"\{(\w+)\}", endpoint.path)) == set(endpoint.ids)


def test_operations_have_names_of_their_own():
    assert len({each.name for each in ENDPOINTS}) == len(ENDPOINTS)


def test_every_field_is_told_in_both_languages():
    silent = [
        f"{name}.{field}"
        for name, schema in description()["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if "$ref" not in told and not (told.get("description") and told.get(ZH))
        if not (name in {"Found", "Record"} and told.get("type") == "array")
    ]
    assert silent == []
    for item in description()["paths"].values():
        for operation in item.values():
            assert operation["summary"]
            assert operation["x-summary-zh"]
            assert all(parameter["description"] and parameter[ZH] for parameter in operation["parameters"])


def test_every_body_and_query_refuses_unknown_fields():
    for endpoint in ENDPOINTS:
        for shape in filter(None, (endpoint.body, endpoint.query)):
            assert shape.__struct_config__.forbid_unknown_fields, shape


def test_a_payment_shows_all_that_is_not_withheld():
    kept = set(payments.Payment.__struct_fields__)
    shown = set(Payment.__struct_fields__)
    assert kept - shown == WITHHELD | REFORMED
    legs = set(payments.PaymentLeg.__struct_fields__)
    assert legs - set(Leg.__struct_fields__) == {"payment_id", "kind", "row", "due_at", "tried_at"}


def test_choices_are_those_of_the_areas():
    assert Reason.__args__ == payments.REASONS
    assert Method.__args__ == records.METHODS
    assert Wallet.__args__ == records.WALLETS
    assert {name: people.SCOPES[name] & {permission} for name, permission in PERMISSION.items()} == {
        name: {permission} for name, permission in PERMISSION.items()
    }
    assert set(people.SCOPES) == set(PERMISSION)


def test_acts_answer_known_open_and_repeated():
    assert set(DONE) == {200, 201, 202}


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "接口说明"), ("en", "API reference")])
def test_the_reference_page_tells_every_endpoint_and_field(house: House, language: str, title: str):
    page = house.client.get("/api/docs", params={"lang": language})
    assert page.status_code == 200
    assert page.headers["content-language"] == language
    assert f"<h1>{title}</h1>" in page.text
    for endpoint in ENDPOINTS:
        assert f'<section id="{endpoint.name}"' in page.text
    for schema in description()["components"]["schemas"].values():
        for field in schema.get("properties", {}):
            assert f"<code>{field}</code>" in page.text
    for limit in ("1,000,000 bytes", "1 … 1,000,000,000", "50 / 200", "30 / 60 s"):
        assert limit in page.text


def test_the_reference_page_holds_no_script_and_no_style_of_its_own(house: House):
    page = house.client.get("/api/docs").text
    assert "<script" not in page
    assert "style=" not in page
    assert not re.search(r"\bon[a-z]+=", page)
    links = re.findall(r'(?:href|src)="([^"#?][^"]*)"', page)
    assert links
    assert all(link.startswith("/") for link in links)
    for link in links:
        assert house.client.get(link).status_code == 200, link

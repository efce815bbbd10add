"""Whatever is sent, the answer is one of the catalogue and never a fault of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import Headers

from counterfoil.basis import Refused
from counterfoil.doors.api.endpoints import ENDPOINTS
from counterfoil.doors.api.strict import read_body, read_query
from counterfoil.doors.api.take import Take
from tests.doors.api.house import House

JSON_HEADERS = Headers({"content-type": "application/json"})
SHAPES = [each.body for each in ENDPOINTS if each.body]
QUERIES = list({each.query for each in ENDPOINTS})
FIELDS = sorted({name for shape in SHAPES for name in shape.__struct_fields__})

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["CNY", "qr", "cash", "OTHER", "018f6f5e-7c1a-7cc0-9a57-3b1f0c2d4e5f", "\ud800", "\0"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), values, max_size=10)


def outcome(reading: Callable[[], Any]) -> tuple[Any, Refused | None]:
    """What was read, or the refusal; anything else comes through."""
    try:
        return reading(), None
    except Refused as fault:
        return None, fault


@given(body=bodies, shape=st.sampled_from(SHAPES))
def test_any_json_is_read_into_its_shape_or_refused_with_its_field(body: dict[str, Any], shape):
    raw = json.dumps(body).encode()
    read, fault = outcome(lambda: read_body(raw, JSON_HEADERS, shape))
    assert isinstance(read, shape) or fault.kind.code.startswith("CF-10")
    assert fault is None or fault.tell("zh-CN").what
    assert fault is None or (fault.field or "a").isascii()


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes):
    with pytest.raises(Refused):
        read_body(raw, JSON_HEADERS, Take)


@given(raw=st.binary(max_size=100).map(lambda raw: raw.replace(b"#", b"")), shape=st.sampled_from(QUERIES))
def test_any_query_is_read_or_refused(raw: bytes, shape):
    read, fault = outcome(lambda: read_query(raw, shape))
    assert isinstance(read, shape) or fault.kind.code.startswith("CF-10")


@given(body=bodies, keep=st.sets(st.sampled_from(sorted(Take.__struct_fields__))), path=st.sampled_from(ENDPOINTS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_makes_a_fault_of_ours(house: House, body: dict[str, Any], keep: set[str], path):
    good = house.asked(method="cash", tendered_minor=5000)
    mixed = {name: value for name, value in good.items() if name in keep} | body
    address = "/api/v1" + path.path.replace("{payment_id}", good["id"])
    answer = house.client.request(
        path.method, address, content=json.dumps(mixed), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code < 500, answer.text


@given(
    query=st.dictionaries(
        st.sampled_from(["from", "to", "after", "number", "limit", "operator", "x"]), st.text(max_size=30)
    )
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_search_makes_a_fault_of_ours(house: House, query: dict[str, str]):
    told = {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()}
    answer = house.client.get("/api/v1/payments", params=told)
    assert answer.status_code < 500, answer.text

"""Canonical bytes are RFC 8785's, and what has no canonical form is refused."""

import json
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import CANONICAL_BYTES_MAX, KnownObject, NotCanonical, decode, encode

keys = st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5), max_leaves=25
)


@given(values)
def test_bytes_are_those_of_an_independent_rfc_8785(value):
    assert encode(value) == rfc8785.dumps(value)


@given(values)
def test_what_was_encoded_reads_back_the_same(value):
    assert decode(encode(value)) == value


# From RFC 8785 3.2.2 and 3.2.3, as far as our bounds go: escapes, and the order of keys.
VECTORS = [
    ('\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
    ("\b\t\n\f\r\x1f\x7f", '"\\b\\t\\n\\f\\r\\u001f\x7f"'),
    ({"b": 1, "a": [], "a_": {}, "a0": None}, '{"a":[],"a0":null,"a_":{},"b":1}'),
    ("茶 😀", '"茶 😀"'),
    ([True, False, -1, 2**53 - 1], "[true,false,-1,9007199254740991]"),
]


@pytest.mark.parametrize(("value", "text"), VECTORS)
def test_vectors(value, text):
    assert encode(value) == text.encode()


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        {"A": 1},
        {"": 1},
        {"é": 1},
        {1: 1},
        b"x",
        {1},
        Ellipsis,
        nested(17),
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(NotCanonical):
        encode([value] if not isinstance(value, list) else value)


def test_sixteen_levels_are_enough_and_allowed():
    assert decode(encode(nested(16))) == nested(16)


def test_a_named_text_is_written_as_its_text():
    class State(StrEnum):
        SENT = "sent"

    assert encode({"state": State.SENT}) == b'{"state":"sent"}'


def test_more_than_eight_kibibytes_are_refused():
    assert len(encode("x" * (CANONICAL_BYTES_MAX - 2))) == CANONICAL_BYTES_MAX
    with pytest.raises(NotCanonical):
        encode("x" * (CANONICAL_BYTES_MAX - 1))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"1.0",
        b"1e3",
        b"-0",
        b"NaN",
        b'"\\u0041"',
        b"",
        b"{",
        b'"\xff"',
    ],
)
def test_bytes_that_are_not_the_canonical_form_are_refused(raw):
    with pytest.raises(NotCanonical):
        decode(raw)


@pytest.mark.parametrize(
    "raw", [b"[" * 100_000, b"9007199254740992", b"01", b" 1"], ids=["deep", "big", "zero", "space"]
)
def test_bytes_beyond_the_bounds_are_refused(raw):
    with pytest.raises(NotCanonical):
        decode(raw)


@given(values)
def test_any_other_way_to_write_it_is_refused(value):
    other = json.dumps(value, indent=1).encode()
    if other != encode(value):
        with pytest.raises(NotCanonical):
            decode(other)


@given(st.dictionaries(keys, scalars, max_size=8), st.sets(keys, max_size=4), st.lists(scalars, max_size=3))
def test_an_object_of_known_keys_has_the_same_bytes(said, more, parts):
    known = KnownObject([*said, *more])
    whole = {**dict.fromkeys(more - said.keys()), **said}
    assert known.encode_behind(parts, {**said, "x0y0z0unknown": object()}) == rfc8785.dumps([*parts, whole])


@pytest.mark.parametrize("value", [1.5, b"x", 2**53, -(2**53), {1}, "\ud800", {"a": 1.0}, [b""]], ids=repr)
def test_an_object_of_known_keys_refuses_what_has_no_canonical_form(value):
    with pytest.raises(NotCanonical):
        KnownObject(["a"]).encode_behind([], {"a": value})


def test_an_object_of_known_keys_is_no_longer_than_any_other():
    with pytest.raises(NotCanonical):
        KnownObject(["a"]).encode_behind([], {"a": "x" * CANONICAL_BYTES_MAX})


def test_a_key_that_cannot_be_is_not_known():
    with pytest.raises(NotCanonical):
        KnownObject(["A"])

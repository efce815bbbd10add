"""Which accounts are tried at a place, and how the choice is kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.providers import Because, Routed, Skip, order_of

ROWS = [
    {"scope": "merchant", "method": "qr", "account_ids": "a b"},
    {"scope": "merchant", "method": "card", "account_ids": "c"},
    {"scope": "shop:1", "method": "qr", "account_ids": "b a"},
    {"scope": "shop:2", "method": "qr", "account_ids": ""},
    {"scope": "terminal:9", "method": "qr", "account_ids": "c"},
]


def test_the_narrowest_place_with_a_route_decides_alone():
    assert order_of(ROWS, "1", "9", "qr") == (Because.TERMINAL, ("c",))
    assert order_of(ROWS, "1", "8", "qr") == (Because.SHOP, ("b", "a"))
    # A route whose last account was taken away is none.
    assert order_of(ROWS, "2", "8", "qr") == (Because.MERCHANT, ("a", "b"))
    assert order_of(ROWS, "1", "9", "card") == (Because.MERCHANT, ("c",))
    assert order_of(ROWS, "1", "9", "nfc") == (Because.OLDEST, ())
    assert order_of([], "1", "9", "qr") == (Because.OLDEST, ())


@given(
    st.sampled_from(list(Because)),
    st.integers(1, 9),
    st.lists(st.tuples(st.uuids().map(str), st.sampled_from(list(Skip))), max_size=4),
)
def test_a_choice_is_read_as_it_was_written(because, place, skipped):
    routed = Routed(because, place, tuple(skipped))
    assert Routed.read(routed.text()) == routed


def test_a_payment_of_before_has_no_choice_to_tell():
    assert Routed.read(None) is None

"""What the indexes carry: facets never hide a payment from a filter that it meets, bands keep the order of amounts."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.payments import FACETS, amount_band, facet_filter, search_keys

texts = st.text(min_size=1, max_size=40)
rows = st.fixed_dictionaries(dict.fromkeys(sorted(FACETS), texts) | {"amount_minor": st.integers(1, 10**11)})
SAFE_INTEGER_MAX = 2**53 - 1


@given(row=rows, names=st.sets(st.sampled_from(sorted(FACETS))))
def test_a_row_meets_the_filter_made_of_its_own_values(row, names):
    mask, value = facet_filter({name: row[name] for name in names})
    assert search_keys(row)["facets"] & mask == value


@given(row=rows)
def test_facets_are_whole_numbers_that_any_json_reader_keeps(row):
    assert 0 <= search_keys(row)["facets"] <= SAFE_INTEGER_MAX


def test_methods_wallets_and_entries_are_told_apart_exactly():
    wallets = ("wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other")
    seen = {facet_filter({"wallet": wallet})[1] for wallet in wallets}
    assert len(seen) == 7
    assert facet_filter({"method": "qr"}) != facet_filter({"method": "cash"})


@given(first=st.integers(1, 10**11), more=st.integers(0, 10**11))
def test_a_larger_amount_is_in_no_lower_band(first, more):
    assert amount_band(first) <= amount_band(first + more)


@given(amount=st.integers(1, 10**11))
def test_a_band_is_a_quarter_of_an_octave_wide(amount):
    band = amount_band(amount)
    assert 2 ** (band / 4) <= amount * (1 + 1e-9)
    assert amount < 2 ** ((band + 1) / 4) * (1 + 1e-9)
    assert math.isclose(band, 4 * math.log2(amount), abs_tol=1.0)

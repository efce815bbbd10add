"""Money is an integer of minor units in one currency."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Money, NotMoney
from counterfoil.basis.money import MINOR_DIGITS

amounts = st.integers(-(10**12), 10**12)
currencies = st.sampled_from(sorted(MINOR_DIGITS))


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("38", 3800),
        ("38.5", 3850),
        ("38.50", 3850),
        ("0.01", 1),
        ("¥1,234.50", 123450),
        ("３８．５元", 3850),
        (" 7 ", 700),
    ],
)
def test_what_people_type_is_read(typed, minor):
    assert Money.parse(typed) == Money(minor)


@pytest.mark.parametrize("typed", ["", ".", "1.234", "-1", "1e3", "abc", "1..2", "٣", "1234567890123", "NaN", "1 2"])
def test_what_is_no_amount_is_refused(typed):
    with pytest.raises(NotMoney):
        Money.parse(typed)


@pytest.mark.parametrize(
    "typed", ["1,2", "38,5", "38,50", "1,23,456", ",38", "38,", "1234,567", "１，２", "1,234,5.00"]
)
def test_a_comma_that_does_not_part_thousands_is_refused(typed):
    with pytest.raises(NotMoney):
        Money.parse(typed)


def test_a_currency_without_decimals_takes_none():
    assert Money.parse("500", "JPY") == Money(500, "JPY")
    with pytest.raises(NotMoney):
        Money.parse("500.0", "JPY")


@given(st.integers(0, 10**12 - 1), currencies)
def test_the_decimal_form_reads_back_the_same(minor, currency):
    assert Money.parse(Money(minor, currency).decimal(), currency) == Money(minor, currency)


@given(amounts, amounts, currencies)
def test_adding_and_taking_away_are_exact(one, other, currency):
    left, right = Money(one, currency), Money(other, currency)
    assert left + right - right == left
    assert (left < right) == (one < other)
    assert (left <= right) == (one <= other)


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_only_an_integer_is_money(minor):
    with pytest.raises(NotMoney):
        Money(minor)


def test_two_currencies_do_not_mix():
    for act in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(NotMoney):
            act(Money(1), Money(1, "USD"))
    with pytest.raises(NotMoney):
        Money(1, "XXX")


def test_it_is_shown_as_people_read_it():
    assert [str(Money(minor)) for minor in (0, 5, 123450, -5)] == ["¥0.00", "¥0.05", "¥1,234.50", "-¥0.05"]
    assert str(Money(1234, "JPY")) == "JP¥1,234"
    assert str(Money(1234, "KWD")) == "KWD 1.234"

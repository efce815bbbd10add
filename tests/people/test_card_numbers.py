"""A card number is recognised however it is typed, and what is none is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused
from counterfoil.people import CARD_NUMBER, without_card

CARD = "4761739001010010"


def refused(text: str) -> bool:
    try:
        without_card(text, "name")
    except Refused as fault:
        return fault.kind is CARD_NUMBER
    return False


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        f"card {CARD}",
        "4761 7390 0101 0010",
        "4761-7390-0101-0010",
        "卡号４７６１７３９００１０１００１０",
        f";{CARD}=2512",
    ],
)
def test_a_card_number_is_refused_however_it_is_typed(text: str):
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 号店",
        "4761739001010011",
        "13812345678",
        "20261126000123456789012345",
        "134567890123456789",
        CARD + "0000",
    ],
)
def test_what_is_no_card_number_is_left_alone(text: str):
    assert not refused(text)


@given(digits=st.text("0123456789", min_size=11, max_size=17), first=st.sampled_from("3456"))
def test_one_in_ten_of_all_numbers_reads_as_one(digits: str, first: str):
    assert sum(refused(f"{first}{digits}{check}") for check in range(10)) == 1

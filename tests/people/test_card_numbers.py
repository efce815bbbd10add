"""A card number is recognised however it is typed, and what is none is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused, without_cards
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
        f"{CARD} 917",
        f"38 {CARD}",
        f"38.00 {CARD} 12",
        "12-4761-7390-0101-0010-25",
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


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"card {CARD} 917", "card *** 917"),
        (f"38 {CARD} 12", "38 *** 12"),
        (f"%B{CARD}^DOE/JOHN^25122011143804400000?", "%B***"),
        (f";{CARD}=25122011143804400000?", ";***"),
        (f"{CARD}D25122011", "***"),
        ("cvv2=9174 CVC: 123", "cvv2=*** CVC: ***"),
        ("7895000000000001 20261126000123456789012345", "7895000000000001 20261126000123456789012345"),
    ],
)
def test_what_is_said_is_left_but_for_the_card(said: str, left: str):
    assert without_cards(said) == left


@given(
    before=st.from_regex(r"([0-9]{1,6}[ -]){0,4}", fullmatch=True),
    behind=st.from_regex(r"([ -][0-9]{1,6}){0,4}", fullmatch=True),
)
def test_groups_of_digits_around_a_card_number_hide_it_from_nobody(before: str, behind: str):
    assert CARD not in without_cards(before + CARD + behind)
    assert refused(before + CARD + behind)

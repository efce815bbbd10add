"""What a provider answers to a question is shown field by field, without secrets and without whole long numbers."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Trouble
from counterfoil.providers import answered_to, read_out, scan
from counterfoil.providers.lakala.reads import MERCHANT_READS, TERMINAL_READS

LAKALA = scan()["lakala"]
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=60)
ANSWERS = st.dictionaries(
    st.text(max_size=20), st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)


def said(answer, ours=()):
    return {one.name: one.value for one in read_out(answer, LAKALA, frozenset(ours))}


def test_members_within_members_are_named_by_their_way():
    answer = {"a": {"b": "1", "c": ["x", {"d": None}]}, "n": 3}
    assert said(answer) == {"a.b": "1", "1.a.c": "x", "2.a.c.d": "", "n": "3"}


def test_a_long_number_is_shown_by_its_last_four_unless_it_is_ours():
    assert said({"acctNo": "6222021234567890123", "tel": "13800138000"}) == {"acctNo": "****0123", "tel": "****8000"}
    assert said({"idNo": "11010519491231002X"}) == {"idNo": "****002X"}
    assert said({"merCupNo": "822290070111135"}, ["822290070111135"]) == {"merCupNo": "822290070111135"}
    assert said({"day": "20261126", "amount": "1000000"}) == {"day": "20261126", "amount": "1000000"}


@pytest.mark.parametrize("name", ["appSecret", "password", "sm4_key", "accessToken", "cvv", "userPin"])
def test_what_is_named_like_a_secret_is_not_shown(name):
    assert said({name: "open sesame"}) == {name: "****"}


def test_a_member_we_know_has_our_words():
    (one,) = read_out({"merCupNo": "1"}, LAKALA)
    assert one.word is not None
    assert one.word.words == ("商户号", "Merchant number")


@given(answer=ANSWERS)
def test_whatever_is_answered_can_be_shown(answer):
    fields = read_out(answer, LAKALA)
    assert len(fields) <= 200
    assert all(one.value.isprintable() and len(one.value) <= 200 for one in fields)


def test_the_reads_of_the_manifest_are_those_that_the_folder_makes():
    assert {one.key for one in LAKALA.reads} == {*MERCHANT_READS, *TERMINAL_READS}


async def test_nobody_waits_for_an_answer_that_does_not_come():
    never = asyncio.get_running_loop().create_future()
    with pytest.raises(Trouble) as trouble:
        await answered_to(never, seconds=0.01)
    assert trouble.value.kind.code == "CF-4234"

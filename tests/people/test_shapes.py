import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Refused, Secret, SeededEntropy
from counterfoil.evidence import disagreements, registry
from counterfoil.people import FAULTS, KINDS
from counterfoil.people.lock import LOCK_MICROS, Place, Tries
from counterfoil.people.shapes import (
    digest,
    new_key,
    new_password,
    new_token,
    normal,
    operator_number,
    shown_key,
    shown_token,
    terminal_number,
    text,
)
from counterfoil.people.till_password import till_password_fits

FILL = {"left": 3, "until": "14:35", "number": "07", "permission": "x", "who": "y", "least": 2, "most": 2}
FILL |= {"address": "192.0.2.1", "text": "x"}
PLACE = Place(1, "00000000-0000-7000-8000-000000000001", "01", "Asia/Shanghai", "s", "192.0.2.1")


@pytest.mark.parametrize(("length", "fits"), [(0, False), (11, False), (12, True), (128, True), (129, False)])
def test_a_password_has_12_to_128_characters(length, fits):
    password = Secret("收" * length)
    if fits:
        assert new_password(password).reveal() == "收" * length
        return
    with pytest.raises(Refused) as told:
        new_password(password)
    assert told.value.kind.code == "CF-2005"
    assert told.value.field == "password"


def test_a_password_is_counted_and_kept_in_nfc():
    decomposed = unicodedata.normalize("NFD", "éééééé")
    assert len(decomposed) == 12
    with pytest.raises(Refused):
        new_password(Secret(decomposed))
    assert normal(Secret(decomposed)).reveal() == "éééééé"


def test_full_width_digits_are_an_operator_number():
    assert operator_number(" ０１ ") == "01"


@pytest.mark.parametrize("typed", ["", "123456789", "1a", "-1", "1.0", "1\x00", "٣", "1\n2"])
def test_what_is_no_operator_number_is_refused(typed):
    with pytest.raises(Refused) as told:
        operator_number(typed)
    assert told.value.kind.code == "CF-2007"


@pytest.mark.parametrize("typed", ["", "a" * 13, "终", "1 2", "1\n", "1\x00"])
def test_what_is_no_terminal_number_is_refused(typed):
    with pytest.raises(Refused):
        terminal_number(typed)


@pytest.mark.parametrize("typed", ["", "  ", "a\nb", "a\x00", "x" * 65, "\ud800"])
def test_what_is_no_name_is_refused(typed):
    with pytest.raises(Refused) as told:
        text(typed, "name")
    assert told.value.kind.code == "CF-2014"


@given(st.integers(1, 999_999_999), st.text(min_size=1))
def test_tokens_and_keys_name_their_merchant_and_are_told_apart(merchant_id, seed):
    entropy = SeededEntropy(seed.encode("utf-8", "replace").decode())
    token, key = new_token(entropy, merchant_id), new_key(entropy, merchant_id)
    shown = shown_token(token.reveal())
    assert shown is not None
    assert (shown.merchant_id, shown.sha256) == (merchant_id, digest(token))
    assert shown_key(token.reveal()) is None
    assert shown_token(key.reveal()) is None
    assert shown_key(key.reveal()).merchant_id == merchant_id


@given(st.text() | st.from_regex(r"(cf_)?[0-9]*[._][A-Za-z0-9_=-]{0,60}\n?"))
def test_a_text_of_another_shape_is_neither_token_nor_key(value):
    for shown in (shown_token(value), shown_key(value)):
        assert shown is None or (0 < shown.merchant_id < 10**9 and value.isascii() and len(value) < 60)


@pytest.mark.parametrize(
    ("typed", "elsewhere", "enrolled"),
    [
        ("1234", False, True),
        ("12345678", False, True),
        ("123", False, False),
        ("123456789", False, False),
        ("12a4", False, False),
        ("１２３４", False, False),
        ("a sentence of mine", True, True),
    ],
)
def test_a_short_till_password_counts_on_an_enrolled_terminal_only(typed, elsewhere, enrolled):
    assert till_password_fits(Secret(typed), enrolled=False) is elsewhere
    assert till_password_fits(Secret(typed), enrolled=True) is enrolled


def row_of(tries):
    """The row that keeps this."""
    return {"tries": tries.count, "locked_until": tries.locked_until, "tried_at": tries.tried_at}


@pytest.mark.parametrize("counter", ["here", "anywhere", "address"])
@given(waits=st.lists(st.integers(0, 2 * LOCK_MICROS), max_size=30))
def test_no_window_of_a_pause_lets_more_wrong_tries_through_than_are_allowed(counter, waits):
    counter = dict(zip(("here", "anywhere", "address"), PLACE.counters, strict=True))[counter]
    now, row, answered = 0, None, []
    for wait in waits:
        now += wait
        tries = counter.at(row, now)
        if tries.locked(now):
            continue
        tries = counter.after_wrong(tries, now)
        row = row_of(tries)
        answered.append(now)
        assert tries.locked(now) is (tries.count >= counter.most)
    if not counter.forgets:
        for first, later in zip(answered, answered[counter.most :], strict=False):
            assert later - first >= LOCK_MICROS


def test_the_pause_lasts_half_an_hour_and_then_counts_from_the_beginning():
    counter, tries = PLACE.here, Tries()
    for left in (4, 3, 2, 1):
        tries = counter.after_wrong(tries, 0)
        assert (counter.left(tries), tries.locked(0)) == (left, False)
    tries = counter.after_wrong(tries, 0)
    assert tries.locked(LOCK_MICROS - 1)
    assert not tries.locked(LOCK_MICROS)
    assert counter.at(row_of(tries), LOCK_MICROS) == Tries()


def test_each_number_terminal_and_address_is_counted_by_itself():
    here, there = "00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"
    places = [
        Place(1, terminal, number, "Asia/Shanghai", "s", address)
        for terminal in (here, there)
        for number in ("1", "2")
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    assert len({place.here.row_id for place in places}) == 4
    assert len({counter.row_id for place in places for counter in place.wider}) == 4


def test_every_fault_and_fact_is_declared_once_and_in_range():
    codes = [kind.code for kind in FAULTS]
    tags = [kind.tag for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert len(set(tags)) == len(tags)
    assert all("CF-2001" <= code <= "CF-2199" for code in codes)


def test_every_fact_stands_in_the_registry():
    assert disagreements(KINDS, registry()) == []


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.code)
def test_every_fault_says_three_things_in_both_languages(kind):
    for language in ("zh-CN", "en"):
        told = kind(**FILL).tell(language)
        assert all((told.what, told.money, told.do))
        assert "!" not in told.what + told.money + told.do
        assert "！" not in told.what + told.money + told.do

"""A secret is not seen by chance."""

import copy
import pickle

import pytest

from counterfoil.basis import Secret

HELD = Secret("6228480402564890018")


def test_it_shows_itself_only_where_it_is_asked():
    assert HELD.reveal() == "6228480402564890018"
    assert Secret(b"key").reveal() == b"key"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, lambda held: f"{held!r}", lambda held: f"{[held]}"])
def test_no_way_to_print_it_says_anything(shown):
    assert "6228" not in shown(HELD)


@pytest.mark.parametrize(
    "act", [hash, pickle.dumps, copy.copy, lambda held: held == Secret("6228480402564890018"), lambda held: held != 1]
)
def test_it_is_not_compared_hashed_copied_or_stored(act):
    with pytest.raises(TypeError):
        act(HELD)


def test_it_has_no_attributes_to_dump():
    assert not hasattr(HELD, "__dict__")

"""Every page of the till, as a person, a screen reader and a ruler see it."""

from __future__ import annotations

import pytest

from tests.walk.looks import looks_of
from tests.walk.till_pages import PLACES
from tests.walk.walker import Walker

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("at", range(len(PLACES)), ids=[place.name for place in PLACES])
def test_a_page_of_the_till_is_good(walker: Walker, at: int, *, long: bool):
    wrong = walker.visit(PLACES[at], looks_of(at, every=long))
    assert not wrong, "\n".join(wrong)

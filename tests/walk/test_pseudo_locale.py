"""In a language of nobody, 40 % longer: nothing stays untranslated, and every page keeps its shape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.walk import office_pages, till_pages, wrong_pages
from tests.walk.conftest import SOURCE
from tests.walk.looks import SIZES, Look
from tests.walk.pseudo import make_copy, outside, pseudo
from tests.walk.shown import showing
from tests.walk.walker import PICTURES, Pseudo

PLACES = (*till_pages.PLACES, *office_pages.PLACES, *wrong_pages.PLACES)


@pytest.fixture(scope="module")
def pseudo_walker(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pseudo]:
    folder = tmp_path_factory.mktemp("pseudo")
    with showing(folder / "demonstration", make_copy(SOURCE / "counterfoil", folder / "source")) as shown:
        made = Pseudo(chromium, shown, folder=PICTURES.parent / "pseudo")
        yield made
        made.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With ``--long`` each page in both sizes; otherwise every other page in one."""
    if "at" in metafunc.fixturenames:
        every = range(0, len(PLACES), 1 if metafunc.config.getoption("long") else 2)
        metafunc.parametrize("at", every, ids=[PLACES[at].name for at in every])


@pytest.mark.browser
def test_a_page_is_whole_in_a_language_that_nobody_speaks(pseudo_walker: Pseudo, at: int, *, long: bool):
    narrow, small = (Look("en", "light", SIZES[each]) for each in (2, 0))
    looks = (narrow, small) if long else ((narrow, small)[at // 2 % 2],)
    wrong = pseudo_walker.visit(PLACES[at], looks)
    assert not wrong, "\n".join(wrong)


def test_a_turned_text_is_longer_and_keeps_what_is_filled_in():
    turned = pseudo("Take {amount} from {n:,}")
    assert turned == "⟦Ţáké·· {amount} fŕóm·· {n:,}⟧"
    assert outside(f"{turned} left ⟦{turned}⟧ over") == " left  over"

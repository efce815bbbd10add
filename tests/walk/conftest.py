"""One demonstration and one walker for all pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.doors.till.conftest import chromium, playwright
from tests.walk.sheet import write_sheet
from tests.walk.shown import Shown, showing
from tests.walk.walker import PICTURES, Walker

__all__ = ["chromium", "playwright"]
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with showing(tmp_path_factory.mktemp("walk") / "demonstration", SOURCE) as ready:
        yield ready


@pytest.fixture(scope="module")
def walker(shown: Shown, chromium: Browser, *, long: bool) -> Iterator[Walker]:
    made = Walker(chromium, shown, every_row=long)
    yield made
    made.close()
    write_sheet(PICTURES)

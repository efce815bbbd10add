"""A house of a module's own, for tests in which somebody makes their first factor: none is left from other tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.doors.office.conftest import serving
from tests.doors.till.conftest import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served as the others are."""
    yield from serving(tmp_path_factory)


@pytest.fixture(scope="module")
def kept_offices() -> dict[tuple[str, int], list[Any]]:
    """Nobody is signed in yet."""
    return {}

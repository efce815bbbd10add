"""A house for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doors.api.house import House, running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running(tmp_path_factory.mktemp("house")) as built:
        yield built

"""One house with everybody in it, for the tests of a file that walk the routing table."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doors.every.standing import Everybody, everybody


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def all_(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everybody]:
    async with everybody(tmp_path_factory.mktemp("everybody")) as made:
        yield made

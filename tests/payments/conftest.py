"""A house over each engine in turn, and one with a clock that obeys."""

from __future__ import annotations

import pytest

from counterfoil.testing.clock import ManualClock
from counterfoil.testing.house import open_house


@pytest.fixture
async def house(tmp_path, store_address):
    async with open_house(tmp_path, database=store_address) as opened:
        yield opened


@pytest.fixture
async def quick_house(tmp_path):
    """On SQLite only, for what does not depend on the engine."""
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def still_house(tmp_path, clock):
    """Time passes only when the test says so; the sandbox looks at the same clock."""
    async with open_house(tmp_path, clock=clock) as opened:
        yield opened

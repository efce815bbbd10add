"""A shop at Shouqianba's sandbox."""

import pytest

from counterfoil.basis import SystemClock
from counterfoil.testing.clock import ManualClock
from tests.providers.shouqianba.stage import open_shop


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def shop(tmp_path, clock):
    async with open_shop(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
async def either_shop(tmp_path, store_address):
    """One over each engine in turn, by this machine's time."""
    async with open_shop(tmp_path, SystemClock(), database=store_address) as opened:
        yield opened

"""A shop at Shouqianba's sandbox."""

import pytest

from counterfoil.testing.clock import ManualClock
from tests.providers.shouqianba.stage import open_shop


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def shop(tmp_path, clock):
    async with open_shop(tmp_path, clock) as opened:
        yield opened

"""A house whose Lakala account can be given settings in the office, and a second account at a second sandbox."""

from __future__ import annotations

import pytest

from counterfoil.testing.house import open_house


@pytest.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as opened:
        yield opened

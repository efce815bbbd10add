"""The people's small merchant on each engine, with a vault, and somebody in its office."""

import pytest

from counterfoil.basis import open_vault
from counterfoil.factors import Means
from tests.factors.desk import Desk
from tests.people.conftest import address, everything, folder, hasher, means, other, place

__all__ = ["address", "everything", "folder", "hasher", "means", "other", "place"]


@pytest.fixture
def factors(means, tmp_path):
    return Means(means, open_vault(tmp_path / "seal.keys", means.entropy, may_make=True))


@pytest.fixture
async def desk(factors, place):
    """The administrator at a desk, with a password shown so far."""
    return await Desk.open(factors, place, "99")

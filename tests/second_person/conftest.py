"""The people's small merchant on each engine, with two administrators at their desks and a cashier at a till."""

import pytest

from tests.factors.conftest import address, desk, everything, factors, folder, hasher, means, other, place
from tests.factors.people import another_administrator
from tests.second_person.asking import Side

__all__ = ["address", "desk", "everything", "factors", "folder", "hasher", "means", "other", "place"]


@pytest.fixture
async def asker(desk):
    """Whoever asks, with a code app."""
    await desk.enrol_app()
    return Side(desk)


@pytest.fixture
async def second(asker, factors, place):
    """Somebody else who may approve."""
    return Side(await another_administrator(asker.desk, factors, place))


@pytest.fixture
async def cashier(place):
    """At terminal 1 of the first shop."""
    return (await place.sign_in("01")).actor

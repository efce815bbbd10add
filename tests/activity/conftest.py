"""A merchant with people, on each engine, and facts of money in its log."""

from __future__ import annotations

import pytest

from counterfoil.payments import facts as money
from counterfoil.people import persons
from counterfoil.store import Change
from tests.people.conftest import address, folder, hasher, means, other, place

__all__ = ["address", "folder", "hasher", "means", "other", "place"]


@pytest.fixture
async def staff(place):
    """People's ids by number."""
    return {one.number: one.id for one in await persons(place.means.store, place.merchant_id)}


@pytest.fixture
def did(place, staff):
    """Let somebody have done something, some times, at a terminal."""

    async def write(kind, number, times=1, *, at="1", minor=1200, **more):
        made = tuple(
            getattr(money, kind).fact(
                at=place.means.clock.now(),
                actor=staff[number],
                subject=place.means.ids.uuid(),
                term=place.at(at),
                amount={"cur": "CNY", "minor": minor},
                **more,
            )
            for _ in range(times)
        )
        for start in range(0, len(made), 16):
            change = Change(
                change_id=place.means.ids.uuid(), merchant_id=place.merchant_id, facts=made[start : start + 16]
            )
            await place.means.store.commit(change)

    return write

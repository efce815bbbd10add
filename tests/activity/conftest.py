"""A merchant with people, on each engine, and facts of money in its log."""

from __future__ import annotations

from functools import partial

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

    def facts(kind, number, at, minor, end, more):
        about = {"subject": place.means.ids.uuid(), "amount": {"cur": "CNY", "minor": minor}}
        if kind in ("VOIDING", "REFUND_CREATED"):
            about["leg"] = place.means.ids.uuid()
        now = place.means.clock.now()
        yield getattr(money, kind).fact(at=now, actor=staff[number], term=place.at(at), **about, **more)
        if end is not None:
            yield end(at=now, **about)

    async def write(kind, number, times=1, *, at="1", minor=1200, came_of_it=None, how=None, **more):
        """``came_of_it``: the fact that ends a void or refund; None: nothing yet. ``how``: what a person found."""
        said = {"how": how} if how else {}
        end = None if came_of_it is None else partial(came_of_it.fact, **said)
        made = tuple(one for _ in range(times) for one in facts(kind, number, at, minor, end, more))
        for start in range(0, len(made), 16):
            change = Change(
                change_id=place.means.ids.uuid(), merchant_id=place.merchant_id, facts=made[start : start + 16]
            )
            await place.means.store.commit(change)

    return write

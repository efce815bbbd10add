"""Several committers, each with its own connections, on the same rows at once: no update is lost, no log has a gap."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.store import ABSENT, Add, Committed, Guard, Insert, Repeated, Require, Stale
from counterfoil.store.change import Change
from tests.store.house import SALE, SALES, TALLY, assert_log_whole, fact, new_id, opened, sale, selling, tally

COMMITTERS = 3
MERCHANTS = 2
PLACES = 3
DAY = {"day": "2026-11-22"}

# What one committer does, one after the other, while the others do theirs: in which merchant, to which of its rows, by
# how much, and on which other row it relies.
acts = st.lists(
    st.tuples(
        st.integers(0, MERCHANTS - 1),
        st.integers(0, PLACES - 1),
        st.integers(1, 9),
        st.none() | st.integers(0, PLACES - 1),
    ),
    min_size=1,
    max_size=8,
)
plans = st.lists(acts, min_size=COMMITTERS, max_size=COMMITTERS)


class World:
    """Merchants of their own for one example, and what was told to be committed."""

    def __init__(self, first, lost):
        self.lost = lost
        self.merchants = range(first, first + MERCHANTS)
        self.ids = [[new_id() for _ in range(PLACES)] for _ in self.merchants]
        self.amounts = Counter()
        self.facts = Counter()
        self.tallies = Counter()
        self.numbers = {merchant: [] for merchant in self.merchants}

    async def play(self, store, plan):
        for where, place, delta, relied in plan:
            change = await self.decided(store, where, place, delta, relied)
            try:
                committed = await store.commit(change)
            except (Stale, Repeated) as lost:
                self.lost[type(lost)] += 1
                continue
            self.keep(change, (self.merchants[where], place), delta, committed)

    async def decided(self, store, where, place, delta, relied):
        """Insert the row or add to it, as it was read a moment ago."""
        merchant, ids = self.merchants[where], self.ids[where]
        row = await read(store, merchant, ids[place])
        requires = ()
        if relied is not None and relied != place:
            other = await read(store, merchant, ids[relied])
            requires = (Require(sale, {"id": ids[relied]}, other["version"] if other else ABSENT),)
        if row is None:
            return selling(merchant, ids[place], delta, requires=requires)
        return Change(
            change_id=new_id(),
            merchant_id=merchant,
            guards=(Guard(sale, row, {"amount": row["amount"] + delta}),),
            inserts=(Insert(sale, {"id": new_id(), "amount": 0, "state": "child"}),),
            requires=requires,
            totals=(Add(tally, DAY, {"count": 1, "minor": delta}),),
            facts=(fact("moved", ids[place]), fact("child")),
        )

    def keep(self, change, where, delta, committed: Committed):
        self.amounts[where] += delta
        self.facts[where[0]] += len(change.facts)
        self.tallies[where[0]] += delta
        self.numbers[where[0]] += committed.drawn.values()

    async def hold(self, store):
        """What stands in the database is what was told, no more and no less."""
        for at, merchant in enumerate(self.merchants):
            rows = {row["id"]: row for row in await store.fetch(SALES, {"merchant_id": merchant})}
            for place, row_id in enumerate(self.ids[at]):
                assert (rows[row_id]["amount"] if row_id in rows else 0) == self.amounts[merchant, place]
            assert await assert_log_whole(store, merchant) == self.facts[merchant]
            summed = await store.fetch(TALLY, {"merchant_id": merchant})
            assert sum(row["minor"] for row in summed) == self.tallies[merchant]
            assert len(set(self.numbers[merchant])) == len(self.numbers[merchant])


async def read(store, merchant, row_id):
    return await store.fetch_one(SALE, {"merchant_id": merchant, "id": row_id})


def test_committers_that_conflict_lose_no_update_and_leave_no_gap(postgres_address, long):
    first, lost = count(1, MERCHANTS), Counter()
    with asyncio.Runner() as runner:
        closing = AsyncExitStack()
        stores = [
            runner.run(closing.enter_async_context(opened(postgres_address, with_tables=not number)))
            for number in range(COMMITTERS)
        ]

        @settings(max_examples=400 if long else 40, suppress_health_check=[HealthCheck.too_slow])
        @given(plans)
        def all_at_once(plan):
            async def played():
                world = World(next(first), lost)
                await asyncio.gather(*(world.play(*each) for each in zip(stores, plan, strict=True)))
                await world.hold(stores[0])

            runner.run(played())

        try:
            all_at_once()
            # The examples did conflict, or they would show nothing.
            assert lost[Stale]
            assert lost[Repeated]
            assert [store.counted["poison"] for store in stores] == [0] * COMMITTERS
        finally:
            runner.run(closing.aclose())

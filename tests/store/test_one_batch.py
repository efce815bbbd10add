"""The rules of one batch on PostgreSQL: each is broken once, and the harm is seen; kept, it is not.

The committer takes its steps from a list, so a wrong step is handed in, nothing is patched. Lanes meet by arriving, not
by the clock: a step that should run into the other lane waits until that one is there.
"""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest
from msgspec.structs import replace

from counterfoil.basis import Broken
from counterfoil.store import Change, Drop, Guard, Insert, Require, Stale
from counterfoil.store.committer import Committer
from counterfoil.store.log import Head
from counterfoil.store.steps import STEPS, append, claim, draw, guard, require, take_heads, write
from tests.store.house import (
    LEAVES,
    SALES,
    SEATS,
    assert_log_whole,
    dropping,
    fact,
    moving,
    never,
    new_id,
    opened,
    sale,
    sale_of,
    seat,
    seating,
    selling,
)
from tests.store.meeting import Meeting


@pytest.fixture
async def meet(postgres_address):
    """Where two lanes wait for each other."""
    asked = await asyncpg.connect(postgres_address)
    yield Meeting(asked).arrive
    await asked.close()


async def lanes(stack, address, count=2, **settings):
    """Several committers on one database, as processes have them."""
    return [await stack.enter_async_context(opened(address, **settings)) for _ in range(count)]


def instead(right, wrong):
    return tuple(wrong if step is right else step for step in STEPS)


def slow(step, meet):
    """The step, with a pause after it in which the other lane runs into us."""

    async def paused(batch, tx):
        await step(batch, tx)
        await meet()

    return paused


def one_by_one(step, meet):
    """The step taken for each Change by itself, in arrival order, with a pause between: the order of nobody's locks."""

    async def apart(batch, tx):
        members = list(batch.members)
        for member in members:
            batch.members[:] = [member]
            await step(batch, tx)
            await meet()
        batch.members[:] = members

    return apart


def sorted_one_by_one(step, meet):
    """As above, but in the order of the keys."""

    async def apart_sorted(batch, tx):
        members = list(batch.members)
        for member in sorted(members, key=lambda each: min(row for row in each.rows)):
            batch.members[:] = [member]
            await step(batch, tx)
            await meet()
        batch.members[:] = members

    return apart_sorted


async def cross(stores, pairs):
    """Both lanes get their two Changes at once, in opposite order."""
    work = [store.commit(change) for store, changes in zip(stores, pairs, strict=True) for change in changes]
    return await asyncio.gather(*work, return_exceptions=True)


@pytest.mark.parametrize(("claiming", "deadlocks"), [(sorted_one_by_one, 0), (one_by_one, 1)])
async def test_idempotency_inserts_out_of_order_deadlock(postgres_address, meet, claiming, deadlocks):
    low, high = sorted([new_id(), new_id()])
    async with AsyncExitStack() as stack:
        stores = await lanes(stack, postgres_address, steps=instead(claim, claiming(claim, meet)))
        pairs = [[plain(each) for each in order] for order in ((low, high), (high, low))]
        await cross(stores, pairs)
        assert sum(store.counted["again"] for store in stores) >= deadlocks
        assert deadlocks or sum(store.counted["again"] for store in stores) == 0
        assert await assert_log_whole(stores[0], 1) == 2


def plain(sale_id):
    row = {"id": sale_id, "amount": 100, "state": "sent"}
    return selling(inserts=(Insert(sale, row),), facts=(fact("sent", sale_id),), draws=(), totals=())


@pytest.mark.parametrize(("guarding", "deadlocks"), [(sorted_one_by_one, 0), (one_by_one, 1)])
async def test_guards_out_of_order_deadlock(postgres_address, meet, guarding, deadlocks):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        await asyncio.gather(*(maker.commit(selling()) for _ in range(2)))
        low, high = await maker.fetch(SALES, {"merchant_id": 1})
        stores = await lanes(stack, postgres_address, steps=instead(guard, guarding(guard, meet)))
        pairs = [[moving(each, "captured") for each in order] for order in ((low, high), (high, low))]
        ended = await cross(stores, pairs)
        assert sum(isinstance(each, Stale) for each in ended) == 2
        again = sum(store.counted["again"] for store in stores)
        assert again >= 1 if deadlocks else again == 0


def heads_unsorted(meet):
    async def heads(batch, tx):
        for merchant in dict.fromkeys(member.change.merchant_id for member in batch.members):
            rows = await tx.lock_heads([merchant])
            batch.heads.update({number: Head(size, frontier) for number, size, frontier in rows})
            await meet()

    return heads


def heads_sorted(meet):
    async def heads(batch, tx):
        batch.members.sort(key=lambda member: member.change.merchant_id)
        await heads_unsorted(meet)(batch, tx)

    return heads


@pytest.mark.parametrize(("heads", "deadlocks"), [(heads_sorted, 0), (heads_unsorted, 1)])
async def test_heads_out_of_order_deadlock(postgres_address, meet, heads, deadlocks):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        await asyncio.gather(maker.commit(selling(1)), maker.commit(selling(2)))
        stores = await lanes(stack, postgres_address, steps=instead(take_heads, heads(meet)))
        await cross(stores, [[selling(1), selling(2)], [selling(2), selling(1)]])
        again = sum(store.counted["again"] for store in stores)
        assert again >= 1 if deadlocks else again == 0
        assert [await assert_log_whole(maker, merchant) for merchant in (1, 2)] == [3, 3]


def heads_first(meet):
    return (slow(take_heads, meet), claim, guard, require, draw, append, write)


def heads_last(meet):
    return (claim, guard, slow(take_heads, meet), require, draw, append, write)


@pytest.mark.parametrize(("steps", "deadlocks"), [(heads_last, 0), (heads_first, 1)])
async def test_heads_taken_before_the_guards_meet_a_right_lane_in_a_ring(postgres_address, meet, steps, deadlocks):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        change = selling()
        await maker.commit(change)
        row = await sale_of(maker, change)
        (tested,) = await lanes(stack, postgres_address, 1, steps=steps(meet))
        (right,) = await lanes(stack, postgres_address, 1, steps=(claim, slow(guard, meet), *STEPS[2:]))
        await asyncio.gather(
            tested.commit(moving(row, "captured")), right.commit(moving(row, "declined")), return_exceptions=True
        )
        again = tested.counted["again"] + right.counted["again"]
        assert again >= 1 if deadlocks else again == 0
        assert await assert_log_whole(maker, 1) == 2


async def guard_without_drops(batch, tx):
    members = list(batch.members)
    batch.members[:] = [replace(member, drops=()) for member in members]
    await guard(batch, tx)
    batch.members[:] = members


@pytest.mark.parametrize(("guarding", "deadlocks"), [(guard, 0), (guard_without_drops, 1)])
async def test_versioned_rows_dropped_without_a_guard_meet_a_right_lane_in_a_ring(
    postgres_address, meet, guarding, deadlocks
):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        await asyncio.gather(maker.commit(seating()), maker.commit(selling()))
        (row,) = await maker.fetch(SEATS, {"merchant_id": 1})
        (tested,) = await lanes(stack, postgres_address, 1, steps=(claim, guarding, slow(take_heads, meet), *STEPS[3:]))
        (right,) = await lanes(stack, postgres_address, 1, steps=(claim, slow(guard, meet), *STEPS[2:]))
        moved = Change(
            change_id=new_id(), merchant_id=1, guards=(Guard(seat, row, {"seen": 2}),), facts=(fact("moved"),)
        )
        ended = await asyncio.gather(
            tested.commit(dropping(Drop(seat, row), facts=(fact("left"),))), right.commit(moved), return_exceptions=True
        )
        again = tested.counted["again"] + right.counted["again"]
        assert again >= 1 if deadlocks else again == 0
        if not deadlocks:
            assert sum(isinstance(each, Stale) for each in ended) == 1
            assert await assert_log_whole(maker, 1) == 2


def require_early(meet):
    return (claim, slow(require, meet), guard, take_heads, draw, append, write)


def require_under_head(meet):
    return (claim, guard, take_heads, slow(require, meet), draw, append, write)


@pytest.mark.parametrize(("steps", "both"), [(require_under_head, False), (require_early, True)])
async def test_requires_read_before_the_head_let_two_changes_rely_on_what_the_other_ends(
    postgres_address, meet, steps, both
):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        await asyncio.gather(*(maker.commit(selling()) for _ in range(2)))
        left, right = await maker.fetch(SALES, {"merchant_id": 1})
        stores = await lanes(stack, postgres_address, steps=steps(meet))
        changes = [
            moving(ended, "captured", requires=(Require(sale, {"id": kept["id"]}, 1),))
            for ended, kept in ((left, right), (right, left))
        ]
        ended = await cross(stores, [[change] for change in changes])
        states = [row["state"] for row in await maker.fetch(SALES, {"merchant_id": 1})]
        assert (states == ["captured", "captured"]) is both
        assert any(isinstance(each, Stale) for each in ended) is not both


class Crowded(Committer):
    """A committer that forgets that a batch holds one Change a row."""

    def _gather(self):
        taken = [waiting for queue in self._queue.values() for waiting in queue]
        self._queue.clear()
        self._queued = 0
        return taken


@pytest.mark.parametrize("kind", [Committer, Crowded])
async def test_two_changes_of_one_row_in_a_batch_are_told_apart_only_by_waiting(postgres_address, kind):
    async with opened(postgres_address) as store:
        change = selling()
        await store.commit(change)
        row = await sale_of(store, change)
        crowd = kind(store._engine, store._committer._log, never)
        crowd.start()
        ended = await asyncio.gather(
            crowd.commit(moving(row, "captured")), crowd.commit(moving(row, "declined")), return_exceptions=True
        )
        await crowd.close()
        won = [each for each in ended if not isinstance(each, Exception)]
        leaves = await store.fetch(LEAVES, {"merchant_id": 1})
        if kind is Committer:
            assert (len(won), len(leaves)) == (1, 2)
        else:
            # The loser cannot be seen among the keys that came back: it is acknowledged, and its update is lost.
            assert (len(won), len(leaves)) == (2, 3)
            assert (await sale_of(store, change))["version"] == 2


async def no_heads(batch, tx):
    """Read the heads without locking them."""
    for merchant in sorted(batch.merchants()):
        rows = await tx.many("SELECT size, frontier FROM evidence_head WHERE merchant_id = $1", [(merchant,)])
        batch.heads[merchant] = Head(*rows[0])


@pytest.mark.parametrize(("heads", "harm"), [(take_heads, 0), (no_heads, 1)])
async def test_heads_that_are_not_locked_put_two_leaves_at_one_position(postgres_address, meet, heads, harm):
    async with AsyncExitStack() as stack:
        (maker,) = await lanes(stack, postgres_address, 1)
        await maker.commit(selling())
        stores = await lanes(stack, postgres_address, steps=instead(take_heads, slow(heads, meet)))
        ended = await cross(stores, [[plain(new_id())] for _ in stores])
        assert sum(isinstance(each, Broken) for each in ended) == harm


async def merchants_row(batch, tx):
    """Lock the merchant's own row as well."""
    for merchant in sorted(batch.merchants()):
        await tx.many("SELECT id FROM owner WHERE id = $1 FOR UPDATE", [(merchant,)])
    await take_heads(batch, tx)


@pytest.mark.parametrize(("heads", "blocked"), [(take_heads, False), (merchants_row, True)])
async def test_locking_the_merchants_own_row_blocks_inserts_that_refer_to_it(postgres_address, heads, blocked):
    other = await asyncpg.connect(postgres_address)
    await other.execute("CREATE TABLE owner (id bigint PRIMARY KEY); INSERT INTO owner VALUES (1)")
    await other.execute("CREATE TABLE owned (id bigint REFERENCES owner); SET lock_timeout = '50ms'")
    held, seen_to = asyncio.Event(), asyncio.Event()

    async def hold():
        held.set()
        await seen_to.wait()

    async with opened(postgres_address, steps=instead(take_heads, slow(heads, hold))) as store:
        waiting = asyncio.create_task(store.commit(selling()))
        await held.wait()
        try:
            await other.execute("INSERT INTO owned VALUES (1)")
            seen = False
        except asyncpg.LockNotAvailableError:
            seen = True
        finally:
            seen_to.set()
        await waiting
        await other.close()
    assert seen is blocked


async def test_a_lock_that_is_never_given_ends_after_three_tries(postgres_address):
    other = await asyncpg.connect(postgres_address)
    async with opened(postgres_address) as store:
        await store.commit(selling())
        row = (await store.fetch(SALES, {"merchant_id": 1}))[0]
        async with other.transaction():
            await other.execute("SELECT 1 FROM evidence_head FOR UPDATE")
            with pytest.raises(Exception, match="CF-6102"):
                await store.commit(moving(row, "captured"))
        assert store.counted["again"] == 3
        await store.commit(moving(row, "captured"))
    await other.close()


async def test_the_steps_in_their_order_know_no_deadlock(postgres_address):
    async with AsyncExitStack() as stack:
        stores = await lanes(stack, postgres_address, 3)

        async def pay(number):
            store = stores[number % 3]
            change = selling(number % 5 + 1)
            await store.commit(change)
            await store.commit(moving(await sale_of(store, change), "captured"))

        await asyncio.gather(*(pay(number) for number in range(300)))
        assert sum(store.counted["again"] for store in stores) == 0
        assert sum([await assert_log_whole(stores[0], merchant) for merchant in range(1, 6)]) == 600

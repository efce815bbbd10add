"""What a Change promises, on both engines."""

import asyncio

import pytest
from msgspec.structs import replace

from counterfoil.basis import Broken, SystemClock, Trouble
from counterfoil.store import (
    ABSENT,
    Add,
    Change,
    Committed,
    Draw,
    Drawn,
    Drop,
    Guard,
    Insert,
    Repeated,
    Require,
    Stale,
    Update,
    open_reading,
)
from counterfoil.store.tables import evidence_leaf
from tests.store.house import (
    BOOKINGS,
    LEAVES,
    LINES,
    SEAT,
    SEATS,
    TALLY,
    assert_log_whole,
    booking,
    dropping,
    fact,
    line,
    moving,
    new_id,
    opened,
    sale,
    sale_of,
    seat,
    seating,
    selling,
    tally,
)


@pytest.fixture
async def store(store_address):
    async with opened(store_address) as store:
        yield store


async def test_a_committed_change_stands_with_its_row_number_leaf_and_total(store):
    change = selling(amount=3800)
    done = await store.commit(change)
    row = await sale_of(store, change)
    assert (done.positions, done.drawn) == ((0,), {"number": 1})
    assert row == {
        "merchant_id": 1, "id": change.inserts[0].row["id"], "number": 1, "amount": 3800, "state": "sent",
        "order_no": None, "version": 1, "last_change": change.change_id,
    }  # fmt: skip
    (leaf,) = await store.fetch(LEAVES, {"merchant_id": 1})
    assert leaf["subject"] == row["id"]
    assert b'"number": 1' in leaf["entry"]
    assert row["last_change"].encode() in leaf["entry"], "the row goes to the log as it stands"
    assert await store.fetch(TALLY, {"merchant_id": 1}) == [
        {"merchant_id": 1, "day": "2026-11-22", "count": 1, "minor": 3800}
    ]


async def test_the_same_id_twice_is_repeated_and_writes_nothing(store):
    change = selling()
    await store.commit(change)
    with pytest.raises(Repeated) as repeated:
        await store.commit(replace(change, change_id=new_id()))
    assert (repeated.value.table, repeated.value.row_id) == ("sale", change.inserts[0].row["id"])
    assert await assert_log_whole(store, 1) == 1


async def test_the_same_id_at_once_wins_once(store):
    sale_id = new_id()
    ended = await asyncio.gather(*(store.commit(selling(1, sale_id)) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(each, Repeated) for each in ended) == 7
    assert await assert_log_whole(store, 1) == 1


async def test_one_id_at_two_merchants_is_two_rows(store):
    sale_id = new_id()
    await asyncio.gather(store.commit(selling(1, sale_id)), store.commit(selling(2, sale_id)))
    assert [await assert_log_whole(store, merchant) for merchant in (1, 2)] == [1, 1]


async def test_a_guard_that_no_longer_holds_is_stale_and_others_go_on(store):
    first, second = selling(), selling()
    await asyncio.gather(store.commit(first), store.commit(second))
    old, other = await sale_of(store, first), await sale_of(store, second)
    await store.commit(moving(old, "captured"))
    late, fine = await asyncio.gather(
        store.commit(moving(old, "declined")), store.commit(moving(other, "captured")), return_exceptions=True
    )
    assert isinstance(late, Stale)
    assert fine.positions == (3,)
    assert (await sale_of(store, first))["state"] == "captured"
    assert (await sale_of(store, first))["version"] == 2


async def test_a_loser_that_has_written_is_taken_back_alone(store):
    kept, lost = selling(), selling()
    await store.commit(kept)
    old = await sale_of(store, kept)
    await store.commit(moving(old, "captured"))
    half = replace(lost, guards=(Guard(sale, old, {"state": "declined"}),))
    stale, fine = await asyncio.gather(store.commit(half), store.commit(selling()), return_exceptions=True)
    assert isinstance(stale, Stale)
    assert fine.positions == (2,)
    assert await sale_of(store, lost) is None
    assert (await store.fetch_one(TALLY, {"merchant_id": 1}))["count"] == 2
    assert store.counted["again"] == 1


@pytest.mark.parametrize(("version", "holds"), [(1, True), (2, False), (ABSENT, False)])
async def test_a_require_holds_only_at_its_version(store, version, holds):
    relied = selling()
    await store.commit(relied)
    change = selling(requires=(Require(sale, {"id": relied.inserts[0].row["id"]}, version),))
    if holds:
        await store.commit(change)
    else:
        with pytest.raises(Stale):
            await store.commit(change)
    assert (await sale_of(store, change) is not None) is holds


async def test_of_two_that_each_rely_on_what_the_other_writes_one_wins(store):
    one, two = selling(), selling()
    await asyncio.gather(store.commit(one), store.commit(two))
    first, second = await sale_of(store, one), await sale_of(store, two)
    answers = await asyncio.gather(
        store.commit(moving(first, "void", requires=(Require(sale, {"id": second["id"]}, 1),))),
        store.commit(moving(second, "void", requires=(Require(sale, {"id": first["id"]}, 1),))),
        return_exceptions=True,
    )
    assert isinstance(answers[0], Committed)
    assert isinstance(answers[1], Stale)


async def test_who_relies_on_a_row_is_not_overtaken_by_who_came_later_to_write_it(store):
    relied = selling()
    await store.commit(relied)
    row = await sale_of(store, relied)
    answers = await asyncio.gather(
        store.commit(selling(requires=(Require(sale, {"id": row["id"]}, 1),))),
        store.commit(moving(row, "void")),
        return_exceptions=True,
    )
    assert all(isinstance(each, Committed) for each in answers)


async def test_a_require_of_absence_holds_until_the_row_is_there(store):
    watched = selling()
    require = Require(sale, {"id": watched.inserts[0].row["id"]}, ABSENT)
    await store.commit(selling(requires=(require,)))
    await store.commit(watched)
    with pytest.raises(Stale):
        await store.commit(selling(requires=(require,)))


async def test_a_draw_passes_its_last_number_and_begins_again(store):
    drawn = []
    for _ in range(4):
        done = await store.commit(selling(draws=(Draw("number", "small", first=7, last=9),)))
        drawn.append(done.drawn["number"])
    assert drawn == [7, 8, 9, 7]


async def test_numbers_drawn_at_once_are_all_different(store):
    done = await asyncio.gather(*(store.commit(selling()) for _ in range(50)))
    assert sorted(each.drawn["number"] for each in done) == list(range(1, 51))


async def test_counters_of_two_merchants_are_two_counters(store):
    done = await asyncio.gather(store.commit(selling(1)), store.commit(selling(2)))
    assert [each.drawn["number"] for each in done] == [1, 1]


async def test_a_child_row_and_its_update_travel_with_their_root(store):
    root = selling()
    sale_id = root.inserts[0].row["id"]
    child = Insert(line, {"sale_id": sale_id, "place": 1, "number": Drawn("number"), "text": "tea"})
    await store.commit(replace(root, inserts=(*root.inserts, child)))
    (before,) = await store.fetch(LINES, {"merchant_id": 1})
    assert before["number"] == 1
    update = Update(line, before, {"text": "coffee"})
    await store.commit(moving(await sale_of(store, root), "captured", updates=(update,)))
    (after,) = await store.fetch(LINES, {"merchant_id": 1})
    assert after["text"] == "coffee"
    newest = (await store.fetch(LEAVES, {"merchant_id": 1}))[-1]["entry"]
    assert b"coffee" in newest
    assert b'"captured"' in newest


async def test_totals_of_a_batch_are_summed_by_key(store):
    await asyncio.gather(*(store.commit(selling(amount=amount)) for amount in range(1, 41)))
    other = Add(tally, {"day": "2026-11-23"}, {"minor": -5})
    await store.commit(selling(totals=(other, other)))
    rows = await store.fetch(TALLY, {"merchant_id": 1})
    assert [(row["day"], row["count"], row["minor"]) for row in rows] == [
        ("2026-11-22", 40, 820),
        ("2026-11-23", 0, -10),
    ]


async def test_a_change_without_facts_needs_no_log(store):
    change = Change(change_id=new_id(), merchant_id=9, inserts=(Insert(seat, {"id": new_id(), "seen": 1}),))
    await store.commit(change)
    key = {"merchant_id": 9, "id": change.inserts[0].row["id"]}
    before = await store.fetch_one(SEAT, key)
    await store.commit(Change(change_id=new_id(), merchant_id=9, guards=(Guard(seat, before, {"seen": 2}),)))
    assert (await store.fetch_one(SEAT, key))["seen"] == 2
    assert await assert_log_whole(store, 9) == 0


async def test_evidenced_columns_without_a_fact_are_refused(store):
    with pytest.raises(Broken):
        await store.commit(selling(facts=()))


@pytest.fixture
async def seated(store):
    """A seat with two bookings, as they were read."""
    await store.commit(seating(bookings=2))
    (row,) = await store.fetch(SEATS, {"merchant_id": 1})
    return row, await store.fetch(BOOKINGS, {"merchant_id": 1})


async def both(store):
    return [len(await store.fetch(rows, {"merchant_id": 1})) for rows in (SEATS, BOOKINGS)]


async def test_rows_are_dropped_by_a_change_of_drops_alone_children_before_their_root(store, seated):
    row, bookings = seated
    await store.commit(dropping(Drop(booking, bookings[1])))
    assert await store.fetch(BOOKINGS, {"merchant_id": 1}) == bookings[:1]
    await store.commit(dropping(Drop(seat, row), Drop(booking, bookings[0])))
    assert await both(store) == [0, 0]
    assert await assert_log_whole(store, 1) == 0


async def test_a_versioned_row_somebody_moved_first_is_not_dropped(store, seated):
    row, bookings = seated
    await store.commit(Change(change_id=new_id(), merchant_id=1, guards=(Guard(seat, row, {"seen": 2}),)))
    with pytest.raises(Stale):
        await store.commit(dropping(Drop(seat, row), *(Drop(booking, each) for each in bookings)))
    assert await both(store) == [1, 2]


async def test_a_row_without_a_version_is_dropped_only_as_it_was_read(store, seated):
    _, (first, second) = seated
    moved = Change(change_id=new_id(), merchant_id=1, updates=(Update(booking, first, {"text": None}),))
    await store.commit(moved)
    sold = selling()
    with pytest.raises(Stale):
        await store.commit(replace(sold, drops=(Drop(booking, second), Drop(booking, first))))
    assert await sale_of(store, sold) is None
    assert await both(store) == [1, 2]
    await store.commit(dropping(Drop(booking, first | {"text": None})))
    assert await both(store) == [1, 1]


@pytest.mark.parametrize("kind", [seat, booking])
async def test_a_row_dropped_by_many_at_once_is_dropped_once(store, seated, kind):
    row, bookings = seated
    await store.commit(dropping(Drop(booking, bookings[0])))
    drop = Drop(booking, bookings[1])
    if kind is seat:
        await store.commit(dropping(drop))
        drop = Drop(seat, row)
    ended = await asyncio.gather(*(store.commit(dropping(drop)) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in ended[1:]] == [Stale] * 4
    assert isinstance(ended[0], Committed)


async def test_a_dropped_id_may_be_used_again(store):
    made = seating()
    await store.commit(made)
    await store.commit(dropping(Drop(seat, (await store.fetch(SEATS, {"merchant_id": 1}))[0])))
    await store.commit(replace(made, change_id=new_id()))
    assert await both(store) == [1, 0]


async def test_evidence_is_never_dropped(store):
    change = selling()
    await store.commit(change)
    (leaf,) = await store.fetch(LEAVES, {"merchant_id": 1})
    for drop in (Drop(sale, await sale_of(store, change)), Drop(evidence_leaf, leaf)):
        with pytest.raises(Broken):
            await store.commit(dropping(drop, facts=(fact("gone"),)))
    assert await sale_of(store, change) is not None
    assert await assert_log_whole(store, 1) == 1


async def test_a_versioned_row_is_not_updated_without_a_guard(store, seated):
    row, _ = seated
    with pytest.raises(Broken):
        await store.commit(Change(change_id=new_id(), merchant_id=1, updates=(Update(seat, row, {"seen": 2}),)))


async def test_a_row_is_not_written_and_dropped_by_one_change(store, seated):
    row, _ = seated
    with pytest.raises(Broken):
        await store.commit(dropping(Drop(seat, row), guards=(Guard(seat, row, {"seen": 2}),)))


async def test_a_row_of_another_merchant_is_not_dropped(store, seated):
    row, _ = seated
    with pytest.raises(Broken):
        await store.commit(dropping(Drop(seat, row), merchant_id=2))
    assert await both(store) == [1, 2]


async def test_a_row_read_in_part_cannot_be_guarded(store):
    change = selling()
    await store.commit(change)
    part = {"merchant_id": 1, "id": change.inserts[0].row["id"], "version": 1}
    with pytest.raises(Broken):
        await store.commit(moving(part, "captured"))


async def test_the_poisonous_change_alone_is_broken(store):
    orphan = Insert(line, {"sale_id": new_id(), "place": 1, "text": "of no sale"})
    poison = Change(change_id=new_id(), merchant_id=1, inserts=(orphan,), facts=(fact("poison"),))
    good = [selling() for _ in range(5)]
    mixed = [*good[:3], poison, *good[3:]]
    ended = await asyncio.gather(*(store.commit(each) for each in mixed), return_exceptions=True)
    broken = [each for each in ended if isinstance(each, Exception)]
    assert [type(each) for each in broken] == [Broken]
    assert broken[0].kind.code == "CF-6201"
    assert await assert_log_whole(store, 1) == 5


async def test_a_value_the_column_cannot_hold_is_poison_too(store):
    with pytest.raises(Broken) as broken:
        await store.commit(selling(amount="much", totals=()))
    assert broken.value.kind.code == "CF-6201"
    await store.commit(selling())


async def test_a_full_queue_refuses_with_a_time_to_come_back(store_address):
    async with opened(store_address, queue_max=4) as store:
        ended = await asyncio.gather(*(store.commit(selling()) for _ in range(10)), return_exceptions=True)
        refused = [each for each in ended if isinstance(each, Trouble)]
        assert len(refused) == 6
        assert {(each.kind.status, each.kind.retry_after_seconds) for each in refused} == {(503, 1)}
        assert await assert_log_whole(store, 1) == 4


async def test_inline_commits_without_thread_or_task(store_address):
    async with opened(store_address, inline=True) as store:
        before = asyncio.all_tasks()
        await asyncio.gather(*(store.commit(selling()) for _ in range(5)))
        assert asyncio.all_tasks() == before
        assert await assert_log_whole(store, 1) == 5


async def test_a_stream_gives_every_row_of_one_snapshot(store):
    await asyncio.gather(*(store.commit(selling()) for _ in range(25)))
    seen = [row["position"] async for row in store.stream(LEAVES, {"merchant_id": 1}, chunk=10)]
    assert seen == list(range(25))


async def test_the_installation_keeps_its_id_and_counts_its_starts(store_address):
    async with opened(store_address, demonstration=True) as store:
        first = store.installation
    async with opened(store_address) as store:
        assert store.installation.uuid == first.uuid
        assert store.installation.epoch == first.epoch + 1
        assert store.installation.demonstration


async def test_a_reader_reads_beside_a_running_server_and_after_it(store_address):
    async with opened(store_address) as store:
        change = selling()
        await store.commit(change)
        async with open_reading(store_address, clock=SystemClock()) as reader:
            assert await sale_of(reader, change) == await sale_of(store, change)
            assert reader.installation == store.installation
    async with open_reading(store_address, clock=SystemClock()) as reader:
        assert await assert_log_whole(reader, 1) == 1

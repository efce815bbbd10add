"""Checkpoints stay all for a day, hourly for 90 days, those of closes and removals for ever; the newest always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from counterfoil.basis import MICROS, Ids
from counterfoil.evidence import Thinning, latest_checkpoint, proof, read_checkpoint
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.evidence.thin import BY_AGE, FOR_EVER, PAGE, Signed, superseded
from counterfoil.store import Insert
from counterfoil.testing.clock import ManualClock
from tests.evidence.conftest import House

MINUTE, HOUR = 60, 3600
DAY = 24 * HOUR
NOW = 2_000_000_000 // HOUR * HOUR * MICROS
ROWS = select(evidence_checkpoint).order_by(evidence_checkpoint.c.merchant_id, evidence_checkpoint.c.size)


def point(size, seconds_ago, kept=BY_AGE):
    return Signed(size, NOW - seconds_ago * MICROS, kept)


def kept_of(points, newest=0):
    return [each.size for each in points if each.size not in superseded(points, newest=newest, now=NOW)]


def test_of_the_last_day_every_checkpoint_stays():
    assert kept_of([point(size, DAY - size) for size in range(1, 50)]) == list(range(1, 50))


def test_after_a_day_the_last_of_each_hour_stays():
    times = [2 * DAY, 2 * DAY - 10, 2 * DAY - 20, 2 * DAY - HOUR, 2 * DAY - 2 * HOUR + 1, 2 * DAY - 2 * HOUR]
    assert kept_of([point(size, ago) for size, ago in enumerate(times, 1)]) == [3, 5, 6]


def test_after_ninety_days_none_stays_but_what_is_kept_for_ever():
    points = [point(1, 90 * DAY), point(2, 91 * DAY, FOR_EVER), point(3, 90 * DAY - 1)]
    assert kept_of(points) == [2, 3]


def test_the_newest_stays_however_old_it_is():
    points = [point(7, 400 * DAY), point(9, 399 * DAY)]
    assert kept_of(points, newest=9) == [9]


points_of_a_log = st.lists(
    st.tuples(st.integers(0, 100 * DAY), st.sampled_from((BY_AGE, BY_AGE, BY_AGE, FOR_EVER))), min_size=1, max_size=60
).map(lambda drawn: [point(size, ago, kept) for size, (ago, kept) in enumerate(sorted(drawn, reverse=True), 1)])


@given(points_of_a_log, st.integers(1, 60))
def test_what_goes_is_never_young_never_for_ever_and_leaves_one_an_hour(points, cut):
    newest = points[-1].size
    gone = superseded(points, newest=newest, now=NOW)
    left = [each for each in points if each.size not in gone]
    for each in points:
        age = NOW - each.signed_at
        if each.kept == FOR_EVER or age < DAY * MICROS or each.size == newest:
            assert each in left
    hourly = [each for each in points if DAY * MICROS <= NOW - each.signed_at < 90 * DAY * MICROS]
    hours = {each.signed_at // (HOUR * MICROS) for each in hourly}
    assert {each.signed_at // (HOUR * MICROS) for each in left} >= hours
    assert superseded(left, newest=newest, now=NOW) == frozenset()
    assert superseded(points[:cut], newest=newest, now=NOW) <= gone, "a part seen alone loses no more than the whole"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_address")
    return f"sqlite://{tmp_path}/data/counterfoil.db"


@pytest.fixture
async def running(tmp_path, address):
    house = House(tmp_path, address)
    house.clock = ManualClock()
    house.ids = Ids(house.clock, house.entropy)
    async with house.running():
        await house.open_merchant()
        yield house


async def sign_each(house, times, seconds):
    for _ in range(times):
        await house.sales(1)
        await house.signer.sign_all()
        await house.clock.advance(seconds)


async def sizes(house):
    return [row["size"] for row in await house.store.fetch(ROWS)]


async def test_thinned_logs_still_prove_every_leaf_and_verify(running):
    thinning = Thinning(running.store, clock=running.clock, ids=running.ids)
    await sign_each(running, 9, 20 * MINUTE)
    assert await sizes(running) == [3, 5, 7, 9, 11, 13, 15, 17, 19]
    await running.clock.advance(DAY - 3 * HOUR - 1)
    assert await thinning.round() == 0
    await running.clock.advance(2 * HOUR)
    assert await thinning.round() == 4
    assert await sizes(running) == [7, 13, 15, 17, 19]
    await running.clock.advance(90 * DAY)
    assert (await thinning.round(), await thinning.round()) == (4, 0)
    assert await sizes(running) == [19]
    assert read_checkpoint(await latest_checkpoint(running.store, 1)).size == 19
    for position in range(19):
        assert (await proof(running.archive, 1, position)).startswith(b"c2sp.org/tlog-proof@v1\n")
    assert await running.new_signer().sign_all() == 0
    report = await running.verify()
    assert (report.findings, report.checkpoints) == ([], 1)


async def test_a_size_signed_by_age_is_kept_for_ever_once_a_close_signs_it(running):
    await sign_each(running, 1, 0)
    (before,) = await running.store.fetch(ROWS)
    assert (await running.signer.sign_now(1)).decode() == before["note"]
    (after,) = await running.store.fetch(ROWS)
    assert after == before | {"kept": FOR_EVER, "version": 2, "last_change": after["last_change"]}
    await running.sales(1)
    await running.signer.sign_now(1)
    await sign_each(running, 1, 200 * DAY)
    thinning = Thinning(running.store, clock=running.clock, ids=running.ids)
    assert await thinning.round() == 0
    await sign_each(running, 1, 0)
    assert await thinning.round() == 1
    assert await sizes(running) == [3, 5, 9]
    assert (await running.verify()).sound


async def test_a_round_reads_one_page_and_the_next_goes_on_from_there(running):
    """Two logs signed once a minute; the first page ends inside an hour of the first log."""
    at = running.clock.now()
    for merchant_id, count in ((1, PAGE + 30), (2, 10)):
        rows = [{"size": size, "note": "n", "signed_at": at + size * MINUTE * MICROS} for size in range(1, count + 1)]
        inserts = [Insert(evidence_checkpoint, row | {"kept": BY_AGE}) for row in rows]
        await running.store.commit(running.change(*inserts, merchant_id=merchant_id))
    await running.clock.advance(10 * DAY)
    thinning = Thinning(running.store, clock=running.clock, ids=running.ids)
    gone = [await thinning.round() for _ in range(3)]
    hourly = range(59, PAGE + 28, 60)
    assert await sizes(running) == [*hourly, PAGE + 30, 10]
    assert gone == [PAGE - 1 - len([size for size in hourly if size < PAGE]), 1 + 26 + 2 + 9, 0]

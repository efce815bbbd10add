"""Instants are UTC microseconds; days are the shop's or the provider's."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import MICROS, SystemClock, from_rfc3339, local_day, local_time, next_cut, rfc3339

SHANGHAI = "Asia/Shanghai"
instants = st.integers(0, 4_102_444_800 * MICROS)


@given(instants)
def test_the_written_time_reads_back_the_same(micros):
    assert from_rfc3339(rfc3339(micros)) == micros


@given(instants, instants)
def test_written_times_sort_as_times_do(one, other):
    assert (rfc3339(one) < rfc3339(other)) == (one < other)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-11-22T16:00:00+08:00", "2026-11-22T08:00:00.000000Z"),
        ("2026-11-22t08:00:00.5z", "2026-11-22T08:00:00.500000Z"),
        ("2026-11-22T08:00:00-00:30", "2026-11-22T08:30:00.000000Z"),
    ],
)
def test_any_offset_is_read(text, same):
    assert rfc3339(from_rfc3339(text)) == same


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "2026-11-22T08:00:00", "2026-13-01T00:00:00Z", "2026-11-22T08:00:00.1234567Z", "now"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        from_rfc3339(text)


def at(text):
    return from_rfc3339(f"{text}+08:00")


@pytest.mark.parametrize(
    ("instant", "ends_at", "day"),
    [
        ("2026-11-22T03:59:59", 240, "2026-11-21"),
        ("2026-11-22T04:00:00", 240, "2026-11-22"),
        ("2026-11-22T22:59:59", -60, "2026-11-22"),
        ("2026-11-22T23:00:00", -60, "2026-11-23"),
        ("2026-12-31T23:59:59", 0, "2026-12-31"),
    ],
)
def test_a_day_ends_where_it_is_said_to_end(instant, ends_at, day):
    assert local_day(at(instant), SHANGHAI, ends_at) == day


@pytest.mark.parametrize(
    ("instant", "cut"),
    [
        ("2026-11-22T22:59:59", "2026-11-22T23:00:00"),
        ("2026-11-22T23:00:00", "2026-11-23T23:00:00"),
        ("2026-11-22T23:30:00", "2026-11-23T23:00:00"),
    ],
)
def test_the_next_cut_is_the_first_one_after(instant, cut):
    assert next_cut(at(instant), SHANGHAI, 23 * 60) == at(cut)


@given(instants, st.integers(0, 1439))
def test_the_next_cut_is_within_a_day_and_at_its_minute(micros, minute):
    cut = next_cut(micros, "Asia/Tokyo", minute)
    local = local_time(cut, "Asia/Tokyo")
    assert 0 < cut - micros <= 86_400 * MICROS
    assert (local.hour * 60 + local.minute, local.second, local.microsecond) == (minute, 0, 0)


async def test_the_machines_clock_goes_on():
    clock = SystemClock()
    before, monotonic = clock.now(), clock.monotonic()
    await asyncio.wait_for(clock.sleep(0.001), 60)
    assert clock.monotonic() > monotonic
    assert clock.now() >= before > 1_700_000_000 * MICROS

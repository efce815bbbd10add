"""A rate for each caller: a minute's worth at once, the rest as time goes on, and bounded memory."""

from __future__ import annotations

import pytest

from counterfoil.basis import Pace
from counterfoil.testing.clock import ManualClock

MINUTE = 60


@pytest.fixture
def clock():
    return ManualClock()


def asked(pace, caller, times):
    """How many of so many requests were let in."""
    let_in = 0
    for _ in range(times):
        if not pace.spent(caller):
            pace.count(caller)
            let_in += 1
    return let_in


@pytest.mark.parametrize("a_minute", [120, 600, 1_000_000])
def test_a_minute_s_worth_may_come_at_once_and_no_more(clock, a_minute):
    assert asked(Pace(clock, a_minute), "one", a_minute + 50) == a_minute


async def test_what_time_gives_back_may_be_asked_and_no_more(clock):
    pace = Pace(clock, 600)
    asked(pace, "one", 600)
    await clock.advance(5)
    assert asked(pace, "one", 100) == 50
    await clock.advance(10 * MINUTE)
    assert asked(pace, "one", 1000) == 600


async def test_ten_pages_that_ask_every_second_never_meet_twelve_hundred_a_minute(clock):
    pace = Pace(clock, 1200)
    for _ in range(10 * MINUTE):
        assert asked(pace, "one", 10) == 10
        await clock.advance(1)


def test_nobody_waits_for_another(clock):
    pace = Pace(clock, 120)
    asked(pace, "one", 1000)
    assert asked(pace, "other", 1) == 1


async def test_no_more_callers_are_remembered_than_there_is_room_for(clock):
    pace = Pace(clock, 120, callers_max=100)
    asked(pace, "busy", 120)
    for number in range(1000):
        pace.count(str(number))
        assert len(pace) <= 100
    assert pace.spent("busy"), "who asked most is forgotten last"
    await clock.advance(2 * MINUTE)
    for number in range(1000, 1100):
        pace.count(str(number))
    assert len(pace) <= 100
    assert not pace.spent("busy")


def test_who_only_looks_is_not_remembered(clock):
    pace = Pace(clock, 120)
    assert not pace.spent("nobody")
    assert len(pace) == 0

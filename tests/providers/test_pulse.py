"""The breaker of an account's line, and what is said of its calls."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import MICROS
from counterfoil.providers import (
    SLOT,
    Beat,
    End,
    Line,
    Pulse,
    Pulses,
    drop_old_pulses,
    health_of,
    keep_pulses,
    tallies_of,
)
from counterfoil.providers.pulse import bucket_of, middle_of
from counterfoil.testing.house import MERCHANT, open_house

BAD = (End.NOT_SENT, End.AWAY)


def beat(pulse: Pulse, second: float, end: End) -> None:
    at = int(second * MICROS)
    pulse.note(Beat(at, 0, end), at)


def line(pulse: Pulse, second: float) -> Line:
    return pulse.line(int(second * MICROS))


def broken(at: int = 5) -> Pulse:
    pulse = Pulse()
    for second in range(at - 4, at + 1):
        beat(pulse, second, End.NOT_SENT)
    return pulse


def test_five_failures_to_connect_within_a_minute_open_it_and_one_call_tries_after_a_pause():
    pulse = broken()
    assert line(pulse, 5) is Line.OPEN
    assert not pulse.admits(19 * MICROS)
    assert line(pulse, 20) is Line.HALF_OPEN
    assert pulse.admits(20 * MICROS)
    # Whoever comes meanwhile goes another way.
    assert not pulse.admits(21 * MICROS)
    beat(pulse, 22, End.ANSWERED)
    assert line(pulse, 22) is Line.CLOSED
    assert pulse.admits(22 * MICROS)


def test_a_trial_that_fails_opens_it_for_twice_as_long_up_to_two_minutes():
    pulse, now, pauses = broken(), 5.0, []
    for _ in range(6):
        while line(pulse, now) is Line.OPEN:
            now += 1
        pauses.append(now)
        assert pulse.admits(int(now * MICROS))
        beat(pulse, now, End.NOT_SENT)
    assert [round(b - a) for a, b in pairwise(pauses)] == [30, 60, 120, 120, 120]


def test_a_clock_that_was_ahead_and_is_right_again_keeps_nothing_shut():
    pulse = broken(at=90_000)
    assert line(pulse, 5) is Line.HALF_OPEN
    assert pulse.admits(5 * MICROS)
    # A trial that was begun while the clock was ahead is over too.
    assert pulse.admits(3 * MICROS)


def test_a_trial_nobody_told_the_end_of_is_over_after_half_a_minute():
    pulse = broken()
    assert pulse.admits(20 * MICROS)
    assert not pulse.admits(49 * MICROS)
    assert pulse.admits(50 * MICROS)


def test_failures_spread_over_more_than_a_minute_do_not_open_it():
    pulse = Pulse()
    for second in (0, 20, 40, 60, 80, 100):
        beat(pulse, second, End.NOT_SENT)
        assert line(pulse, second) is Line.CLOSED


@given(st.lists(st.sampled_from(list(End)), max_size=40))
def test_late_answers_never_open_it_and_it_is_open_only_after_five_in_a_row(ends):
    pulse, row = Pulse(), 0
    for second, end in enumerate(ends):
        beat(pulse, second / 100, end)
        row = 0 if end is End.ANSWERED else row + (end in BAD)
        assert (line(pulse, second / 100) is Line.OPEN) == (row >= 5)
    assert sum(pulse.counted.values()) == len(ends)


def tallied(beats):
    pulse = Pulse()
    for one in beats:
        pulse.note(one, one.at)
    return health_of(pulse.tallies.values())


def test_health_gives_the_nearest_rank_and_the_last_error():
    beats = [Beat(n, n, End.ANSWERED) for n in range(1, 101)]
    health = tallied([*beats, Beat(7, 9000, End.NO_ANSWER, "ReadTimeout"), Beat(8, 1, End.ANSWERED)])
    assert (health.calls, health.answered) == (102, 101)
    # The middle of the bucket that the true rank, 50 and 95, is in.
    assert (health.p50_ms, health.p95_ms) == (52, 88)
    assert health.last_error is not None
    assert health.last_error.why == "ReadTimeout"
    assert tallied([]).p50_ms is None


@given(st.integers(0, 10**6))
def test_a_time_is_told_within_an_eighth_of_itself(took_ms):
    assert abs(middle_of(bucket_of(took_ms)) - took_ms) * 8 <= took_ms


@given(st.integers(0, 10**6))
def test_a_longer_time_is_never_in_an_earlier_bucket(took_ms):
    assert bucket_of(took_ms) <= bucket_of(took_ms + 1)


def test_a_call_that_began_before_all_that_is_kept_is_let_go_and_breaks_nothing():
    pulse = Pulse()
    for slot in range(50, 80):
        pulse.note(Beat(slot * SLOT, 1, End.ANSWERED), slot * SLOT)
    kept = sorted(pulse.tallies)
    # The clock was ahead for as long as the picture goes back, and is right again.
    pulse.note(Beat(10 * SLOT, 1, End.NO_ANSWER), 10 * SLOT)
    assert sorted(pulse.tallies) == kept
    assert pulse.counted[End.NO_ANSWER] == 1


def test_what_is_older_than_the_picture_is_let_go():
    pulse = Pulse()
    for slot in range(100):
        pulse.note(Beat(slot * SLOT, 1, End.ANSWERED), slot * SLOT)
    assert sorted(pulse.tallies) == [slot * SLOT for slot in range(87, 100)]


async def test_the_picture_of_an_account_outlives_its_process_and_is_that_of_all(tmp_path):
    async with open_house(tmp_path) as house:
        app, ids = house.app, house.app.ids
        now = app.clock.now() // SLOT * SLOT
        account, since = ids.uuid(), now - SLOT
        one, two = Pulses(), Pulses()
        first, second = ids.uuid(), ids.uuid()
        for pulses, process, end in ((one, first, End.ANSWERED), (two, second, End.NO_ANSWER)):
            pulses.of(MERCHANT, account).note(Beat(now, 40, end, "ReadTimeout"), now)
            # Twice, as after a trouble, and then with one call more: nothing is counted twice.
            await keep_pulses(app.store, ids, pulses, process)
            await keep_pulses(app.store, ids, pulses, process)
            pulses.of(MERCHANT, account).note(Beat(now + 1, 40, End.ANSWERED), now)
            await keep_pulses(app.store, ids, pulses, process)
        for pulses, process in ((one, first), (two, second), (Pulses(), ids.uuid())):
            health = health_of(await tallies_of(app.store, pulses, process, MERCHANT, account, since))
            assert (health.calls, health.answered, health.p50_ms) == (4, 3, 44)
            last = health.last_error
            assert (last.at, last.end, last.why) == (now, End.NO_ANSWER, "ReadTimeout")
        assert await drop_old_pulses(app.store, ids, now) == 0
        assert await drop_old_pulses(app.store, ids, now + 25 * SLOT) == 2
        assert await tallies_of(app.store, Pulses(), ids.uuid(), MERCHANT, account, since) == []

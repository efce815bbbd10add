"""Notices in the simulated world: whatever becomes of them on their way, each is kept, heeded and booked once."""

import pytest

from counterfoil.simulation import FAULTS, Plan, only, run_day

NOTICES = [fault for fault in FAULTS if fault.startswith("notices_")]


@pytest.mark.parametrize("fault", NOTICES)
def test_a_day_on_which_only_notices_go_wrong_is_clean(fault):
    day = run_day(Plan(seed=11, profile=f"only {fault}", sales=30, weather=only(fault)))
    assert day.violations == ()
    assert day.counted["printed"] == 4
    assert day.counted["notices kept"] > 0
    happened = "notice of another" if fault == "notices_wrong" else f"notice {fault.removeprefix('notices_')}"
    assert sum(times for name, times in day.counted.items() if name.startswith(happened)) > 0


def test_what_is_spoiled_on_its_way_is_refused():
    day = run_day(Plan(seed=12, profile="spoiled", sales=30, weather=only("notices_spoiled")))
    assert day.violations == ()
    assert day.counted["notices refused"] == day.counted["notice spoiled"] > 0

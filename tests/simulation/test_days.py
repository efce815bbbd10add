"""Simulated days: clean ones, the same ones again, a crash at every moment, and the days that once failed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.simulation import PROFILES, Plan, Weather, only, run_day

ROOT = Path(__file__).parents[2]
SEEDS = [line.split() for line in (Path(__file__).parent / "seeds.txt").read_text().splitlines() if line[0] != "#"]
PEOPLE = Weather(taps_twice=300, at_once=500)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_day_of_each_profile_is_clean(profile):
    day = run_day(Plan(seed=7, profile=profile))
    assert day.violations == ()
    # Those of the day, and those with which it is seen that everything goes again.
    assert day.counted["sales"] >= 63
    assert day.counted["calls"] > 50


def test_the_days_of_a_dozen_seeds_have_one_account_or_both():
    wet = Weather(printed=1)
    days = [run_day(Plan(seed=seed, profile="calm", sales=3, weather=wet)) for seed in range(12)]
    assert all(day.violations == () for day in days)
    both = [(bool(day.counted["calls of lakala"]), bool(day.counted["calls of shouqianba"])) for day in days]
    assert set(both) == {(True, False), (False, True), (True, True)}


@pytest.mark.parametrize("fault", ["rushes", "outages", "echoes"])
def test_a_day_on_which_only_the_lines_go_wrong_is_clean(fault):
    day = run_day(Plan(seed=2, profile=f"only {fault}", sales=30, weather=only(fault)))
    assert day.violations == ()
    assert day.counted[fault.removesuffix("es") if fault == "echoes" else fault] > 0


@pytest.mark.parametrize(("profile", "seed"), [(each[0], int(each[1])) for each in SEEDS])
def test_a_day_that_once_failed_is_clean(profile, seed):
    assert run_day(Plan(seed=seed, profile=profile)).violations == ()


def test_the_same_seed_gives_the_same_day_whatever_the_hash_seed():
    told = []
    for hash_seed in ("1", "77"):
        command = [sys.executable, "-m", "counterfoil", "simulate", "--days", "1", "--seed", "3", "--json"]
        run = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")},
        )
        told.append(json.loads(run.stdout))
    assert told[0] == told[1]
    assert told[0]["clean_days"] == 1
    assert told[0]["counted"]["crashed"] > 0
    assert told[0]["digest"] != run_day(Plan(seed=4, profile="storm")).digest


@pytest.mark.parametrize("seed", [6, 13, 14], ids=["Lakala", "Shouqianba", "both"])
def test_a_crash_at_every_moment_loses_nothing(request, seed):
    """With ``--long`` at each; otherwise at one in so many, early and late ones among them."""
    plan = {"seed": seed, "profile": "calm", "sales": 6, "open_seconds": 900.0, "weather": PEOPLE}
    moments = run_day(Plan(**plan)).counted["moments"]
    step = 1 if request.config.getoption("long") else moments // 5
    assert moments > 100
    for moment in range(1, moments, step):
        day = run_day(Plan(**plan, die_at=moment))
        assert (moment, day.violations) == (moment, ())
        assert day.counted["crashed"] == 1

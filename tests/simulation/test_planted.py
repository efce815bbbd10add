"""Each planted bug turns the simulation red; the program is right again afterwards; no installation has them.

All of them with ``--long``; otherwise a few.
"""

import json
import tomllib
from pathlib import Path

from click.testing import CliRunner
from setuptools import find_packages

from counterfoil.doors.cli import main
from counterfoil.simulation import Plan, run_day
from counterfoil.testing.planted import BUGS, planted

ROOT = Path(__file__).parents[2]
FEW = ("no_intent", "timeout_is_no", "sum_left_out", "digest_left_out", "refund_not_released", "notice_amount_ignored")
# Within so many days of storm each is found; all but one within six.
DAYS = 30


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", BUGS if metafunc.config.getoption("long") else FEW)


def test_a_planted_bug_turns_the_simulation_red(name):
    days = (Plan(seed=seed, profile="storm") for seed in range(DAYS))
    with planted(name):
        assert not all(run_day(day).clean for day in days)


def test_the_days_that_show_the_bugs_are_clean_without_them():
    for seed in (0, 1):
        assert run_day(Plan(seed=seed, profile="storm")).violations == ()


def test_the_command_names_the_first_violated_invariant_and_the_seed_that_replays_it():
    with planted("timeout_is_no"):
        run = CliRunner().invoke(main, ["simulate", "--days", "3", "--seed", "0", "--json"])
    told = json.loads(run.stdout)
    assert (run.exit_code, told["clean_days"], told["failed_seed"], told["invariant"]) == (1, 0, 0, "I2")


def test_each_finds_what_it_puts_itself_in_the_place_of():
    for name in BUGS:
        with planted(name):
            pass


def test_there_are_at_least_fifteen_and_each_says_what_is_wrong():
    assert len(BUGS) >= 15
    assert all(bug.says and bug.places for bug in BUGS.values())


def test_the_wheel_has_none_of_them():
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    everything = find_packages(str(ROOT / "src"))
    shipped = find_packages(str(ROOT / "src"), exclude=found["exclude"])
    assert "counterfoil.testing.planted" in everything
    assert set(everything) - set(shipped) == {"counterfoil.testing.planted"}

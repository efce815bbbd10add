"""The capacity model computes what it says, and docs/scale.md says what it computes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from tools.capacity import (
    BUSY_MOST,
    CITUS_PART,
    EXAMPLES,
    GB,
    PAGE,
    SIGNED_EVERY_SECONDS,
    WORKERS_LEAST,
    Footprint,
    Load,
    Machine,
    costs,
    main,
    peak_of,
    plan,
    read_footprint,
    table,
    written,
)

# A payment of round costs: a millisecond of the server, half of the database, a kilobyte of disk.
ROUND = Footprint(
    measured_on="2026-01-01",
    machine="nowhere",
    sqlite_disk_bytes=1000,
    sqlite_server_cpu_us=1000,
    postgresql_disk_bytes=1000,
    postgresql_server_cpu_us=1000,
    postgresql_database_cpu_us=500,
    postgresql_wal_record_bytes=4000,
    postgresql_sent_bytes=1500,
    postgresql_received_bytes=500,
    signing_cpu_us=0,
)
EIGHT = Machine(cores=8, disk_bytes=1000 * GB)


def a_second(payments: int, **more: float) -> Load:
    """A load with so many payments in its busiest second."""
    return Load(name="x", merchants=100, payments_a_day=payments * 86_400, peak=1, kept_years=0.01, **more)


def test_the_page_says_what_the_tool_computes():
    page = PAGE.read_text("utf-8")
    assert written(page, f"{costs(read_footprint())}\n{table(EXAMPLES, read_footprint())}") == page


def test_a_page_that_says_something_else_is_found():
    page = PAGE.read_text("utf-8")
    assert written(page, table(EXAMPLES, ROUND)) != page
    assert written("a", "b") != "a"


def test_what_was_measured_is_whole():
    cost = read_footprint()
    assert all(getattr(cost, name) for name in Footprint.__dataclass_fields__)


def test_the_busiest_second_is_the_mean_times_the_peak():
    assert peak_of(Load(name="x", merchants=1, payments_a_day=86_400, peak=7)) == 7


def test_what_half_a_core_carries_stays_on_sqlite():
    small = plan(a_second(500), EIGHT, ROUND)
    assert (small.engine, small.server_machines, small.database_machines, small.standbys) == ("SQLite", 1, 0, 0)
    assert small.server_cores == 0.5
    assert plan(a_second(501), EIGHT, ROUND).engine == "PostgreSQL"


def test_where_another_machine_must_take_over_it_is_postgresql():
    assert plan(replace(a_second(1), takes_over=True), EIGHT, ROUND).engine == "PostgreSQL"


def test_what_no_disk_holds_leaves_sqlite_too():
    kept = replace(a_second(100), kept_years=1)
    assert plan(kept, EIGHT, ROUND).engine != "SQLite"


def test_one_database_and_its_figures():
    made = plan(a_second(2000), EIGHT, ROUND)
    assert (made.engine, made.database_machines, made.standbys) == ("PostgreSQL", 1, 2)
    assert (made.server_cores, made.database_cores, made.processes) == (2.0, 1.0, 4)
    assert (made.server_machines, made.commits) == (2, 4000)
    assert (made.wal_bytes, made.network_bytes) == (8_000_000, 4_000_000 + 16_000_000)
    assert made.kept_bytes == pytest.approx(2000 * 86_400 * 3.65 * 1000)


def test_beyond_one_database_citus_costs_what_was_measured():
    made = plan(a_second(20_000), EIGHT, ROUND)
    assert made.engine == "Citus"
    assert made.database_cores == pytest.approx(10 / CITUS_PART)
    assert made.database_machines >= WORKERS_LEAST
    assert made.database_machines * EIGHT.cores * BUSY_MOST >= made.database_cores


def test_a_larger_load_never_needs_less():
    plans = [plan(a_second(payments), EIGHT, ROUND) for payments in (1, 10, 100, 1000, 10_000, 100_000)]
    for less, more in pairwise(plans):
        assert less.server_machines <= more.server_machines
        assert less.database_machines <= more.database_machines
        assert less.kept_bytes < more.kept_bytes


def test_one_signer_keeps_its_twenty_seconds_until_it_cannot():
    cost = replace(ROUND, signing_cpu_us=5000)
    assert plan(a_second(99), EIGHT, cost).signed_within_seconds == SIGNED_EVERY_SECONDS
    many = replace(a_second(5000), merchants=100_000)
    assert plan(many, EIGHT, cost).signed_within_seconds == pytest.approx(100_000 * 0.005 / BUSY_MOST)


def test_a_load_of_ones_own_is_answered():
    assert "| yours | 500,000 |" in main(["2000", "500000"])

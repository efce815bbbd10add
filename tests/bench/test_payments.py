"""What ``counterfoil bench payments`` measures is what it says, on both engines, in a small run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest

from counterfoil.basis import SystemClock
from counterfoil.bench import PaymentsPlan, Report, measure_payments
from counterfoil.doors.cli.bench import serving

KEYS = {
    *("name", "engine", "callers", "records", "per_second", "p50_ms", "p99_ms", "reference", "ratio", "spread"),
}


@pytest.fixture
def plan() -> PaymentsPlan:
    # Not pytest's own folder, which another user, as whom PostgreSQL runs where root tests, may not enter.
    return PaymentsPlan(
        folder=Path(tempfile.gettempdir()),
        clock=SystemClock(),
        serving=serving,
        callers=(8,),
        seconds=0.05,
        scale=1,
        plain=True,
    )


async def test_a_small_run_has_a_row_for_each_way_and_engine_with_its_ratio(plan: PaymentsPlan):
    seen: list[tuple[int, int]] = []
    report: Report = await measure_payments(plan, lambda done, of: seen.append((done, of)))
    rows = msgspec.to_builtins(report.plain())["rows"]
    assert all(row.keys() <= KEYS for row in rows)
    ours = {(row["name"], row["engine"]): row for row in rows if row["name"] in ("act", "api")}
    assert set(ours) == {(name, engine) for name in ("act", "api") for engine in ("sqlite", "postgresql")}
    reference = next(row for row in rows if row["name"] == "pgbench TPC-B")
    for row in ours.values():
        assert row["callers"] == 8
        assert row["reference"] == reference["name"]
        assert row["ratio"] > 0
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["spread"] >= 0
    assert seen[-1] == (seen[-1][1], seen[-1][1])
    assert "| act | sqlite | 8 |" in report.markdown()
    assert "fdatasync" in report.markdown()


def test_a_quick_run_fits_its_turns_into_the_time_that_is_left(plan: PaymentsPlan):
    quick = plan.quick()
    assert quick.callers == (256,)
    assert quick.turn_seconds(spent=10, turns=4) == 1.0
    assert quick.turn_seconds(spent=100, turns=4) == 0.2
    assert 0.2 < quick.turn_seconds(spent=20, turns=4) < 1.0

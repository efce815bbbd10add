"""What ``counterfoil bench search`` asks is answered by records it made itself, filter by filter, in a small run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from counterfoil.basis import SystemClock
from counterfoil.bench import measure_search

FILTERS = {
    "newest",
    "time",
    "method and status",
    "exact amount",
    "narrow amount",
    "rare status",
    "last four",
    "day totals, two years",
}


async def test_a_small_run_has_a_row_for_each_filter_and_size_with_its_ratio(tmp_path: Path):
    report = await measure_search(tmp_path, SystemClock(), lambda _done, _of: None, (1000, 2000))
    asked = {(row.name, row.records) for row in report.rows}
    assert {(name, size) for name in FILTERS for size in (1000, 2000)} <= asked
    assert all(row.reference and row.ratio for row in report.rows if row.name in FILTERS)
    assert all(row.p50_ms is not None and row.p99_ms is not None and row.p50_ms <= row.p99_ms for row in report.rows)


async def test_the_same_is_asked_of_postgresql():
    # Not pytest's own folder, which another user, as whom PostgreSQL runs where root tests, may not enter.
    folder = Path(tempfile.gettempdir())
    report = await measure_search(folder, SystemClock(), lambda _done, _of: None, (1000,), ("postgresql",))
    asked = {row.name for row in report.rows if row.engine == "postgresql"}
    assert asked >= FILTERS

"""Live through simulated days, measure the planted bugs, and write the measured half of docs/reliability.md.

    PYTHONPATH=src python tools/write_reliability.py --days 2000

Each profile gets a quarter of the days. A day takes about two seconds of one processor. What stands above the mark is
written by hand and kept.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from counterfoil.simulation import PROFILES, Day, Plan, run_day
from counterfoil.testing.planted import BUGS, planted

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
MARK = "<!-- Below: written by tools/write_reliability.py -->\n"
SEEDS_MAX = 80
COUNTED = ("sales", "calls", "started", "crashed", "killed", "jumps", "outages")


def one(profile: str, seed: int) -> Day:
    """One day; it is handed back by another process, so its rows stay there."""
    return run_day(Plan(seed=seed, profile=profile))


def days(number: int, seed: int, workers: ProcessPoolExecutor) -> Iterator[str]:
    """The table of clean days."""
    yield f"| profile | seeds | clean days | {' | '.join(COUNTED)} |"
    yield "|---|---|---|" + "---|" * len(COUNTED)
    for profile in PROFILES:
        seeds, counted, failed = range(seed, seed + number // len(PROFILES)), Counter[str](), []
        for day in workers.map(partial(one, profile), seeds, chunksize=5):
            counted += day.counted
            failed += [] if day.clean else [f"{day.seed} ({day.violations[0].invariant})"]
        clean = f"{len(seeds) - len(failed)}" + (f"; not clean: {', '.join(failed)}" if failed else "")
        figures = " | ".join(f"{counted[name]:,}" for name in COUNTED)
        yield f"| {profile} | {seeds.start}–{seeds.stop - 1} | {clean} | {figures} |"


def found_after(name: str) -> tuple[str, int, str]:
    """How many days of storm it takes until the bug of that name is found, and by which invariant."""
    for seed in range(SEEDS_MAX):
        with planted(name):
            day = run_day(Plan(seed=seed, profile="storm"))
        if not day.clean:
            return name, seed + 1, day.violations[0].invariant
    return name, 0, ""


def bugs(workers: ProcessPoolExecutor) -> Iterator[str]:
    """The table of planted bugs."""
    yield "| bug | what is wrong | days of storm until found | by |"
    yield "|---|---|---|---|"
    for name, took, invariant in workers.map(found_after, BUGS):
        yield f"| `{name}` | {BUGS[name].says} | {took or f'not in {SEEDS_MAX}'} | {invariant} |"


def main() -> None:
    """Measure and write."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--days", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workers", type=int, default=2)
    told = asked.parse_args()
    with ProcessPoolExecutor(told.workers) as workers:
        made = [
            f"`python tools/write_reliability.py --days {told.days} --seed {told.seed}`\n",
            "## Days\n",
            *days(told.days, told.seed, workers),
            "\n## Planted bugs\n",
            *bugs(workers),
        ]
    kept, _, _ = PAGE.read_text("utf-8").partition(MARK)
    PAGE.write_text(f"{kept}{MARK}\n" + "\n".join(made) + "\n", "utf-8")


if __name__ == "__main__":
    main()

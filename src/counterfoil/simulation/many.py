"""Many days, one after another, until one of them violates an invariant."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from counterfoil.simulation.day import Day, Plan, run_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``days`` were clean before ``failed``, if one was not. ``digest`` stands for all of them."""

    days: int
    failed: Day | None
    digest: str
    counted: Counter[str]


def simulate(
    *, days: int, seed: int, profile: str, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Report:
    """Run the days of ``seed``, ``seed + 1``, …; stop at the first that is not clean."""
    digest, counted = hashlib.sha256(), Counter[str]()
    for number in range(days):
        day = run_day(Plan(seed=seed + number, profile=profile))
        digest.update(day.digest.encode())
        counted += day.counted
        if not day.clean:
            return Report(days=number, failed=day, digest=digest.hexdigest(), counted=counted)
        progress(number + 1, days)
    return Report(days=days, failed=None, digest=digest.hexdigest(), counted=counted)

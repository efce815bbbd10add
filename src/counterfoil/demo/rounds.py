"""The steps of a plan in the order of their times, cut into what is written at once.

A run is what one act does while nothing else happens anywhere; it is one Change. A round is what is committed
together, no two runs of the same payment among them, so that the log's positions follow the minutes.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from counterfoil.demo.act import Act, sale_of
from counterfoil.demo.steps import Step, steps_of

# As many as the store commits at once.
RUNS_A_ROUND: Final = 256


class Run(NamedTuple):
    """Steps of one act, how many runs of its payment come before, and whether another one follows."""

    steps: tuple[Step, ...]
    number: int
    goes_on: bool

    @property
    def act(self) -> Act:
        """Whose steps they are."""
        return self.steps[0].act

    @property
    def at(self) -> int:
        """When the first step happens."""
        return self.steps[0].at

    @property
    def sold_at(self) -> int:
        """When the payment was sold, by which it is known here."""
        return sale_of(self.act).at


def rounds(acts: Iterable[Act], cuts: Iterable[int] = ()) -> list[list[Run]]:
    """All steps of ``acts``; no payment is in a round twice, and no round reaches over one of ``cuts``."""
    steps = sorted((step for act in acts for step in steps_of(act)), key=attrgetter("at"))
    return list(_cut(_runs(steps), sorted(cuts)))


def _runs(steps: list[Step]) -> list[Run]:
    made = [tuple(group) for _, group in groupby(steps, key=_whose)]
    left = Counter(sale_of(run[0].act).at for run in made)
    seen: Counter[int] = Counter()
    runs = []
    for run in made:
        sold_at = sale_of(run[0].act).at
        seen[sold_at] += 1
        runs.append(Run(run, seen[sold_at] - 1, seen[sold_at] < left[sold_at]))
    return runs


def _whose(step: Step) -> int:
    return id(step.act)


def _cut(runs: list[Run], cuts: list[int]) -> Iterator[list[Run]]:
    made: list[Run] = []
    inside: set[int] = set()
    passed = 0
    for run in runs:
        before, passed = passed, bisect(cuts, run.at)
        if made and (len(made) == RUNS_A_ROUND or run.sold_at in inside or passed != before):
            yield made
            made, inside = [], set()
        made.append(run)
        inside.add(run.sold_at)
    if made:
        yield made

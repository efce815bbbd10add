"""Who stands apart from their colleagues: by median and MAD, which a few odd figures do not move.

A figure is voids and refunds on a hundred payments taken. Somebody is compared with the others, themselves left out,
and only where there are enough of both: payments, acts and colleagues. The distance that counts is three times what
the others' figures usually differ (1.4826 · MAD, which for a bell curve is its standard deviation), and two in a
hundred at least: where all others do the same, the least difference would otherwise stand out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from counterfoil.activity.sums import PersonSums

TAKEN_LEAST: Final = 20
ACTS_LEAST: Final = 5
COLLEAGUES_LEAST: Final = 3
_SIGMAS: Final = 3.0
_OF_MAD: Final = 1.4826
_APART_LEAST: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """Somebody who stands apart: their figure, the others' median, and from what on it was called apart."""

    person_id: str
    figure: float
    usual: float
    bound: float


def outliers(sums: Sequence[PersonSums]) -> list[Outlier]:
    """Who voids and refunds more often than their colleagues, the furthest first."""
    compared = [one for one in sums if one.taken >= TAKEN_LEAST]
    found = []
    for one in compared:
        others = [other.per_hundred for other in compared if other is not one]
        if len(others) < COLLEAGUES_LEAST or one.back < ACTS_LEAST:
            continue
        usual = median(others)
        spread = _OF_MAD * median(abs(each - usual) for each in others)
        bound = usual + max(_SIGMAS * spread, _APART_LEAST)
        if one.per_hundred > bound:
            found.append(Outlier(person_id=one.person_id, figure=one.per_hundred, usual=usual, bound=bound))
    return sorted(found, key=lambda one: -(one.figure - one.bound))

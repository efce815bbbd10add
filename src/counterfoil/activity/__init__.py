"""Activity: who did what, where and when, read from the evidence; and what one person does unlike their colleagues.

The story
    Every act leaves a fact in its merchant's log, and so does what was refused. ``activity`` reads that log backwards
    and keeps what was asked for, a stretch at a time: what is not found in one stretch is looked for in the next, and
    the page says how far it has come. ``sums_by_person`` counts voids, refunds, locks and refusals over some days, and
    ``outliers`` names who stands apart.

Rules
- There is no table of activity. Nobody can edit or empty what is only ever read from the log, and ``verify`` checks it.
- Looking costs whoever looks; no payment carries an index for it.
- A figure is called unlike the others only by median and MAD over enough colleagues and enough acts, and why is said.
"""

from counterfoil.activity.asked import Asked
from counterfoil.activity.facts import KINDS
from counterfoil.activity.faults import FAULTS
from counterfoil.activity.groups import GROUPS, group_of
from counterfoil.activity.note_export import note_export
from counterfoil.activity.outliers import ACTS_LEAST, COLLEAGUES_LEAST, TAKEN_LEAST, Outlier, outliers
from counterfoil.activity.reading import Leaf, Stretch, activity
from counterfoil.activity.sums import ENTRIES_MAX, PersonSums, sums_by_person

__all__ = [
    "ACTS_LEAST",
    "COLLEAGUES_LEAST",
    "ENTRIES_MAX",
    "FAULTS",
    "GROUPS",
    "KINDS",
    "TAKEN_LEAST",
    "Asked",
    "Leaf",
    "Outlier",
    "PersonSums",
    "Stretch",
    "activity",
    "group_of",
    "note_export",
    "outliers",
    "sums_by_person",
]

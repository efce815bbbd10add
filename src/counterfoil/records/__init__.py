"""Records: find payments, and look at one with everything that happened to it and where that stands in the log.

The story
    A person asks in any words a slip or a wallet's bill offers: a time, an amount, a number. ``find`` answers page by
    page, newest first, by key and never by offset. ``view`` shows one payment; its timeline is read from the log.

Rules
- Nothing here writes.
- A page token is sealed to its query.
"""

from counterfoil.records.day import Hour, Voids, for_a_person, hours_of, odd, open_now, voids_of
from counterfoil.records.faults import FAULTS
from counterfoil.records.find import LIMIT_MAX, METHODS, WALLETS, Find, Page, find
from counterfoil.records.means import Means
from counterfoil.records.record import Event, Record, Total, day_so_far, view

__all__ = [
    "FAULTS",
    "LIMIT_MAX",
    "METHODS",
    "WALLETS",
    "Event",
    "Find",
    "Hour",
    "Means",
    "Page",
    "Record",
    "Total",
    "Voids",
    "day_so_far",
    "find",
    "for_a_person",
    "hours_of",
    "odd",
    "open_now",
    "view",
    "voids_of",
]

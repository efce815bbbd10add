"""Records: find payments, and look at one with everything that happened to it and where that stands in the log.

The story
    A person asks in any words a slip or a wallet's bill offers: a time, an amount, a number. ``find`` answers page by
    page, newest first, by key and never by offset; ``totals`` sums the whole selection, ``export`` writes it as a
    file. ``view`` shows one payment; its timeline is read from the log.

Rules
- Nothing here writes.
- A page token is sealed to its query.
"""

from counterfoil.records.export import Format, export
from counterfoil.records.faults import FAULTS
from counterfoil.records.find import ENTRIES, LIMIT_MAX, METHODS, WALLETS, YEARS, Find, Page, find
from counterfoil.records.means import Means
from counterfoil.records.record import Event, Record, Total, day_so_far, view
from counterfoil.records.selection import UNPAID
from counterfoil.records.totals import RECEIVED, Totals, totals

__all__ = [
    "ENTRIES",
    "FAULTS",
    "LIMIT_MAX",
    "METHODS",
    "RECEIVED",
    "UNPAID",
    "WALLETS",
    "YEARS",
    "Event",
    "Find",
    "Format",
    "Means",
    "Page",
    "Record",
    "Total",
    "Totals",
    "day_so_far",
    "export",
    "find",
    "totals",
    "view",
]

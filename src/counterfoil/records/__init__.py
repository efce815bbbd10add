"""Records: find payments, and look at one with everything that happened to it and where that stands in the log.

The story
    A person asks in any words a slip or a wallet's bill offers: a time, an amount, a number. ``find`` answers page by
    page, newest first, by key and never by offset; ``totals`` sums the whole selection, ``export`` writes it as a
    file. ``view`` shows one payment; its timeline is read from the log. ``receipt``
    makes its receipt, ``reprint`` counts a further copy.

Rules
- Nothing here writes, but the count of reprints of a receipt.
- A page token is sealed to its query.
"""

from counterfoil.records.code128 import bars, width_of
from counterfoil.records.day import (
    Hour,
    ShopTotal,
    days_of,
    ever_taken,
    for_a_person,
    going_back,
    hours_of,
    open_now,
)
from counterfoil.records.export import Format, export
from counterfoil.records.facts import KINDS
from counterfoil.records.faults import FAULTS, NO_RECEIPT
from counterfoil.records.find import ENTRIES, LIMIT_MAX, METHODS, WALLETS, YEARS, Find, Page, find
from counterfoil.records.means import Means
from counterfoil.records.month import MONTH_DAYS, Month, Share, Voids, last_captured, month_of, more_than_usual, odd
from counterfoil.records.receipt import Line, Receipt, has_receipt, receipt
from counterfoil.records.receipt_escpos import escpos
from counterfoil.records.record import Event, Record, Total, day_so_far, view
from counterfoil.records.reprint import reprint
from counterfoil.records.root import Root, newest_root
from counterfoil.records.selection import UNPAID
from counterfoil.records.totals import RECEIVED, Totals, totals

__all__ = [
    "ENTRIES",
    "FAULTS",
    "KINDS",
    "LIMIT_MAX",
    "METHODS",
    "MONTH_DAYS",
    "NO_RECEIPT",
    "RECEIVED",
    "UNPAID",
    "WALLETS",
    "YEARS",
    "Event",
    "Find",
    "Format",
    "Hour",
    "Line",
    "Means",
    "Month",
    "Page",
    "Receipt",
    "Record",
    "Root",
    "Share",
    "ShopTotal",
    "Total",
    "Totals",
    "Voids",
    "bars",
    "day_so_far",
    "days_of",
    "escpos",
    "ever_taken",
    "export",
    "find",
    "for_a_person",
    "going_back",
    "has_receipt",
    "hours_of",
    "last_captured",
    "month_of",
    "more_than_usual",
    "newest_root",
    "odd",
    "open_now",
    "receipt",
    "reprint",
    "totals",
    "view",
    "width_of",
]

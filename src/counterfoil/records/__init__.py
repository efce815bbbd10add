"""Records: find payments, and look at one with everything that happened to it and where that stands in the log.

The story
    A person asks in any words a slip or a wallet's bill offers: a time, an amount, a number. ``find`` answers page by
    page, newest first, by key and never by offset; ``totals`` sums the whole selection, ``export`` writes it as a
    file; ``business_days`` reads the sums of each day, over two years if need be. ``view`` shows one payment; its
    timeline is read from the log. ``receipt`` makes its receipt (``escpos`` for a printer, ``svg`` as a picture),
    ``reprint`` counts a further copy. A question that is asked often is kept by ``save_filter``; a large file is made
    beside the requests (``Exports``).

Rules
- Nothing here writes to a payment: only the count of a receipt's reprints, who exported what, and saved filters.
- A page token is sealed to its query (``sealed``, ``opened``; also for the lists of higher areas).
"""

from counterfoil.records.audit import note_days_export, note_export
from counterfoil.records.business_days import (
    DAYS_MAX,
    BusinessDay,
    BusinessDays,
    DaysAsked,
    DaySums,
    business_days,
    sum_of,
)
from counterfoil.records.code128 import bars, width_of
from counterfoil.records.cursor import opened, sealed
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
from counterfoil.records.days_csv import days_csv
from counterfoil.records.export import Format, export
from counterfoil.records.export_cells import Cell
from counterfoil.records.export_csv import csv_of
from counterfoil.records.facts import KINDS
from counterfoil.records.faults import EXPORT_GONE, FAULTS, NO_RECEIPT
from counterfoil.records.find import ENTRIES, LIMIT_MAX, METHODS, WALLETS, YEARS, Find, Page, find
from counterfoil.records.means import Means
from counterfoil.records.month import MONTH_DAYS, Month, Share, Voids, last_captured, month_of, more_than_usual, odd
from counterfoil.records.prepared import Exports, Prepared
from counterfoil.records.receipt import Line, Receipt, has_receipt, receipt
from counterfoil.records.receipt_escpos import escpos
from counterfoil.records.receipt_svg import svg
from counterfoil.records.record import Event, Record, Total, day_so_far, view
from counterfoil.records.reprint import reprint
from counterfoil.records.root import Root, newest_root
from counterfoil.records.saved import (
    NAME_CHARACTERS_MAX,
    SavedFilter,
    drop_filter,
    rename_filter,
    save_filter,
    saved_filters,
)
from counterfoil.records.selection import UNPAID
from counterfoil.records.totals import RECEIVED, Totals, totals
from counterfoil.records.waiting import Queue, Queued, queue

__all__ = [
    "DAYS_MAX",
    "ENTRIES",
    "EXPORT_GONE",
    "FAULTS",
    "KINDS",
    "LIMIT_MAX",
    "METHODS",
    "MONTH_DAYS",
    "NAME_CHARACTERS_MAX",
    "NO_RECEIPT",
    "RECEIVED",
    "UNPAID",
    "WALLETS",
    "YEARS",
    "BusinessDay",
    "BusinessDays",
    "Cell",
    "DaySums",
    "DaysAsked",
    "Event",
    "Exports",
    "Find",
    "Format",
    "Hour",
    "Line",
    "Means",
    "Month",
    "Page",
    "Prepared",
    "Queue",
    "Queued",
    "Receipt",
    "Record",
    "Root",
    "SavedFilter",
    "Share",
    "ShopTotal",
    "Total",
    "Totals",
    "Voids",
    "bars",
    "business_days",
    "csv_of",
    "day_so_far",
    "days_csv",
    "days_of",
    "drop_filter",
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
    "note_days_export",
    "note_export",
    "odd",
    "open_now",
    "opened",
    "queue",
    "receipt",
    "rename_filter",
    "reprint",
    "save_filter",
    "saved_filters",
    "sealed",
    "sum_of",
    "svg",
    "totals",
    "view",
    "width_of",
]

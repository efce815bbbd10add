"""Business days as CSV: a line each, oldest first, for the books; nothing is summed twice by a line of totals."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from counterfoil.basis import Language, Money
from counterfoil.locale import translator
from counterfoil.records.business_days import BusinessDay
from counterfoil.records.export_cells import Cell
from counterfoil.records.export_csv import csv_of

# The message that heads a column, and what stands in it.
_COLUMNS: Final[tuple[tuple[str, Callable[[BusinessDay], Cell]], ...]] = (
    ("days.day", lambda one: one.day),
    ("days.payments", lambda one: str(one.payments)),
    ("days.gross", lambda one: Money(one.gross_minor)),
    ("days.voids", lambda one: str(one.voids)),
    ("days.voided", lambda one: Money(one.voided_minor)),
    ("days.refunds", lambda one: str(one.refunds)),
    ("days.refunded", lambda one: Money(one.refunded_minor)),
    ("days.net", lambda one: Money(one.net_minor)),
    ("export.currency", lambda one: Money(one.net_minor).currency),
)


def days_csv(days: Sequence[BusinessDay], language: Language) -> AsyncIterator[bytes]:
    """The bytes of the file, in pieces. Amounts are decimals, and no cell is ever a formula."""
    t = translator(language)
    return csv_of([t(name) for name, _ in _COLUMNS], _page(days))


async def _page(days: Sequence[BusinessDay]) -> AsyncIterator[list[tuple[Cell, ...]]]:
    yield [tuple(cell(one) for _, cell in _COLUMNS) for one in days]

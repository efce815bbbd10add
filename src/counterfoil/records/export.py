"""Export a selection as CSV or XLSX: every payment a question selects, newest first, read page by page by key.

Payments taken while it runs stand before its first page and are not in it. Nothing but one page of payments is in
memory; a workbook grows in a scratch folder, which goes with it. Amounts are decimals, times the shop's own, and no
cell is ever a formula.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from counterfoil.basis import Language
from counterfoil.locale import translator
from counterfoil.payments import Payment
from counterfoil.records.export_cells import COLUMNS, Cell, places_of
from counterfoil.records.export_csv import csv_of
from counterfoil.records.export_xlsx import xlsx_of
from counterfoil.records.find import Find, check, page_params, page_statement
from counterfoil.records.means import Means
from counterfoil.records.selection import selection_of

EXPORT_PAGE: Final = 500
Format = Literal["csv", "xlsx"]


def export(
    means: Means,
    merchant_id: int,
    asked: Find,
    form: Format,
    language: Language,
    *,
    now: int,
    wrote: Callable[[int], None] | None = None,
) -> AsyncIterator[bytes]:
    """The bytes of the file, in pieces; an empty piece only says that the work goes on. ``now``: when it is made.

    ``wrote`` is told of each page how many rows it has. ``asked.limit`` and ``asked.after`` do not count: it is the
    whole selection. Raises RANGE_REVERSED or FILTER_UNKNOWN at once, before the first piece.
    """
    check(asked)
    pages = _counted(_pages(means, merchant_id, asked, language), wrote)
    headers = tuple(translator(language)(column.name) for column in COLUMNS)
    return csv_of(headers, pages) if form == "csv" else xlsx_of(headers, pages, now)


async def _counted(
    pages: AsyncIterator[list[tuple[Cell, ...]]], wrote: Callable[[int], None] | None
) -> AsyncIterator[list[tuple[Cell, ...]]]:
    async for page in pages:
        yield page
        if wrote is not None:
            wrote(len(page))


async def _pages(
    means: Means, merchant_id: int, asked: Find, language: Language
) -> AsyncIterator[list[tuple[Cell, ...]]]:
    """The rows of the file, a page at a time."""
    selection = selection_of(merchant_id, asked)
    places = await places_of(means.store, merchant_id, translator(language))
    last: tuple[int, str] | None = None
    while True:
        params = selection.params | page_params(last, EXPORT_PAGE)
        rows = await means.store.fetch(page_statement(selection.shape, paged=last is not None), params)
        found = [Payment.of(row) for row in rows]
        yield [tuple(column.cell(payment, places) for column in COLUMNS) for payment in found]
        if len(found) < EXPORT_PAGE:
            return
        last = (found[-1].taken_at, found[-1].id)

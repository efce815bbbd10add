"""XLSX through XlsxWriter: each row goes to a scratch file once it is written, and texts are texts, never formulas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from counterfoil.basis import MICROS, Money
from counterfoil.records.export_cells import Cell

ROWS_A_SHEET: Final = 1_048_576
_PIECE: Final = 65_536
_WIDTH: Final = 18
_TEXTS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


async def xlsx_of(
    headers: Sequence[str], pages: AsyncIterator[list[tuple[Cell, ...]]], now: int
) -> AsyncIterator[bytes]:
    """The file. Its end must be known before its first byte can be told: until then the pieces are empty."""
    with TemporaryDirectory(prefix="counterfoil-export-", ignore_cleanup_errors=True) as folder:
        book = Book(Path(folder), headers, now)
        try:
            async for page in pages:
                await asyncio.to_thread(book.write, page)
                yield b""
        finally:
            # Also where it is given up: the writer's files are closed before their folder goes.
            await asyncio.to_thread(book.close)
        with book.path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


class Book:
    """A workbook under way. Where a sheet is full the next begins.

    A page may still be in its thread when the export is given up; the lock lets it end before the book is closed.
    """

    def __init__(self, folder: Path, headers: Sequence[str], now: int, *, rows_a_sheet: int = ROWS_A_SHEET) -> None:
        """Begin ``records.xlsx`` in ``folder``."""
        self.path: Final = folder / "records.xlsx"
        self._book = Workbook(str(self.path), {"constant_memory": True, "tmpdir": str(folder), **_TEXTS})
        made = datetime.fromtimestamp(now // MICROS, UTC).replace(tzinfo=None)
        self._book.set_properties({"created": made})
        self._bold: Format = self._book.add_format({"bold": True})
        self._time: Format = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._money: dict[str, Format] = {}
        self._headers = headers
        self._rows_a_sheet = rows_a_sheet
        self._lock = Lock()
        self._sheet = self._new_sheet()

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Put rows below the others."""
        with self._lock:
            for row in rows:
                self._write_row(row)

    def close(self) -> None:
        """Make the file whole."""
        with self._lock:
            self._book.close()

    def _write_row(self, row: Sequence[Cell]) -> None:
        if self._next == self._rows_a_sheet:
            self._sheet = self._new_sheet()
        for column, cell in enumerate(row):
            self._put(column, cell)
        self._next += 1

    def _new_sheet(self) -> Worksheet:
        sheet: Worksheet = self._book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(self._headers) - 1, _WIDTH)
        for column, text in enumerate(self._headers):
            sheet.write_string(0, column, text, self._bold)
        self._next = 1
        return sheet

    def _put(self, column: int, cell: Cell) -> None:
        match cell:
            case Money():
                self._sheet.write_number(self._next, column, Decimal(cell.decimal()), self._money_format(cell))
            case datetime():
                self._sheet.write_datetime(self._next, column, cell, self._time)
            case str():
                self._sheet.write_string(self._next, column, cell)

    def _money_format(self, amount: Money) -> Format:
        """As many decimals as the currency has."""
        if amount.currency not in self._money:
            shown = "#,##0" + Money(0, amount.currency).decimal()[1:]
            self._money[amount.currency] = self._book.add_format({"num_format": shown})
        return self._money[amount.currency]

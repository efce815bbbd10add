"""CSV (RFC 4180): UTF-8 with a byte order mark, which Excel needs to read Chinese, lines ended by CR LF."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Final

from counterfoil.basis import Money
from counterfoil.records.export_cells import Cell

BOM: Final = b"\xef\xbb\xbf"
# With these a spreadsheet begins a formula, also in full width (OWASP, "CSV Injection").
_BEGINS_FORMULA: Final = frozenset("=+-@＝＋－＠\t\r\n")


async def csv_of(headers: Sequence[str], pages: AsyncIterator[list[tuple[Cell, ...]]]) -> AsyncIterator[bytes]:
    """The file, a page at a time."""
    yield BOM + _lines([headers])
    async for page in pages:
        yield _lines([[_shown(cell) for cell in row] for row in page])


def harmless(text: str) -> str:
    """``text`` as no spreadsheet takes it for a formula: with an apostrophe before what could begin one."""
    begins = text[:1] in _BEGINS_FORMULA or text.lstrip()[:1] in _BEGINS_FORMULA
    return f"'{text}" if text and begins else text


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n").writerows(rows)
    return made.getvalue().encode()


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Money():
            return cell.decimal()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case str():
            return harmless(cell)

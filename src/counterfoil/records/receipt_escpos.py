"""A receipt as the bytes of a receipt printer: ESC/POS, text in GB18030, the order number as Code 128.

Only commands that every printer of this kind knows (Epson's ESC/POS reference): initialise, align, bold, size, Chinese
mode, bar code, feed and cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.basis import insist
from counterfoil.records.receipt import Line, Receipt

# Columns of font A, and dots a module of the bar code, by the paper's width in millimetres.
_PAPERS: Final = {"58": (32, 2), "80": (48, 3)}
_BEGIN: Final = b"\x1b@\x1c&"  # ESC @ initialise, FS & Chinese mode
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_PLAIN, _BOLD = b"\x1bE\x00", b"\x1bE\x01"
_ONCE, _TWICE = b"\x1d!\x00", b"\x1d!\x11"
_END: Final = b"\x1bd\x03\x1dVB\x00"  # ESC d feed, GS V cut
_BAR_HEIGHT: Final = 64
_CODE128: Final = 73


def escpos(receipt: Receipt, paper: str = "80") -> bytes:
    """What is sent to the printer. ``paper``: ``58`` or ``80`` millimetres."""
    insist(paper in _PAPERS, "paper is 58 or 80 mm wide")
    columns, module = _PAPERS[paper]
    return b"".join(
        (_BEGIN, *_head(receipt, columns), *_body(receipt, columns), *_foot(receipt, columns, module), _END)
    )


def columns_of(text: str) -> int:
    """How many columns a text takes: a Chinese character two, as everything that is no ASCII."""
    return sum(1 if one.isascii() else 2 for one in text)


def folded(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns``."""
    lines, used = [""], 0
    for one in _printable(text):
        wide = columns_of(one)
        if used + wide > columns:
            lines.append("")
            used = 0
        lines[-1] += one
        used += wide
    return [line for line in lines if line]


def _head(receipt: Receipt, columns: int) -> Iterator[bytes]:
    yield _CENTRE + _BOLD
    for text in (*receipt.heads, receipt.title, receipt.copy):
        yield from map(_line, folded(text or "", columns))
    yield _PLAIN + _LEFT + _line("-" * columns)


def _body(receipt: Receipt, columns: int) -> Iterator[bytes]:
    for line in receipt.lines:
        yield from map(_line, _apart(line, columns))
    yield _line("-" * columns)
    most, *others = receipt.amounts
    yield _BOLD + _line(most.label) + _TWICE
    yield from map(_line, _right(most.value, columns // 2))
    yield _ONCE + _PLAIN
    for line in (*others, receipt.order_no):
        yield from map(_line, _apart(line, columns))


def _foot(receipt: Receipt, columns: int, module: int) -> Iterator[bytes]:
    digits = receipt.order_no.value
    data = b"{C" + bytes(int(digits[n : n + 2]) for n in range(0, len(digits), 2))
    yield _CENTRE + b"\x1dH\x00\x1dh" + bytes([_BAR_HEIGHT]) + b"\x1dw" + bytes([module])
    yield b"\x1dk" + bytes([_CODE128, len(data)]) + data + b"\n"
    for text in (receipt.evidence or "", receipt.foot):
        yield from map(_line, folded(text, columns))


def _apart(line: Line, columns: int) -> list[str]:
    """Name on the left and value on the right; below each other where one line is too short for both."""
    free = columns - columns_of(line.label) - columns_of(line.value)
    if free > 0:
        return [line.label + " " * free + line.value]
    return [*folded(line.label, columns), *_right(line.value, columns)]


def _right(text: str, columns: int) -> list[str]:
    return [" " * (columns - columns_of(part)) + part for part in folded(text, columns)]


def _printable(text: str) -> str:
    """Nothing that a printer could take for a command; the yen sign as the one that GB2312 has."""
    return "".join(one if one.isprintable() else "?" for one in text.replace("¥", "￥"))


def _line(text: str) -> bytes:
    return _printable(text).encode("gb18030", "replace") + b"\n"

"""A receipt as a picture: SVG in black on white, set in whatever fonts the viewer's system has.

It holds the lines of the paper in their order. Lengths are dots of a receipt printer (8 a millimetre), so the picture
of an 80 mm receipt is 576 dots wide, as printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from counterfoil.basis import insist
from counterfoil.records.code128 import bars, width_of
from counterfoil.records.receipt import Line, Receipt
from counterfoil.records.receipt_escpos import columns_of, folded

# Width in dots, and columns of the plain letters on it, by the paper's width in millimetres.
_PAPERS: Final = {"58": (384, 32), "80": (576, 48)}
_MARGIN: Final = 24
_PLAIN, _LARGE = 22, 44
_QUIET: Final = 10
_BAR_HEIGHT: Final = 72
_GAP: Final = 14
_FONTS: Final = "PingFang SC, HarmonyOS Sans, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, system-ui, sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strip:
    """One line of the picture: its height, and what is drawn, given where its foot is."""

    height: int
    left: str = ""
    right: str = ""
    middle: str = ""
    size: int = _PLAIN
    bold: bool = False
    rule: bool = False


def svg(receipt: Receipt, paper: str = "80") -> bytes:
    """The picture. ``paper``: ``58`` or ``80`` millimetres."""
    insist(paper in _PAPERS, "paper is 58 or 80 mm wide")
    width, columns = _PAPERS[paper]
    drawn, y = [], _MARGIN
    for strip in (*_head(receipt, columns), *_body(receipt, columns)):
        y += strip.height
        drawn.append(_drawn(strip, y, width))
    drawn.append(_bars(receipt.order_no.value, y + _GAP, width))
    y += _BAR_HEIGHT + 2 * _GAP
    for text in (receipt.evidence or "", receipt.foot):
        for part in folded(text, columns):
            y += _height(_PLAIN)
            drawn.append(_drawn(_Strip(height=0, middle=part), y, width))
    height = y + _MARGIN
    label = escape(f"{receipt.title} {receipt.amounts[0].value} {receipt.order_no.value}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{label}" font-family="{_FONTS}" fill="#000000">'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(drawn)}</svg>\n'
    ).encode()


def _head(receipt: Receipt, columns: int) -> Iterator[_Strip]:
    for text in (*receipt.heads, receipt.title, receipt.copy):
        for part in folded(text or "", columns):
            yield _Strip(height=_height(_PLAIN), middle=part, bold=True)
    yield _Strip(height=_GAP, rule=True)


def _body(receipt: Receipt, columns: int) -> Iterator[_Strip]:
    for line in receipt.lines:
        yield from _apart(line, columns)
    yield _Strip(height=_GAP, rule=True)
    most, *others = receipt.amounts
    yield _Strip(height=_height(_PLAIN), left=most.label, bold=True)
    for part in folded(most.value, columns // 2):
        yield _Strip(height=_height(_LARGE), right=part, size=_LARGE, bold=True)
    for line in (*others, receipt.order_no):
        yield from _apart(line, columns)


def _apart(line: Line, columns: int) -> Iterator[_Strip]:
    """Name on the left, value on the right; below each other where one line is too short for both."""
    if columns_of(line.label) + columns_of(line.value) < columns:
        yield _Strip(height=_height(_PLAIN), left=line.label, right=line.value)
        return
    for part in folded(line.label, columns):
        yield _Strip(height=_height(_PLAIN), left=part)
    for part in folded(line.value, columns):
        yield _Strip(height=_height(_PLAIN), right=part)


def _height(size: int) -> int:
    return size * 3 // 2


def _drawn(strip: _Strip, y: int, width: int) -> str:
    if strip.rule:
        at = y - _GAP // 2 + 6
        return f'<path d="M{_MARGIN} {at}H{width - _MARGIN}" stroke="#000000" stroke-dasharray="6 6" fill="none"/>'
    placed = (
        (_MARGIN, "start", strip.left),
        (width // 2, "middle", strip.middle),
        (width - _MARGIN, "end", strip.right),
    )
    weight = ' font-weight="700"' if strip.bold else ""
    return "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{strip.size}"{weight}>{escape(text)}</text>'
        for x, anchor, text in placed
        if text
    )


def _bars(digits: str, y: int, width: int) -> str:
    """As many whole dots a module as fit, so that each bar has sharp edges."""
    modules = width_of(digits) + 2 * _QUIET
    dots = max(1, width // modules)
    begins = (width - modules * dots) // 2 + _QUIET * dots
    drawn = "".join(
        f"M{begins + at * dots} {y}h{wide * dots}v{_BAR_HEIGHT}h-{wide * dots}z" for at, wide in bars(digits)
    )
    return f'<path d="{drawn}" shape-rendering="crispEdges"/>'

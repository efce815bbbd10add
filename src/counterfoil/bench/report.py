"""Rows, and how they are shown: a line of JSON, a table in the terminal, a table of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from counterfoil.bench.machine import Machine


class Row(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One figure. ``per_second`` and the times are medians of the rounds; ``ratio`` is that of ``per_second``.

    ``reference`` names the row it is a ratio to. ``spread`` is how far the rounds lay apart: (most - least) / median.
    ``mib`` is memory, in the rows of ``bench memory`` only.
    """

    name: str
    engine: str
    callers: int | None = None
    records: int | None = None
    per_second: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    reference: str | None = None
    ratio: float | None = None
    spread: float | None = None
    mib: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The rows of one run, the machine it ran on, and what else there is to say, one sentence each."""

    title: str
    machine: Machine
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, list[Row]]:
        """What ``--json`` prints."""
        return {"rows": list(self.rows)}

    def table(self) -> list[list[str]]:
        """The head and the rows as texts, without the columns that no row fills."""
        used = [name for name in _COLUMNS if any(getattr(row, name) is not None for row in self.rows)]
        return [
            [_COLUMNS[name] for name in used],
            *([_text(name, getattr(row, name)) for name in used] for row in self.rows),
        ]

    def markdown(self) -> str:
        """A section of docs/performance.md."""
        head, *rows = self.table()
        lines = [f"## {self.title}", "", self.machine.sentence(), "", _line(head), _line(["---"] * len(head))]
        lines += [_line(row) for row in rows]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes)]).rstrip() + "\n"


_COLUMNS: Final = {
    "name": "what",
    "engine": "engine",
    "callers": "callers",
    "records": "records",
    "per_second": "a second",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "reference": "reference",
    "ratio": "ratio",
    "spread": "spread",
    "mib": "MiB",
}


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"±{value / 2:.0%}" if name == "spread" else f"{value:,.0f}" if value >= 100 else f"{value:.2f}"  # noqa: PLR2004
    return str(value)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"

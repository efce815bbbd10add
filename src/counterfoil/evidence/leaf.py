"""A leaf: one fact in canonical bytes, with the digests of the rows its Change wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.basis import JSON, decode, encode
from counterfoil.evidence.row import digest, evidenced_columns, key_of
from counterfoil.store import Entry, Fact, Touched

ROWS: Final = "rows"
ROWS_MAX: Final = 48
# What every leaf may carry beside the fields of its kind.
COMMON: Final = frozenset({"v", "type", "ts", "actor", "subject", ROWS})


def leaves(entry: Entry) -> list[bytes]:
    """One Change's leaves in order. Raises NotCanonical where one cannot be encoded.

    The last carries ``rows``; where they are more than a leaf may hold, the ones before it carry the others.
    """
    bodies = [_body(fact) for fact in entry.facts]
    rows = row_digests(entry.touched) if bodies else []
    for body in reversed(bodies):
        if rows:
            taken = len(rows) if body is bodies[0] else ROWS_MAX
            body[ROWS], rows = rows[-taken:], rows[:-taken]
    return [encode(body) for body in bodies]


def row_digests(touched: Sequence[Touched]) -> list[JSON]:
    """``[table, [key…], digest]`` for each row of a table that has evidenced columns, sorted."""
    made: list[list[JSON]] = [
        [str(each.table.name), key_of(each.table, each.row), digest(each.table, each.row)]
        for each in touched
        if evidenced_columns(each.table)
    ]
    if len(made) > 1:
        made.sort(key=_by_name)
    return [*made]


def read(entry: bytes) -> dict[str, Any]:
    """What a leaf says. Raises NotCanonical where its bytes are not the canonical form of an object."""
    said = decode(entry)
    return dict(said) if isinstance(said, Mapping) else {}


def _by_name(row: list[JSON]) -> bytes:
    return encode(row[:2])


def _body(fact: Fact) -> dict[str, Any]:
    return dict(fact.body)

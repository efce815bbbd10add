"""What a batch writes into SQLite, many rows in one statement.

The driver lets the interpreter go for each row it steps to, and waits to have it back while the loop is at work: a
statement that takes 64 rows and gives none back waits once. It also costs a third of 64 statements. Only the one writer
is in the file, so what was looked up a moment ago still holds when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeVar

import apsw
import msgspec

from counterfoil.basis import insist
from counterfoil.store import statements
from counterfoil.store.shape import Key, Shape, picking
from counterfoil.store.steps import Rows

# apsw keeps no statement above 16 KiB: 64 rows of the widest table are 10.
ROWS_MAX: Final = 64
# For each statement the committer makes: one of 64 rows, of 32, of 16, ….
STATEMENTS_KEPT: Final = 500
_ONE_ROW: Final = re.compile(r"(INSERT INTO .+ VALUES) \(\$1((?:, \$\d+)*)\)([^$]*)")
T = TypeVar("T")


class SqliteTransaction:
    """The open transaction of the writer's connection. Its coroutines never wait."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Write through ``connection``."""
        self._connection = connection

    async def many(self, text: str, arguments: Sequence[tuple[Any, ...]]) -> Rows:
        """Run one statement for each tuple of arguments, or an insert for many of them at once."""
        if not _widens(text):
            return list(self._connection.executemany(text, arguments)) if arguments else []
        for part in _parts(arguments):
            self._connection.execute(_wide_text(text, len(part)), _flat(part))
        return []

    async def look_up(self, shape: Shape, names: tuple[str, ...], keys: Sequence[Key]) -> dict[Key, Key]:
        """Look them up at once; they come back as one text."""
        width, found = len(shape.key), {}
        for part in _parts(keys):
            text = self._connection.execute(_look_text(shape, names, len(part)), _flat(part)).get
            found.update({tuple(row[:width]): tuple(row[width:]) for row in msgspec.json.decode(text)})
        return found

    async def claim(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> list[Key]:
        """Look which are there, then insert the others."""
        key_of = picking([shape.columns.index(name) for name in shape.key])
        keys = [key_of(row) for row in rows]
        there = await self.look_up(shape, (), keys)
        await self.append(shape, [row for row, key in zip(rows, keys, strict=True) if key not in there])
        return [key for key in keys if key not in there]

    async def guard(self, shape: Shape, sets: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> list[Key]:
        """Look which versions hold, then write those."""
        key_of = itemgetter(slice(len(sets), -1))
        versions = await self.look_up(shape, ("version",), [key_of(row) for row in rows])
        held = [row for row in rows if versions.get(key_of(row)) == row[-1:]]
        for part in _parts(held):
            self._connection.execute(_guard_text(shape, sets, len(part)), _flat(part))
            insist(self._connection.changes() == len(part), "a row whose version was just read is written")
        return [key_of(row) for row in held]

    async def lock_heads(self, merchants: Sequence[int]) -> Rows:
        """Read the heads; the one writer holds every lock already."""
        heads: Rows = []
        for part in _parts([(merchant,) for merchant in merchants]):
            text = self._connection.execute(_heads_text(len(part)), _flat(part)).get
            heads += [(merchant, size, bytes.fromhex(raw)) for merchant, size, raw in msgspec.json.decode(text)]
        return heads

    async def append(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows."""
        await self.many(statements.insert_text(shape), rows)


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in order, 64 at a time; what is left then in parts of 32, 16, …, so that there are few statements."""
    at, size = 0, ROWS_MAX
    while left := len(rows) - at:
        while size > left:
            size //= 2
        yield rows[at : at + size]
        at += size


def _flat(rows: Sequence[tuple[Any, ...]]) -> list[Any]:
    return list(chain.from_iterable(rows))


@lru_cache(maxsize=statements.TEXTS_MAX)
def _widens(text: str) -> bool:
    """Whether it inserts one row, has arguments nowhere else, and gives nothing back."""
    return _ONE_ROW.fullmatch(text) is not None and " RETURNING " not in text


@lru_cache(maxsize=statements.TEXTS_MAX)
def _wide_text(text: str, count: int) -> str:
    found = _ONE_ROW.fullmatch(text)
    insist(found is not None, "only an insert of one row takes many")
    begin, others, end = found.groups() if found else ("", "", "")
    return f"{begin} {_values(1 + others.count('$'), count)}{end}"


@lru_cache(maxsize=statements.TEXTS_MAX)
def _look_text(shape: Shape, names: tuple[str, ...], count: int) -> str:
    key, all_ = (", ".join(f'"{name}"' for name in each) for each in (shape.key, (*shape.key, *names)))
    return (
        f'SELECT json_group_array(json_array({all_})) FROM "{shape.name}" '  # noqa: S608 - names of our own schema
        f"WHERE ({key}) IN (VALUES {_values(len(shape.key), count)})"
    )


@lru_cache(maxsize=statements.TEXTS_MAX)
def _heads_text(count: int) -> str:
    return (
        "SELECT json_group_array(json_array(merchant_id, size, hex(frontier))) FROM evidence_head "  # noqa: S608
        f"WHERE merchant_id IN ({', '.join('?' * count)})"
    )


@lru_cache(maxsize=statements.TEXTS_MAX)
def _guard_text(shape: Shape, sets: tuple[str, ...], count: int) -> str:
    """Arguments of each row: the values of ``sets``, the key, the version read."""
    values = [f"v{place}" for place in range(len(sets) + len(shape.key) + 1)]
    settings = ", ".join(f'"{name}" = now.{value}' for name, value in zip(sets, values, strict=False))
    held = (*shape.key, "version")
    where = " AND ".join(f'row."{name}" = now.{value}' for name, value in zip(held, values[len(sets) :], strict=True))
    return (
        f"WITH now ({', '.join(values)}) AS (VALUES {_values(len(values), count)}) "  # noqa: S608
        f'UPDATE "{shape.name}" AS row SET {settings}, "version" = row."version" + 1 FROM now WHERE {where}'
    )


def _values(width: int, count: int) -> str:
    row = f"({','.join('?' * width)})"
    return ",".join([row] * count)

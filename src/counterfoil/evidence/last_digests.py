"""The last digest of each row while a log is read: a scratch table that spills to disk, so memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import apsw

_MAKE: Final = """
CREATE TABLE last (key BLOB PRIMARY KEY, digest TEXT, at ANY, position INTEGER, merchant_id INTEGER) WITHOUT ROWID;
"""
_NOTE: Final = """
INSERT INTO last VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET digest = excluded.digest, at = excluded.at,
position = excluded.position, merchant_id = excluded.merchant_id WHERE excluded.at >= at
"""


class Last(NamedTuple):
    """``digest`` is that of the row's last fact, None where that fact says the row is gone, NO_FACT where none is."""

    key: bytes
    digest: str | None
    at: int | str
    position: int | None
    merchant_id: int


NO_FACT: Final = ""


class LastDigests:
    """Later facts replace earlier ones; ``at`` orders them."""

    def __init__(self) -> None:
        self._db = apsw.Connection("")
        self._db.pragma("journal_mode", "off")
        self._db.pragma("synchronous", 0)
        self._db.execute(_MAKE)

    def note(self, lasts: Iterable[Last]) -> None:
        """Keep these where none is later."""
        with self._db:
            self._db.executemany(_NOTE, lasts)

    def take(self, rows: Iterable[Last]) -> None:
        """Hold rows of the database against the facts: what agrees is struck out, what has no fact is put in."""
        with self._db:
            for row in rows:
                held = self._db.execute("SELECT digest FROM last WHERE key = ?", (row.key,)).get
                if held is None and not self._has(row.key):
                    self._db.execute(_NOTE, row._replace(digest=NO_FACT))
                elif held == row.digest:
                    self._db.execute("DELETE FROM last WHERE key = ?", (row.key,))

    def strike(self, key: bytes) -> None:
        """This row has been settled."""
        self._db.execute("DELETE FROM last WHERE key = ?", (key,))

    def clear(self) -> None:
        """Begin anew."""
        self._db.execute("DELETE FROM last")

    def count(self) -> int:
        """How many rows are open."""
        return int(self._db.execute("SELECT count(*) FROM last").get)

    def open(self, limit: int) -> Iterator[Last]:
        """What is open, in the order of the facts."""
        found = self._db.execute("SELECT * FROM last ORDER BY position IS NULL, position LIMIT ?", (limit,))
        return iter([Last(*row) for row in found])

    def close(self) -> None:
        """Give the scratch file back."""
        self._db.close()

    def _has(self, key: bytes) -> bool:
        return self._db.execute("SELECT 1 FROM last WHERE key = ?", (key,)).get is not None

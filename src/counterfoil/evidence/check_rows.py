"""Verify: the tables against the last digest of each row, both ways, and erasable values against their commitments.

8 every row fits its last fact · 9 no row is without a fact · 10 no fact is without its row, or says the row is gone ·
11 a personal value that is still there, with its salt, fits its commitment.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select, tuple_

from counterfoil.basis import decode, encode
from counterfoil.evidence.fact import commitment
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.last_digests import NO_FACT, Last, LastDigests
from counterfoil.evidence.row import digest, erasable_columns, evidenced_columns, key_columns, key_of
from counterfoil.evidence.source import Source
from counterfoil.store import Scope, metadata

PAGE: Final = 1000
NAMED_MAX: Final = 1000


class RowCheck:
    """The rows of one merchant, or of the tables that belong to no one merchant (``merchant_id`` None)."""

    def __init__(self, source: Source, merchant_id: int | None, lasts: LastDigests) -> None:
        self._source = source
        self._merchant_id = merchant_id
        self._lasts = lasts
        self.rows = 0

    async def read(self, table: Table) -> AsyncIterator[Finding]:
        """Hold every row of a table against the facts; what does not agree stays open in ``lasts``."""
        after: Mapping[str, Any] | None = None
        while True:
            page = await self._source.fetch(*self._page(table, after))
            self._lasts.take([self._last(table, row) for row in page])
            for row in page:
                for finding in self._commitments(table, row):
                    yield finding
            self.rows += len(page)
            if len(page) < PAGE:
                return
            after = page[-1]

    async def settle(self) -> None:
        """Look at the open rows again, one by one: under a running server a row may have moved on meanwhile."""
        for last in list(self._lasts.open(NAMED_MAX)):
            row = await self._row(last)
            if last.digest == (None if row is None else self._last(*row).digest):
                self._lasts.strike(last.key)

    async def findings(self) -> AsyncIterator[Finding]:
        """What is still open, as findings; the first thousand."""
        for last in list(self._lasts.open(NAMED_MAX)):
            row = await self._row(last)
            found = Found.ROW_CHANGED if row else Found.ROW_MISSING
            if last.digest == NO_FACT:
                found = Found.ROW_WITHOUT_FACT
            name, key = _table_and_key(last)
            yield Finding(found, last.merchant_id, name, tuple(key), last.position)

    async def _row(self, last: Last) -> tuple[Table, Mapping[str, Any]] | None:
        name, key = _table_and_key(last)
        table = metadata.tables.get(name)
        if table is None or len(key) != len(key_columns(table)):
            return None
        wanted = {f"key_{at}": value for at, value in enumerate(key)}
        where = [table.c[column] == bindparam(f"key_{at}") for at, column in enumerate(key_columns(table))]
        rows = await self._source.fetch(*self._of_merchant(table, _columns(table).where(*where), wanted))
        return (table, rows[0]) if rows else None

    def _page(self, table: Table, after: Mapping[str, Any] | None) -> tuple[Select[Any], dict[str, Any]]:
        keys = [table.c[name] for name in key_columns(table)]
        query, params = _columns(table).order_by(*keys).limit(PAGE), {}
        if after is not None and len(keys) == 1:
            query = query.where(keys[0] > bindparam("key_0", type_=keys[0].type))
        elif after is not None:
            bound = [bindparam(f"key_{at}", type_=each.type) for at, each in enumerate(keys)]
            query = query.where(tuple_(*keys) > tuple_(*bound))
        if after is not None:
            params = {f"key_{at}": after[name] for at, name in enumerate(key_columns(table))}
        return self._of_merchant(table, query, params)

    def _of_merchant(
        self, table: Table, query: Select[Any], params: dict[str, Any]
    ) -> tuple[Select[Any], dict[str, Any]]:
        if table.info["scope"] is not Scope.BY_MERCHANT:
            return query, params
        return query.where(table.c.merchant_id == bindparam("merchant_id")), {
            **params,
            "merchant_id": self._merchant_id,
        }

    def _last(self, table: Table, row: Mapping[str, Any]) -> Last:
        merchant_id = row["merchant_id"] if self._merchant_id is None else self._merchant_id
        return Last(encode([str(table.name), key_of(table, row)]), digest(table, row), 0, None, merchant_id)

    def _commitments(self, table: Table, row: Mapping[str, Any]) -> Iterator[Finding]:
        for name in erasable_columns(table):
            value, salt, stated = row[name], row[f"{name}_salt"], row[f"{name}_commitment"]
            if value is not None and (salt is None or commitment(name, value, salt) != stated):
                key = tuple(row[each] for each in key_columns(table))
                yield Finding(Found.COMMITMENT_DIFFERS, row["merchant_id"], table.name, key, why=name)


def _columns(table: Table) -> Select[Any]:
    personal = [each for name in erasable_columns(table) for each in (name, f"{name}_salt")]
    return select(
        *(table.c[name] for name in dict.fromkeys([*evidenced_columns(table), *key_columns(table), *personal]))
    )


def _table_and_key(last: Last) -> tuple[str, Sequence[Any]]:
    named = decode(last.key)
    table, key = named if isinstance(named, list) else ("", [])
    return str(table), key if isinstance(key, list) else []

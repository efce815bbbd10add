"""Verify: the tables against the last digest of each row, both ways, and erasable values against their commitments.

8 every row fits its last fact · 9 no row is without a fact · 10 no fact is without its row, or says the row is gone ·
11 a personal value that is still there, with its salt, fits its commitment.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, Select, Table, bindparam, select, tuple_

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
        key: Sequence[Any] = ()
        while True:
            page = await self._source.fetch(_page_query(table, first=not key), self._params(table, key))
            self._lasts.take([self._last(table, row) for row in page])
            for row in page:
                for finding in self._commitments(table, row):
                    yield finding
            self.rows += len(page)
            if len(page) < PAGE:
                return
            key = [page[-1][name] for name in key_columns(table)]

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
        rows = await self._source.fetch(_row_query(table), self._params(table, key))
        return (table, rows[0]) if rows else None

    def _params(self, table: Table, key: Sequence[Any]) -> dict[str, Any]:
        params = {f"key_{at}": value for at, value in enumerate(key)}
        return params | ({"merchant_id": self._merchant_id} if _is_by_merchant(table) else {})

    def _last(self, table: Table, row: Mapping[str, Any]) -> Last:
        merchant_id = row["merchant_id"] if self._merchant_id is None else self._merchant_id
        return Last(encode([str(table.name), key_of(table, row)]), digest(table, row), 0, None, merchant_id)

    def _commitments(self, table: Table, row: Mapping[str, Any]) -> Iterator[Finding]:
        for name in erasable_columns(table):
            value, salt, stated = row[name], row[f"{name}_salt"], row[f"{name}_commitment"]
            if value is not None and (salt is None or commitment(name, value, salt) != stated):
                key = tuple(row[each] for each in key_columns(table))
                yield Finding(Found.COMMITMENT_DIFFERS, row["merchant_id"], table.name, key, why=name)


@lru_cache(maxsize=256)
def _row_query(table: Table) -> Select[Any]:
    return _columns(table).where(*(table.c[name] == bound for name, bound in _bound(table).items()))


@lru_cache(maxsize=256)
def _page_query(table: Table, *, first: bool) -> Select[Any]:
    """The rows behind a key, in order of the key; the key columns are compared as one."""
    keys = [table.c[name] for name in key_columns(table)]
    query = _columns(table).order_by(*keys).limit(PAGE)
    bound = list(_bound(table).values())
    if first:
        return query
    return query.where(keys[0] > bound[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*bound))


def _bound(table: Table) -> dict[str, BindParameter[Any]]:
    names = key_columns(table)
    return {name: bindparam(f"key_{at}", type_=table.c[name].type) for at, name in enumerate(names)}


def _is_by_merchant(table: Table) -> bool:
    return table.info["scope"] is Scope.BY_MERCHANT


def _columns(table: Table) -> Select[Any]:
    personal = [each for name in erasable_columns(table) for each in (name, f"{name}_salt")]
    names = dict.fromkeys([*evidenced_columns(table), *key_columns(table), *personal])
    query = select(*(table.c[name] for name in names))
    return query.where(table.c.merchant_id == bindparam("merchant_id")) if _is_by_merchant(table) else query


def _table_and_key(last: Last) -> tuple[str, Sequence[Any]]:
    named = decode(last.key)
    table, key = named if isinstance(named, list) else ("", [])
    return str(table), key if isinstance(key, list) else []

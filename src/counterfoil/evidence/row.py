"""The digest of a row: what a leaf says about the tables, so that an edit of a row is found.

SHA-256, in hex, of the canonical bytes of ``[table, [key…], {evidenced columns}]``. The key is the primary key; in a
table by merchant without the merchant, whose log it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Table

from counterfoil.basis import JSON, KnownObject
from counterfoil.store import Mark, Scope, metadata

MERCHANT: Final = "merchant_id"
GONE: Final = None  # stands in a leaf in place of a digest where the row was destroyed


@lru_cache(maxsize=256)
def key_columns(table: Table) -> tuple[str, ...]:
    """The names of the key as leaves write it."""
    names = tuple(str(column.name) for column in table.primary_key.columns)
    return names[1:] if table.info["scope"] is Scope.BY_MERCHANT else names


@lru_cache(maxsize=256)
def evidenced_columns(table: Table) -> tuple[str, ...]:
    """The columns that enter the digest; none where only the merchant is marked, for that alone says nothing."""
    names = tuple(str(column.name) for column in table.columns if column.info.get("mark") is Mark.EVIDENCED)
    return () if names == (MERCHANT,) and table.info["scope"] is Scope.BY_MERCHANT else names


@lru_cache(maxsize=256)
def erasable_columns(table: Table) -> tuple[str, ...]:
    """The columns that enter the digest as their commitment."""
    return tuple(str(column.name) for column in table.columns if column.info.get("mark") is Mark.ERASABLE)


def evidenced_tables(scope: Scope) -> list[Table]:
    """The tables of one scope that the evidence speaks of, by name."""
    named = sorted(metadata.tables.items())
    return [table for _, table in named if table.info["scope"] is scope and evidenced_columns(table)]


def key_of(table: Table, row: Mapping[str, Any]) -> list[JSON]:
    """The row's key as leaves write it."""
    return [row[name] for name in key_columns(table)]


def digest(table: Table, row: Mapping[str, Any]) -> str:
    """The digest of a whole row. Raises NotCanonical for a value that is no integer, text or null."""
    return sha256(_columns(table).encode_behind([str(table.name), key_of(table, row)], row)).hexdigest()


@lru_cache(maxsize=256)
def _columns(table: Table) -> KnownObject:
    return KnownObject(evidenced_columns(table))

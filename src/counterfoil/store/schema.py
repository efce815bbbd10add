"""How an area describes its tables, and what each column means to the evidence.

Every table says BY_MERCHANT (its keys begin with ``merchant_id``; Citus spreads it) or EVERYWHERE (small, copied to
each node). Every column says what it is to the evidence:

evidenced   enters the row's digest as it is; changing it without a fact is found by ``verify``
erasable    personal: its salted commitment enters the digest, so that value and salt may be destroyed later
working     leases, caches, secrets: not in the digest

Dialect words stand only in ``store/engines``; the types here compile to what each engine calls them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import UserDefinedType

metadata: Final = MetaData()

# What an area calls its columns: a 64-bit integer, a text of any length, bytes, and ``Id`` below.
Whole: Final = BigInteger().with_variant(Integer(), "sqlite")
Line: Final = Text
Blob: Final = LargeBinary


class Scope(StrEnum):
    """Where a table's rows live."""

    BY_MERCHANT = "BY_MERCHANT"
    EVERYWHERE = "EVERYWHERE"


class Mark(StrEnum):
    """What a column is to the evidence."""

    EVIDENCED = "evidenced"
    ERASABLE = "erasable"
    WORKING = "working"


class Id(UserDefinedType[str]):
    """A UUID, always its lower-case text in Python; ``uuid`` on PostgreSQL, ``TEXT`` on SQLite."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The name on engines with a UUID type."""
        return "UUID"


@compiles(Id, "sqlite")
def _id_on_sqlite(_type: object, _compiler: object, **_: object) -> str:
    return "TEXT"


def evidenced(name: str, kind: Any, *, null: bool = False, default: Any = None) -> Column[Any]:
    """A column that enters the row's digest. ``default`` is a literal SQL default."""
    return Column(name, kind, nullable=null, server_default=default, autoincrement=False, info={"mark": Mark.EVIDENCED})


def working(name: str, kind: Any, *, null: bool = False, default: Any = None) -> Column[Any]:
    """A column outside the digest: leases, caches, secrets, versions."""
    return Column(name, kind, nullable=null, server_default=default, autoincrement=False, info={"mark": Mark.WORKING})


def erasable(name: str) -> tuple[Column[Any], Column[Any], Column[Any]]:
    """Personal text ``name`` with ``name_salt``, and ``name_commitment`` which enters the digest in its place.

    Value and salt are erased together; the commitment stays and says nothing without the salt.
    """
    return (
        Column(name, Text, nullable=True, info={"mark": Mark.ERASABLE}),
        Column(f"{name}_salt", Text, nullable=True, info={"mark": Mark.WORKING}),
        Column(f"{name}_commitment", Text, nullable=True, info={"mark": Mark.EVIDENCED}),
    )


def versioned() -> tuple[Column[Any], Column[Any]]:
    """The two columns of a root row: the version it is guarded by, and the Change that last wrote it."""
    return working("version", Whole, default="1"), working("last_change", Id)


def by_merchant(name: str, *parts: Any, key: tuple[str, ...], root: bool = False) -> Table:
    """A table whose primary key is ``merchant_id`` followed by ``key``.

    A ``root`` table carries ``versioned()`` columns; its inserts are the idempotency inserts of a batch.
    """
    merchant = evidenced("merchant_id", Whole)
    return Table(
        name,
        metadata,
        merchant,
        *parts,
        PrimaryKeyConstraint("merchant_id", *key),
        info={"scope": Scope.BY_MERCHANT, "root": root, "key": key},
        sqlite_strict=True,
    )


def everywhere(name: str, *parts: Any, key: tuple[str, ...], root: bool = False) -> Table:
    """A small table that every node of a spread database holds whole."""
    return Table(
        name,
        metadata,
        *parts,
        PrimaryKeyConstraint(*key),
        info={"scope": Scope.EVERYWHERE, "root": root, "key": key},
        sqlite_strict=True,
    )


def belongs_to(table: str, *columns: str, key: tuple[str, ...]) -> ForeignKeyConstraint:
    """A foreign key within one merchant: ``(merchant_id, *columns)`` to ``table(merchant_id, *key)``."""
    return ForeignKeyConstraint(("merchant_id", *columns), tuple(f"{table}.{name}" for name in ("merchant_id", *key)))

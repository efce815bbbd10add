"""What the committer must know of a table, worked out once: its key, its place in the lock order, its defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Table
from sqlalchemy.schema import DefaultClause

from counterfoil.basis import insist
from counterfoil.store.schema import Id, Mark, Scope

Key = tuple[Any, ...]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """Orders by ``depth`` (how many foreign keys lead up from here) and name: parents are written before children.

    ``ids`` are the columns that hold a UUID. ``whole`` picks a row's values in the order of the columns.
    """

    depth: int
    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    by_merchant: bool
    root: bool
    versioned: bool
    evidenced: bool
    known: frozenset[str] = field(compare=False)
    ids: frozenset[str] = field(compare=False)
    whole: Callable[[Row], Key] = field(compare=False)

    def key_of(self, row: Mapping[str, Any], merchant_id: int) -> Key:
        """The primary key of ``row``; its merchant is the Change's where the row does not say."""
        return tuple([row[name] if name in row else _absent(self.name, name, merchant_id) for name in self.key])


def _absent(table: str, name: str, merchant_id: int) -> int:
    insist(name == "merchant_id", f"a row of {table} lacks its key column {name}")
    return merchant_id


def picking(names: Sequence[Any]) -> Callable[[Any], Key]:
    """What takes the values of ``names`` out of a row, as a tuple in their order; KeyError where one lacks.

    Places instead of names where the row is a tuple.
    """
    if len(names) == 1:
        (name,) = names
        return lambda row: (row[name],)
    return itemgetter(*names)


@lru_cache(maxsize=512)
def shape(table: Table) -> Shape:
    """The shape of ``table``."""
    # SQLAlchemy's names are a kind of str of its own; plain ones are what everything else is quick with.
    columns = tuple(str(column.name) for column in table.columns)
    return Shape(
        depth=_depth(table),
        name=str(table.name),
        key=tuple(str(column.name) for column in table.primary_key.columns),
        known=frozenset(columns),
        ids=frozenset(str(column.name) for column in table.columns if isinstance(column.type, Id)),
        columns=columns,
        whole=picking(columns),
        by_merchant=table.info["scope"] is Scope.BY_MERCHANT,
        root=bool(table.info["root"]),
        versioned="version" in columns,
        evidenced=any(
            column.info.get("mark") is Mark.EVIDENCED for column in table.columns if column.name != "merchant_id"
        ),
    )


@lru_cache(maxsize=512)
def blank(table: Table) -> dict[str, Any]:
    """A row of ``table`` with every default filled in and None elsewhere."""
    return {str(column.name): _default(column.server_default) for column in table.columns}


def _default(default: Any) -> Any:
    if not isinstance(default, DefaultClause):
        return None
    text = str(default.arg.text) if isinstance(default.arg, ClauseElement) else str(default.arg)  # type: ignore[attr-defined]
    return int(text) if text.lstrip("-").isdigit() else text.strip("'")


def _depth(table: Table) -> int:
    parents = {key.column.table for key in table.foreign_keys} - {table}
    return 1 + max((_depth(parent) for parent in parents), default=-1)

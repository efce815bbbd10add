"""The SQL of the steps, the same text on every engine.

``$1, $2, …`` first appear in ascending order: PostgreSQL reads them as positions, SQLite as names it numbers by first
appearance, so one tuple of arguments fits both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from counterfoil.store.shape import Shape

TEXTS_MAX = 1024


@lru_cache(maxsize=TEXTS_MAX)
def claim_text(shape: Shape) -> str:
    """Insert a root row unless its id is there; return the key of those that were inserted.

    The conflict names the key: another unique index that is hit is an error, not a repeat.
    """
    return f"{insert_text(shape)} ON CONFLICT ({_list(shape.key)}) DO NOTHING RETURNING {_list(shape.key)}"


@lru_cache(maxsize=TEXTS_MAX)
def insert_text(shape: Shape) -> str:
    """Insert a row with all its columns."""
    values = ", ".join(f"${place}" for place in range(1, len(shape.columns) + 1))
    return f'INSERT INTO "{shape.name}" ({_list(shape.columns)}) VALUES ({values})'  # noqa: S608


@lru_cache(maxsize=TEXTS_MAX)
def guard_text(shape: Shape, sets: tuple[str, ...]) -> str:
    """Write ``sets`` and the next version where the version still holds; return the key of those it held for.

    Arguments: the values of ``sets``, the key, the version read.
    """
    settings, where = _settings(sets), _where(shape, len(sets))
    version = len(sets) + len(shape.key) + 1
    return (
        f'UPDATE "{shape.name}" SET {settings}, "version" = "version" + 1 '  # noqa: S608
        f'WHERE {where} AND "version" = ${version} RETURNING {_list(shape.key)}'
    )


@lru_cache(maxsize=TEXTS_MAX)
def update_text(shape: Shape, sets: tuple[str, ...]) -> str:
    """Write ``sets`` of a row; return its key. Arguments: the values of ``sets``, the key."""
    return f'UPDATE "{shape.name}" SET {_settings(sets)} WHERE {_where(shape, len(sets))} RETURNING {_list(shape.key)}'  # noqa: S608


@lru_cache(maxsize=TEXTS_MAX)
def drop_text(shape: Shape) -> str:
    """Delete a row; return its key. Arguments: the key, and of a row without a version all other columns as read."""
    others = () if shape.versioned else tuple(name for name in shape.columns if name not in shape.key)
    same = "".join(f' AND "{name}" IS NOT DISTINCT FROM ${at}' for at, name in enumerate(others, len(shape.key) + 1))
    return f'DELETE FROM "{shape.name}" WHERE {_where(shape, 0)}{same} RETURNING {_list(shape.key)}'  # noqa: S608


@lru_cache(maxsize=TEXTS_MAX)
def look_text(shape: Shape, names: tuple[str, ...]) -> str:
    """Read the key and the columns ``names`` of a row. Arguments: the key."""
    return f'SELECT {_list((*shape.key, *names))} FROM "{shape.name}" WHERE {_where(shape, 0)}'  # noqa: S608


@lru_cache(maxsize=TEXTS_MAX)
def total_text(shape: Shape, amounts: tuple[str, ...]) -> str:
    """Add to one row of a summing table, or begin it. Arguments: the key, all its amounts."""
    columns = (*shape.key, *amounts)
    values = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
    added = ", ".join(f'"{name}" = "{shape.name}"."{name}" + excluded."{name}"' for name in amounts)
    return (
        f'INSERT INTO "{shape.name}" ({_list(columns)}) VALUES ({values}) '  # noqa: S608
        f"ON CONFLICT ({_list(shape.key)}) DO UPDATE SET {added}"
    )


NEW_HEAD = (
    "INSERT INTO evidence_head (merchant_id, size, frontier) VALUES ($1, $2, $3) ON CONFLICT (merchant_id) DO NOTHING"
)
MOVE_HEAD = (
    "INSERT INTO evidence_head (merchant_id, size, frontier) VALUES ($1, $2, $3) "
    "ON CONFLICT (merchant_id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier"
)
KEEP_COUNTER = (
    "INSERT INTO counter (merchant_id, name, value) VALUES ($1, $2, $3) "
    "ON CONFLICT (merchant_id, name) DO UPDATE SET value = excluded.value"
)
READ_LEAF = "SELECT leaf_hash FROM evidence_leaf WHERE merchant_id = $1 AND position = $2"


def _list(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _settings(sets: Sequence[str]) -> str:
    return ", ".join(f'"{name}" = ${place}' for place, name in enumerate(sets, 1))


def _where(shape: Shape, after: int) -> str:
    return " AND ".join(f'"{name}" = ${place}' for place, name in enumerate(shape.key, after + 1))

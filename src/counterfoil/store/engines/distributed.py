"""PostgreSQL spread over several machines by Citus: every merchant's rows lie together on one of them.

Which table is what follows from the database itself: a table with ``merchant_id`` is spread by it, all of them alike,
so that a merchant's rows share a node; any other is small and copied to each node. A statement about a merchant's rows
names one merchant, as a constant, in every one of its parts: it then goes to one node and may lock and write there, and
that node's commit alone decides. Sources: the Citus manual (create_distributed_table, create_reference_table,
co-location) and its sources on which statements commit in two phases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from counterfoil.basis import insist
from counterfoil.store import statements
from counterfoil.store.engines.postgresql import PostgresEngine, PostgresTransaction, without_limits
from counterfoil.store.faults import CITUS_MISSING, NOT_DISTRIBUTED
from counterfoil.store.shape import Key, Shape
from counterfoil.store.steps import Rows

# Every merchant that ever did anything has one row in it, and no key leads up from it: the others lie where it lies.
ANCHOR: Final = "evidence_head"
LOCK_HEAD: Final = "SELECT merchant_id, size, frontier FROM evidence_head WHERE merchant_id = $1 FOR NO KEY UPDATE"
# Ours are all the tables of the schema we write to, whoever described them.
_TABLES: Final = """
SELECT c.oid::regclass::text AS name,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id') AS by_merchant,
    EXISTS (SELECT FROM pg_dist_partition p WHERE p.logicalrelid = c.oid) AS spread,
    ARRAY(
        SELECT k.confrelid::regclass::text FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid
    ) AS parents
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A table as it stands in the database; ``parents`` are the tables its foreign keys lead to."""

    name: str
    by_merchant: bool
    spread: bool
    parents: tuple[str, ...]


def spreading(tables: Iterable[Found]) -> list[str]:
    """The statements that spread what is not spread yet: copied tables first, then parents before their children."""
    known = {table.name: table for table in tables}
    copied = sorted(name for name, table in known.items() if not table.by_merchant)
    ours = sorted((name for name, table in known.items() if table.by_merchant), key=lambda name: _place(name, known))
    insist(not ours or ours[0] == ANCHOR, f"{ANCHOR} is the first table to be spread")
    return [_spread(known[name]) for name in (*copied, *ours) if not known[name].spread]


def _place(name: str, known: dict[str, Found]) -> tuple[bool, int, str]:
    return name != ANCHOR, _depth(name, known), name


def _depth(name: str, known: dict[str, Found]) -> int:
    return 1 + max((_depth(parent, known) for parent in known[name].parents), default=-1)


def _spread(table: Found) -> str:
    if not table.by_merchant:
        return f"SELECT create_reference_table('{table.name}')"
    beside = "none" if table.name == ANCHOR else ANCHOR
    return f"SELECT create_distributed_table('{table.name}', 'merchant_id', colocate_with => '{beside}')"


class DistributedTransaction(PostgresTransaction):
    """A transaction of one merchant: each statement names it, and one node carries it out."""

    async def versions(self, shape: Shape, keys: Sequence[Key]) -> dict[Key, int]:
        """A statement for each, in one round trip: a list of keys would be looked for on every node."""
        found = await self.many(statements.version_text(shape), keys)
        return {row[:-2]: row[-2] for row in found}

    async def lock_heads(self, merchants: Sequence[int]) -> Rows:
        """Lock the one head, or one after the other: rows are not locked on several nodes by one statement."""
        return await self.many(LOCK_HEAD, [(merchant,) for merchant in merchants])

    async def append(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert them one by one in one round trip: COPY commits in two phases even where one node gets it all."""
        await self.many(statements.insert_text(shape), rows)


class DistributedEngine(PostgresEngine):
    """One node of such a database that one connects to; ``distribute`` needs the coordinator, nothing else does."""

    transaction = DistributedTransaction
    # Citus may say that a COMMIT failed when the node that did it was only not heard.
    believes_errors = False

    async def distribute(self) -> None:
        """Spread what is not spread yet, in one transaction; of several processes one does it.

        Raises Refused CF-6022 where there is no Citus, CF-6023 with its words where it will not.
        """
        connection = await self._connect()
        try:
            if await _is_spread(connection):
                return
            await _have_citus(connection)
            async with connection.transaction():
                await without_limits(connection)
                await connection.execute("LOCK TABLE schema_version IN EXCLUSIVE MODE")
                if not await _is_spread(connection):
                    await _spread_all(connection, self._clock.now())
        except asyncpg.PostgresError as error:
            raise NOT_DISTRIBUTED(why=str(error)) from error
        finally:
            await connection.close()


async def _is_spread(connection: asyncpg.Connection[Any]) -> bool:
    return not await connection.fetchval("SELECT 1 FROM schema_version WHERE distributed_at IS NULL LIMIT 1")


async def _have_citus(connection: asyncpg.Connection[Any]) -> None:
    """Make the extension where one may."""
    if await connection.fetchval("SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
        return
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS citus")
    except asyncpg.PostgresError as error:
        if await connection.fetchval("SELECT 1 FROM pg_extension WHERE extname = 'citus'"):
            return  # another process made it at the same moment
        raise CITUS_MISSING(why=str(error)) from error


async def _spread_all(connection: asyncpg.Connection[Any], now: int) -> None:
    # Tables with foreign keys among them in one transaction: one connection a node, or Citus refuses.
    await connection.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'")
    rows = await connection.fetch(_TABLES)
    found = [Found(row["name"], row["by_merchant"], row["spread"], tuple(row["parents"])) for row in rows]
    for text in spreading(found):
        await connection.execute(text)
    await connection.execute("UPDATE schema_version SET distributed_at = $1 WHERE distributed_at IS NULL", now)

"""PostgreSQL spread over several machines by Citus: every merchant's rows lie together on one of them.

Which table is what follows from its scope: BY_MERCHANT is spread by ``merchant_id``, all such tables alike, so that a
merchant's rows share a node; EVERYWHERE is small and copied to each node. A statement about a merchant's rows
names one merchant, as a constant, in every one of its parts: it then goes to one node and may lock and write there, and
that node's commit alone decides. Sources: the Citus manual (create_distributed_table, create_reference_table,
co-location) and its sources on which statements commit in two phases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import Table

from counterfoil.store import statements
from counterfoil.store.engines.postgresql import PostgresEngine, PostgresTransaction, without_limits
from counterfoil.store.faults import CITUS_MISSING, NOT_DISTRIBUTED
from counterfoil.store.schema import metadata
from counterfoil.store.shape import Key, Shape, shape
from counterfoil.store.steps import Rows

# Every merchant that ever did anything has one row in it, and no key leads up from it: the others lie where it lies.
ANCHOR: Final = "evidence_head"
LOCK_HEAD: Final = "SELECT merchant_id, size, frontier FROM evidence_head WHERE merchant_id = $1 FOR NO KEY UPDATE"
# The tables that are there and not spread yet.
_HERE: Final = """
SELECT c.relname::text FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    AND NOT EXISTS (SELECT FROM pg_dist_partition p WHERE p.logicalrelid = c.oid)
"""


def spreading(tables: Iterable[Table]) -> list[str]:
    """The statements that spread ``tables``: copied ones first, then the anchor, then parents before their children.

    Foreign keys stand already; Citus takes them over where the parent is spread before its child.
    """
    shapes = sorted(map(shape, tables), key=lambda each: (each.by_merchant, each.name != ANCHOR, each))
    return [
        _beside(each.name) if each.by_merchant else f"SELECT create_reference_table('{each.name}')" for each in shapes
    ]


def _beside(name: str) -> str:
    beside = "none" if name == ANCHOR else ANCHOR
    return f"SELECT create_distributed_table('{name}', 'merchant_id', colocate_with => '{beside}')"


class DistributedTransaction(PostgresTransaction):
    """A transaction of one merchant: each statement names it, and one node carries it out."""

    async def look_up(self, shape: Shape, names: tuple[str, ...], keys: Sequence[Key]) -> dict[Key, Key]:
        """A statement for each, in one round trip: a list of keys would be looked for on every node."""
        width = len(shape.key)
        found = await self.many(statements.look_text(shape, names), keys)
        return {row[:width]: row[width:] for row in found}

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
    several_nodes = True

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
    here = {name for (name,) in await connection.fetch(_HERE)}
    for text in spreading(table for table in metadata.sorted_tables if table.name in here):
        await connection.execute(text)
    await connection.execute("UPDATE schema_version SET distributed_at = $1 WHERE distributed_at IS NULL", now)

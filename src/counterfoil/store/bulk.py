"""Fill a fresh database with rows that nothing vouches for: to measure reading at sizes no log could be written for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any, Final

from sqlalchemy import Table

from counterfoil.basis import Clock
from counterfoil.store.engines.reach import Patience
from counterfoil.store.migrations import migrate
from counterfoil.store.shape import Shape, shape
from counterfoil.store.steps import Transaction
from counterfoil.store.store import engine_of

CHUNK: Final = 5_000
COMMIT_SECONDS: Final = 120.0


async def load_unevidenced(address: str, table: Table, rows: Iterable[tuple[Any, ...]], *, clock: Clock) -> int:
    """Append ``rows`` (values in the order of the table's columns) in commits of 5,000; answer with their number.

    They stand in no log, so ``verify`` names every one of them: never for a database that anybody relies on.
    """
    engine = engine_of(address, clock, inline=False, patience=Patience(commit=COMMIT_SECONDS))
    try:
        await migrate(engine)
        made, left, count = shape(table), iter(rows), 0
        while chunk := list(islice(left, CHUNK)):
            await engine.transact(partial(_append, made, chunk))
            count += len(chunk)
        return count
    finally:
        await engine.close()


async def _append(made: Shape, chunk: list[tuple[Any, ...]], tx: Transaction) -> None:
    await tx.append(made, chunk)

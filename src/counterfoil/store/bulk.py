"""Fill a fresh database with rows that nothing vouches for: to measure reading at sizes no log could be written for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from counterfoil.basis import Clock
from counterfoil.store.engines.loading import load
from counterfoil.store.engines.reach import Patience
from counterfoil.store.migrations import migrate
from counterfoil.store.shape import shape
from counterfoil.store.store import engine_of

TOLD_EACH: Final = 5_000

OnLoaded: TypeAlias = Callable[[int, int], None]


async def load_unevidenced(
    address: str, table: Table, rows: Iterable[tuple[Any, ...]], *, count: int, clock: Clock, on_loaded: OnLoaded
) -> None:
    """Put ``count`` rows (values in the order of the table's columns) into a table, and make its indexes after that.

    ``on_loaded`` is told how much of how much is done: half of it are the rows, half the indexes. The rows stand in no
    log, so ``verify`` names every one of them, and a machine that stops meanwhile leaves a broken file: never for a
    database that anybody relies on.
    """
    engine = engine_of(address, clock, inline=False, patience=Patience())
    try:
        await migrate(engine)
    finally:
        await engine.close()

    def index_made(nth: int, of: int) -> None:
        on_loaded(count + count * nth // of, 2 * count)

    await load(address, shape(table), _counted(rows, count, on_loaded), clock, index_made)


def _counted(rows: Iterable[tuple[Any, ...]], count: int, on_loaded: OnLoaded) -> Iterator[tuple[Any, ...]]:
    for nth, row in enumerate(rows):
        if nth % TOLD_EACH == 0:
            on_loaded(nth, 2 * count)
        yield row

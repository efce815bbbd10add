"""Migrations: numbered, forward only, one SQL text an engine, frozen once released.

Each runs in one transaction together with its line in ``schema_version``, so a start that breaks off goes on where it
was. On a distributed store the tables are spread over the nodes after that, which its lines note as well. Data of a
newer schema is refused.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from counterfoil.store.engines.engine import Engine
from counterfoil.store.faults import SCHEMA_NEWER

NAMES: Final = ("0001_floor",)


async def migrate(engine: Engine) -> None:
    """Bring the schema up to date. Raises Refused CF-6003 where it is newer than this program, CF-6022 to CF-6024."""
    found = await engine.schema_number()
    refuse_newer(found)
    for number, name in enumerate(NAMES, 1):
        if number > found:
            await engine.script(number, name, migration_text(name, engine.name))
    await engine.distribute()


def refuse_newer(found: int) -> None:
    """Raises Refused CF-6003 where ``found`` migrations are more than this program knows."""
    if found > len(NAMES):
        raise SCHEMA_NEWER(found=found, known=len(NAMES))


def migration_text(name: str, engine: str) -> str:
    """The SQL of a migration for an engine."""
    return files(__package__).joinpath(f"{name}.{engine}.sql").read_text("utf-8")

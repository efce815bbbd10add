"""Draft a migration's SQL from the tables: ``python tools/draft_migration.py sqlite|postgresql > …``.

A draft only: a person reads it, and once released the text is frozen. A test holds the migrated schema equal to the
tables.
"""

from __future__ import annotations

import sys
from importlib import import_module

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from counterfoil.store import metadata

AREAS = ("store", "evidence", "people", "factors", "providers", "payments", "records", "second_person", "removal")
# Made by the runner itself, before there is any migration.
MADE_BEFORE = "schema_version"


def draft(dialect: Dialect) -> str:
    """Every table and index, parents first, indexes by name."""
    for area in AREAS:
        import_module(f"counterfoil.{area}.tables")
    parts: list[str] = []
    for table in metadata.sorted_tables:
        if table.name == MADE_BEFORE:
            continue
        parts.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        parts.extend(str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes)
    text = ";\n\n".join(parts).replace("\t", "    ")
    return "\n".join(line.rstrip() for line in f"{text};".splitlines()) + "\n"


if __name__ == "__main__":
    dialects = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}
    sys.stdout.write(draft(dialects[sys.argv[1]]))

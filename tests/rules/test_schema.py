"""Each table says its scope, each key begins with the merchant, each column says what it is to the evidence."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    UniqueConstraint,
)

from counterfoil.store import Mark, Scope, metadata
from tests.rules.source import PACKAGE, Source, package, planted

# No rule of ours rests on these (contract: one batch). Written apart, so that this file does not hold them.
FORBIDDEN_SQL = re.compile(
    r"\b(create\s+(or\s+replace\s+)?trigger|create\s+sequence|pg_(try_)?advisory\w*|nextval)\b", re.IGNORECASE
)


def tables() -> list[Table]:
    """Every table of every area."""
    for source in package():
        if source.path.endswith("/tables.py"):
            import_module(source.path.removeprefix("src/").removesuffix(".py").replace("/", "."))
    return list(metadata.tables.values())


def wrong_table(table: Table) -> list[str]:
    scope = table.info.get("scope")
    if scope not in set(Scope):
        return [f"{table.name}: says no scope"]
    found = [
        f"{table.name}.{column.name}: says no mark"
        for column in table.columns
        if column.info.get("mark") not in set(Mark)
    ]
    found += [f"{table.name}.{column.name}: counts by itself" for column in table.columns if _counts(column)]
    if scope is Scope.BY_MERCHANT:
        found += [f"{table.name}: {name}: does not begin with merchant_id" for name in _wrong_keys(table)]
    return found


def _counts(column: Column[object]) -> bool:
    return isinstance(column.default, Sequence) or column.identity is not None or column.autoincrement is True


def _wrong_keys(table: Table) -> list[str]:
    keys = {f"index {index.name}": list(index.columns) for index in table.indexes}
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint | ForeignKeyConstraint):
            keys[f"{type(constraint).__name__} {constraint.name or ''}".strip()] = list(constraint.columns)
    return [name for name, columns in keys.items() if not columns or columns[0].name != "merchant_id"]


def forbidden_sql(source: Source) -> list[str]:
    return [f"{source.path}: {found[0]}" for found in FORBIDDEN_SQL.finditer(source.text)]


def test_every_table_keeps_the_rules_of_the_schema():
    assert tables()
    assert [said for table in tables() for said in wrong_table(table)] == []


def test_no_trigger_sequence_or_advisory_lock_is_used():
    assert [said for source in package() for said in forbidden_sql(source)] == []


GOOD = {"mark": Mark.WORKING}


@pytest.mark.parametrize(
    ("info", "parts"),
    [
        ({}, [Column("merchant_id", Integer, primary_key=True, autoincrement=False, info=GOOD)]),
        ({"scope": Scope.BY_MERCHANT}, [Column("merchant_id", Integer, primary_key=True, autoincrement=False)]),
        ({"scope": Scope.BY_MERCHANT}, [Column("id", Integer, primary_key=True, autoincrement=False, info=GOOD)]),
        ({"scope": Scope.EVERYWHERE}, [Column("id", Integer, primary_key=True, autoincrement=True, info=GOOD)]),
        (
            {"scope": Scope.BY_MERCHANT},
            [
                Column("merchant_id", Integer, primary_key=True, autoincrement=False, info=GOOD),
                Column("name", Integer, info=GOOD),
                Index("by_name", "name"),
            ],
        ),
        (
            {"scope": Scope.BY_MERCHANT},
            [
                Column("merchant_id", Integer, primary_key=True, autoincrement=False, info=GOOD),
                Column("name", Integer, info=GOOD),
                UniqueConstraint("name"),
            ],
        ),
    ],
)
def test_a_wrong_table_is_found(info, parts):
    assert wrong_table(Table("planted", MetaData(), *parts, info=info))


def test_forbidden_sql_is_found():
    for text in ("'CREATE " + "TRIGGER x'", "'select pg_" + "advisory_lock(1)'", "'select next" + "val(1)'"):
        assert forbidden_sql(planted(PACKAGE + "store/x.py", text))

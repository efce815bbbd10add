"""The schema: migrated equals described, and every key begins with the merchant."""

import asyncio
from importlib import import_module
from pathlib import Path

import apsw
import asyncpg
import pytest
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from counterfoil.basis import Refused
from counterfoil.store import Mark, Scope, belongs_to, evidenced, metadata
from counterfoil.store.migrations import NAMES, migration_text
from tests.store.house import Line, Whole, opened, table

for area in ("store", "evidence", "people", "factors", "providers", "payments", "records", "second_person", "removal"):
    import_module(f"counterfoil.{area}.tables")

TABLES = metadata.sorted_tables
BY_MERCHANT = [each for each in TABLES if each.info["scope"] is Scope.BY_MERCHANT]


def described(dialect):
    for each in TABLES:
        yield str(CreateTable(each).compile(dialect=dialect))
        for index in each.indexes:
            yield str(CreateIndex(index).compile(dialect=dialect))


def sqlite_schema(connection):
    objects = {}
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"):
        pragmas = ("table_xinfo", "foreign_key_list") if kind == "table" else ("index_xinfo",)
        objects[kind, name] = [sorted(connection.execute(f"PRAGMA {pragma}({name})")) for pragma in pragmas]
    strict = list(connection.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name"))
    return objects, [each for each in strict if not each[0].startswith("sqlite_")]


async def test_the_schema_on_sqlite_is_the_one_described(tmp_path):
    async with opened(f"sqlite://{tmp_path}/made.db"):
        pass
    migrated = apsw.Connection(":memory:")
    other = apsw.Connection(":memory:")
    migrated.execute("".join(migration_text(name, "sqlite") for name in NAMES))
    for text in described(sqlite.dialect()):
        if "TABLE schema_version" not in text:
            other.execute(text)
    assert sqlite_schema(migrated) == sqlite_schema(other)


POSTGRES_SCHEMA = (
    """
    SELECT table_name, column_name, ordinal_position, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = $1 ORDER BY 1, 3
    """,
    "SELECT indexname, replace(indexdef, $1 || '.', '') FROM pg_indexes WHERE schemaname = $1 ORDER BY 1",
    """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = to_regnamespace($1) AND contype <> 'n' ORDER BY 2
    """,
)


async def test_the_schema_on_postgresql_is_the_one_described(empty_address):
    connection = await asyncpg.connect(empty_address)
    seen = []
    for schema in ("migrated", "described"):
        await connection.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}")
        texts = described(postgresql.dialect())
        if schema == "migrated":
            texts = [migration_text(name, "postgresql") for name in NAMES]
        for text in texts:
            if "TABLE schema_version" not in text:
                await connection.execute(text)
        seen.append([[tuple(row) for row in await connection.fetch(query, schema)] for query in POSTGRES_SCHEMA])
    await connection.close()
    assert seen[0] == seen[1]
    assert all(seen[0])


def keys_of(each):
    """Every key a table has: primary, unique, foreign, and its indexes."""
    yield "primary key", tuple(each.primary_key.columns)
    for index in each.indexes:
        yield f"index {index.name}", tuple(index.columns)
    for constraint in each.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield "unique", tuple(constraint.columns)
    for key in each.foreign_key_constraints:
        yield "foreign key", tuple(key.columns)
        yield "foreign key's target", tuple(element.column for element in key.elements)


def broken_keys(each):
    return [what for what, columns in keys_of(each) if columns[0].name != "merchant_id"]


@pytest.mark.parametrize("each", BY_MERCHANT, ids=lambda each: each.name)
def test_every_key_begins_with_the_merchant(each):
    assert broken_keys(each) == []


def test_the_rule_of_keys_bites():
    wrong = table("wrong", evidenced("id", Whole), evidenced("other", Line), key=("id",))
    wrong.append_constraint(UniqueConstraint("other"))
    wrong.metadata.remove(wrong)
    assert broken_keys(wrong) == ["unique"]


@pytest.mark.parametrize("each", TABLES, ids=lambda each: each.name)
def test_every_table_states_its_scope_and_every_column_its_mark(each):
    assert each.info["scope"] in Scope
    assert all(column.info["mark"] in Mark for column in each.columns)
    assert each.info["root"] is ("version" in each.columns and "last_change" in each.columns)


def test_a_foreign_key_is_within_one_merchant():
    assert belongs_to("shop", "shop_id", key=("id",)).column_keys == ["merchant_id", "shop_id"]


async def test_migrations_have_files_for_both_engines_and_no_others():
    folder = Path(str(import_module("counterfoil.store.migrations").__file__)).parent
    assert sorted(path.name for path in folder.glob("*.sql")) == sorted(
        f"{name}.{engine}.sql" for name in NAMES for engine in ("sqlite", "postgresql")
    )


async def note_newer(address):
    text = f"INSERT INTO schema_version (number, name, applied_at) VALUES ({len(NAMES) + 1}, 'later', 0)"  # noqa: S608
    if address.startswith("sqlite"):
        connection = apsw.Connection(address.removeprefix("sqlite://"), vfs="cksmvfs")
        connection.execute(text)
        connection.close()
        return
    other = await asyncpg.connect(address)
    await other.execute(text)
    await other.close()


async def test_data_of_a_newer_schema_is_refused(store_address):
    async with opened(store_address):
        pass
    await note_newer(store_address)
    with pytest.raises(Refused) as refused:
        async with opened(store_address):
            pass
    assert refused.value.kind.code == "CF-6003"
    assert refused.value.fill == {"found": len(NAMES) + 1, "known": len(NAMES)}


async def test_a_migration_that_breaks_off_leaves_nothing_and_can_run_again(store_address):
    async with opened(store_address) as store:
        engine, number = store._engine, len(NAMES) + 1
        text = "CREATE TABLE later (a INTEGER);"
        with pytest.raises((apsw.Error, asyncpg.PostgresError)):
            await engine.script(number, "later", text + " SELECT broken off")
        assert await engine.schema_number() == number - 1
        await engine.script(number, "later", text)
        assert await engine.schema_number() == number


async def test_several_processes_may_start_on_one_fresh_database(empty_address):
    async def start():
        async with opened(empty_address, with_tables=False) as store:
            return store.installation

    started = await asyncio.gather(*(start() for _ in range(4)))
    assert len({each.uuid for each in started}) == 1
    assert sorted(each.epoch for each in started) == [1, 2, 3, 4]

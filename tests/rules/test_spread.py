"""The model of what Citus refuses bites; and the schema, as it is migrated, holds nothing that it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
import sqlglot
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlglot import exp

from counterfoil.store import Scope
from counterfoil.store.migrations import NAMES, migration_text
from tests.rules.spread import MERCHANT, Verdict, judge
from tests.rules.test_schema import tables

SPREAD = {"payment", "payment_leg", "evidence_head", "counter"}
ONE = Verdict()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT id FROM payment WHERE merchant_id = $1 AND id = $2",
        (
            "SELECT p.id FROM payment p JOIN payment_leg l ON l.merchant_id = p.merchant_id AND l.payment_id = p.id "
            "WHERE p.merchant_id = $1::BIGINT"
        ),
        (
            "SELECT id, (SELECT count(*) FROM payment_leg l WHERE l.merchant_id = $1 AND l.payment_id = payment.id) "
            "AS n FROM payment WHERE payment.merchant_id = $1"
        ),
        "SELECT x.id FROM (SELECT id FROM payment WHERE merchant_id = $1 LIMIT 5) AS x",
        "SELECT size FROM evidence_head WHERE merchant_id = $1 FOR NO KEY UPDATE",
        "SELECT id FROM payment WHERE merchant_id = $1 AND due_at < $2 LIMIT 1 FOR UPDATE SKIP LOCKED",
        'UPDATE "payment" SET "money" = $1, "version" = "version" + 1 WHERE "merchant_id" = $2 AND "id" = $3',
        "DELETE FROM counter WHERE merchant_id = $1 AND name = $2 RETURNING name",
        (
            "INSERT INTO counter (merchant_id, name, value) VALUES ($1, $2, $3) "
            "ON CONFLICT (merchant_id, name) DO UPDATE SET value = excluded.value"
        ),
        "SELECT epoch FROM installation",
        "SET lock_timeout = '2s'; SET statement_timeout = '5s'",
        "BEGIN ISOLATION LEVEL READ COMMITTED",
    ],
)
def test_a_statement_of_one_merchant_passes(text: str):
    assert judge(text, SPREAD) == ONE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("SELECT size FROM evidence_head ORDER BY merchant_id FOR NO KEY UPDATE", "locks rows"),
        ("SELECT size FROM evidence_head WHERE merchant_id = ANY($1::bigint[]) FOR NO KEY UPDATE", "locks rows"),
        ("SELECT id FROM payment WHERE due_at < $1 LIMIT 1 FOR UPDATE SKIP LOCKED", "locks rows"),
        ("SELECT id FROM payment WHERE merchant_id = $1 OR id = $2 FOR UPDATE", "locks rows"),
        ("UPDATE payment SET money = $1 WHERE id = $2", "writes payment of several merchants"),
        ("UPDATE payment SET merchant_id = $1 WHERE merchant_id = $2", "to another merchant"),
        ("UPDATE payment SET due_at = clock_timestamp() WHERE merchant_id = $1", "make up"),
        ("UPDATE payment SET due_at = random() WHERE merchant_id = $1", "make up"),
        ("DELETE FROM counter WHERE name = $1", "writes counter of several merchants"),
        ("INSERT INTO counter (name, value) VALUES ($1, $2)", "without naming the merchant"),
        ("INSERT INTO counter (merchant_id, name) SELECT merchant_id, $1 FROM payment", "without naming the merchant"),
        ("INSERT INTO counter (merchant_id, name) VALUES (floor(random()), $1)", "no constant"),
        ("INSERT INTO counter (merchant_id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", "for a conflict"),
        ('COPY "payment"("id") FROM STDIN WITH (FORMAT binary)', "two phases"),
        ("SELECT p.id FROM payment p JOIN payment_leg l ON l.payment_id = p.id", "not on merchant_id"),
        (
            "SELECT id FROM payment p WHERE EXISTS (SELECT 1 FROM payment_leg l WHERE l.payment_id = p.id)",
            "a condition",
        ),
        (
            (
                "SELECT id, (SELECT max(l.asked_at) FROM payment_leg l WHERE l.merchant_id = p.merchant_id) AS newest "
                "FROM payment p"
            ),
            "among the columns",
        ),
        (
            (
                "WITH RECURSIVE up AS (SELECT id FROM payment UNION SELECT p.id FROM payment p, up WHERE p.id = up.id) "
                "SELECT id FROM up"
            ),
            "recursive",
        ),
        ("CREATE TRIGGER t BEFORE INSERT ON payment EXECUTE FUNCTION f()", "not a statement"),
    ],
)
def test_what_citus_refuses_is_found(text: str, why: str):
    assert any(why in said for said in judge(text, SPREAD).refused), judge(text, SPREAD)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT merchant_id, id FROM payment WHERE due_at <= $1 ORDER BY due_at LIMIT 100",
        "SELECT sum(size) FROM evidence_head",
        "SELECT id FROM payment WHERE merchant_id > $1",
        "SELECT id FROM payment WHERE merchant_id = $1 OR due_at < $2",
        "SELECT p.id FROM payment p JOIN payment_leg l ON l.merchant_id = p.merchant_id WHERE p.due_at < $1",
    ],
)
def test_a_read_across_merchants_is_noticed(text: str):
    assert judge(text, SPREAD) == Verdict(across=True)


def migrated() -> list[exp.Expression]:
    text = "".join(migration_text(name, "postgresql") for name in NAMES)
    return [statement for statement in sqlglot.parse(text, dialect="postgres") if statement is not None]


SPREAD_TABLES = {table.name: table for table in tables() if table.info["scope"] is Scope.BY_MERCHANT}


def wrong_ddl(statements: Iterable[exp.Expression], spread: Iterable[str]) -> list[str]:
    """What of a migration Citus would refuse or make worthless: keys, counters, defaults, triggers."""
    found = []
    for statement in statements:
        kind = statement.args.get("kind")
        if not isinstance(statement, exp.Create) or kind not in {"TABLE", "INDEX"}:
            found.append(f"neither a table nor an index: {statement.sql()[:60]}")
            continue
        table = statement.find(exp.Table)
        name = table.name if table else ""
        found += [f"{name}: {each}" for each in _counting(statement)]
        if name in set(spread):
            found += [f"{name}: {each}" for each in _keys_without_merchant(statement)]
    return found


def _counting(statement: exp.Create) -> list[str]:
    text = statement.sql(dialect="postgres")
    return re.findall(
        r"(?i)\b(?:small|big)?serial\b|\bidentity\b|\bnextval\b|\bnow\(\)|CURRENT_TIMESTAMP|\brandom\(\)", text
    )


def _keys_without_merchant(statement: exp.Create) -> list[str]:
    keys = [(type(key).key, key.expressions) for key in statement.find_all(exp.PrimaryKey, exp.ForeignKey)]
    keys += [
        ("unique", unique.this.expressions) for unique in statement.find_all(exp.UniqueColumnConstraint) if unique.this
    ]
    if statement.args.get("kind") == "INDEX" and statement.args.get("unique"):
        keys.append(("unique index", [column.this for column in statement.find_all(exp.Ordered)]))
    keys += [(f"{column.name} by itself", [column]) for column in statement.find_all(exp.ColumnDef) if _is_key(column)]
    return [kind for kind, columns in keys if not columns or columns[0].name != MERCHANT]


def _is_key(column: exp.ColumnDef) -> bool:
    kinds = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint, exp.Reference)
    return any(isinstance(each.kind, kinds) for each in column.constraints)


def test_the_migration_holds_nothing_that_citus_refuses():
    assert len(migrated()) > len(SPREAD_TABLES)
    assert wrong_ddl(migrated(), SPREAD_TABLES) == []


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE payment (merchant_id BIGINT, id UUID, PRIMARY KEY (id))",
        "CREATE TABLE payment (merchant_id BIGINT, id UUID PRIMARY KEY)",
        "CREATE TABLE payment (merchant_id BIGINT, id UUID UNIQUE, PRIMARY KEY (merchant_id, id))",
        "CREATE TABLE payment (merchant_id BIGINT, id UUID, UNIQUE (id))",
        "CREATE TABLE payment (merchant_id BIGINT, id UUID, FOREIGN KEY (id) REFERENCES other (id))",
        "CREATE TABLE payment (merchant_id BIGINT, id UUID REFERENCES other (id))",
        "CREATE TABLE payment (merchant_id BIGINT, id BIGSERIAL, PRIMARY KEY (merchant_id, id))",
        "CREATE TABLE payment (merchant_id BIGINT, id BIGINT GENERATED ALWAYS AS IDENTITY)",
        "CREATE TABLE payment (merchant_id BIGINT, at TIMESTAMPTZ DEFAULT now())",
        "CREATE UNIQUE INDEX payment_by_id ON payment (id)",
        "CREATE SEQUENCE payment_numbers",
        "CREATE TRIGGER t BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION f()",
    ],
)
def test_what_would_not_spread_is_found_in_a_migration(text: str):
    assert wrong_ddl(sqlglot.parse(text, dialect="postgres"), {"payment"}) != []


def leading(table: Table) -> list[str]:
    """The keys of a table that do not lead with its merchant, on either end of a foreign key."""
    found = []
    for key in table.constraints:
        if isinstance(key, PrimaryKeyConstraint | UniqueConstraint) and next(iter(key.columns)).name != MERCHANT:
            found.append(f"{type(key).__name__} of {table.name}")
        if isinstance(key, ForeignKeyConstraint):
            ends = (key.elements[0].parent, key.elements[0].column)
            found += [f"{end} of a foreign key" for end in ends if end.name != MERCHANT]
            found += [f"{end.table} is not spread" for end in ends if end.table.info["scope"] is not Scope.BY_MERCHANT]
    return found


def test_every_key_of_a_spread_table_leads_with_the_merchant_on_both_ends():
    assert [said for table in SPREAD_TABLES.values() for said in leading(table)] == []

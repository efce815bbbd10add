"""What Citus refuses, as a model: a statement, and what of it would not run on a database spread by merchant.

Made after what was measured on Citus 13.2.2 and after its manual; it is stricter than Citus where that is simpler:
every level of a statement names its merchant by itself, as a constant, whatever another level says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

MERCHANT = "merchant_id"
VOLATILE = {"now", "clock_timestamp", "random", "gen_random_uuid", "nextval", "statement_timestamp", "timeofday"}
# What a statement may begin with that asks nothing of a table.
_SPOKEN = ("BEGIN", "COMMIT", "ROLLBACK", "SET ", "SHOW ", "SAVEPOINT", "RELEASE", "DEALLOCATE", "CLOSE ")


@dataclass(frozen=True)
class Verdict:
    """``refused``: why it cannot run at all. ``across``: it reads the rows of several merchants, locking none."""

    refused: tuple[str, ...] = ()
    across: bool = False


def judge(text: str, spread: Iterable[str]) -> Verdict:
    """Judge one statement; ``spread`` are the tables that lie on several nodes."""
    if text.lstrip().upper().startswith(_SPOKEN):
        return Verdict()
    if text.lstrip().upper().startswith("COPY"):
        return Verdict(("COPY commits in two phases",))
    tree = sqlglot.parse_one(text, dialect="postgres")
    names = frozenset(spread)
    if isinstance(tree, exp.Command | exp.Create | exp.Alter | exp.Drop):
        return Verdict((f"not a statement of a batch or a read: {text[:40]}",))
    writing = [found for node in tree.find_all(exp.Insert, exp.Update, exp.Delete) for found in _written(node, names)]
    unbound = [alias for level in tree.find_all(exp.Select) for alias in _unbound(level, names)]
    refused = [*writing]
    if not unbound:
        return Verdict(tuple(refused))
    if tree.find(exp.Lock):
        refused.append("locks rows of several merchants")
    if not isinstance(tree, exp.Select):
        refused.append("writes what it reads of several merchants")
    refused += _beyond_one_node(tree, names)
    return Verdict(tuple(refused), across=True)


def _beyond_one_node(tree: exp.Expression, names: frozenset[str]) -> Iterator[str]:
    """What Citus cannot do where several nodes answer."""
    for with_ in tree.find_all(exp.With):
        if with_.args.get("recursive"):
            yield "a recursive query over several merchants"
    for level in tree.find_all(exp.Select):
        sources = dict(_sources(level, names))
        if len(sources) > 1 and len(_groups(level, sources)) > 1:
            yield "a join that is not on merchant_id"
        for inner in (found for each in level.expressions for found in each.find_all(exp.Select)):
            if dict(_sources(inner, names)):
                yield "a query among the columns, over several merchants"
    for inner in _correlated(tree, names):
        yield inner


def _correlated(tree: exp.Expression, names: frozenset[str]) -> Iterator[str]:
    """A query inside a condition must be of the same merchant as the row it is asked for."""
    for inner in tree.find_all(exp.Select):
        outer = inner.find_ancestor(exp.Select)
        if outer is None or inner.find_ancestor(exp.Where) is None:
            continue
        theirs, ours = set(dict(_sources(outer, names))), dict(_sources(inner, names))
        if ours and not any(_is_merchant(b, theirs) for a, b in _equal(inner) if _is_merchant(a, set(ours))):
            yield "a query inside a condition that is not on merchant_id"


def _written(node: exp.Expression, names: frozenset[str]) -> Iterator[str]:
    table = node.find(exp.Table)
    if table is None or table.name not in names:
        return
    if isinstance(node, exp.Insert):
        yield from _inserted(node)
        return
    if table.alias_or_name not in _bound(node, {table.alias_or_name: table.name}):
        yield f"writes {table.name} of several merchants"
    if isinstance(node, exp.Update):
        for setting in node.expressions:
            if setting.this.name == MERCHANT:
                yield f"moves a row of {table.name} to another merchant"
            if any(_is_volatile(each) for each in setting.expression.walk()):
                yield f"sets a column of {table.name} to what each node would make up"


def _inserted(node: exp.Insert) -> Iterator[str]:
    schema, values = node.this, node.expression
    columns = [column.name for column in schema.expressions] if isinstance(schema, exp.Schema) else []
    if MERCHANT not in columns or not isinstance(values, exp.Values):
        yield f"inserts into {node.this.this} without naming the merchant"
        return
    place = columns.index(MERCHANT)
    if not all(_is_constant(row.expressions[place]) for row in values.expressions):
        yield f"inserts into {node.this.this} a merchant that is no constant"
    conflict = node.args.get("conflict")
    keys = [key.name for key in (conflict.args.get("conflict_keys") or [])] if conflict else [MERCHANT]
    if MERCHANT not in keys:
        yield f"looks for a conflict in {node.this.this} over several merchants"


def _unbound(level: exp.Select, names: frozenset[str]) -> list[str]:
    sources = dict(_sources(level, names))
    return sorted(sources.keys() - _bound(level, sources))


def _sources(level: exp.Select, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Alias and name of the spread tables that this level reads itself."""
    from_ = level.args.get("from") or level.args.get("from_")
    for source in (from_, *(level.args.get("joins") or [])):
        table = source.this if source is not None else None
        if isinstance(table, exp.Table) and table.name in names:
            yield table.alias_or_name, table.name


def _bound(level: exp.Expression, sources: dict[str, str]) -> set[str]:
    """The aliases whose merchant is a constant, or equal at this level to one that is."""
    fixed = {alias for alias in sources for a, b in _equal(level) if _names(a, alias, sources) and _is_constant(b)}
    return set().union(*(group for group in _groups(level, sources) if group & fixed))


def _groups(level: exp.Expression, sources: dict[str, str]) -> list[set[str]]:
    """The aliases that are of one and the same merchant, whichever it is."""
    groups = [{alias} for alias in sources]
    for a, b in _equal(level):
        ends = [group for group in groups for side in (a, b) if any(_names(side, alias, sources) for alias in group)]
        if len(ends) == 2 and ends[0] is not ends[1]:
            groups = [group for group in groups if group not in ends] + [ends[0] | ends[1]]
    return groups


def _equal(level: exp.Expression) -> Iterator[tuple[exp.Expression, exp.Expression]]:
    """Both sides of each equality that must hold for a row of this level, either way round."""
    conditions = [level.args["where"].this] if level.args.get("where") else []
    conditions += [join.args["on"] for join in level.args.get("joins") or [] if join.args.get("on")]
    while conditions:
        condition = conditions.pop()
        if isinstance(condition, exp.Paren):
            conditions.append(condition.this)
        if isinstance(condition, exp.And):
            conditions += [condition.left, condition.right]
        if isinstance(condition, exp.EQ):
            yield condition.left, condition.right
            yield condition.right, condition.left


def _names(side: exp.Expression, alias: str, sources: dict[str, str]) -> bool:
    return _is_merchant(side, {alias}) or (len(sources) == 1 and _is_merchant(side, {""}))


def _is_merchant(side: exp.Expression, aliases: set[str]) -> bool:
    return isinstance(side, exp.Column) and side.name == MERCHANT and side.table in aliases


def _is_constant(side: exp.Expression) -> bool:
    if isinstance(side, exp.Cast | exp.Paren):
        return _is_constant(side.this)
    return isinstance(side, exp.Parameter | exp.Placeholder | exp.Literal)


def _is_volatile(node: exp.Expression) -> bool:
    name = node.name if isinstance(node, exp.Anonymous) else node.key
    return name.lower() in VOLATILE or isinstance(node, exp.CurrentTimestamp | exp.Rand)

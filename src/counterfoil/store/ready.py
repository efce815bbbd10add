"""A Change made ready for the committer: checked, its rows whole, its keys known. Done outside the lane."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import Table

from counterfoil.basis import insist
from counterfoil.store.change import Add, Change, Drawn, Drop, Guard, Insert, Require, Row, Update
from counterfoil.store.schema import Mark
from counterfoil.store.shape import Key, Shape, blank, shape
from counterfoil.store.tables import OWN

RowKey = tuple[str, Key]
Drawings = tuple[tuple[str, str], ...]


class Written(Struct, frozen=True):
    """A row that a Change writes: its key, and the row whole as it will stand, drawn numbers still to come.

    ``drawn`` are the columns that wait for a drawn number, with the number's name. ``sets`` names the columns an update
    writes; ``version`` is what an update was read at, None where none is kept.
    """

    table: Table
    shape: Shape
    key: Key
    row: dict[str, Any]
    drawn: Drawings = ()
    sets: tuple[str, ...] = ()
    version: int | None = None


class Ready(Struct, frozen=True):
    """See the module. Of ``rows`` a batch holds one writer; what is ``relied`` on nobody else in it writes."""

    id: str
    change: Change
    claims: tuple[Written, ...]
    guards: tuple[Written, ...]
    updates: tuple[Written, ...]
    drops: tuple[Written, ...]
    leaves: tuple[Written, ...]
    requires: tuple[tuple[Shape, Key, int], ...]
    totals: tuple[tuple[Shape, Key, Add], ...]
    rows: frozenset[RowKey]
    relied: frozenset[RowKey]
    takes_head: bool

    def held(self) -> Iterator[Written]:
        """The rows that are locked before the heads, by writing them: the guarded ones and versioned ones to drop."""
        yield from self.guards
        yield from (dropped for dropped in self.drops if dropped.shape.versioned)

    def written(self) -> Iterator[Written]:
        """Every row this Change inserts or changes, in the order it named them."""
        yield from self.claims
        yield from self.guards
        yield from self.updates
        yield from self.leaves


def ready(change: Change) -> Ready:
    """Check ``change`` and work out its rows. Raises Broken CF-9001 where it cannot be a Change."""
    inserted = [_inserted(change, insert) for insert in change.inserts]
    guards = tuple(_rewritten(change, guard) for guard in change.guards)
    updates = tuple(_rewritten(change, update) for update in change.updates)
    drops = tuple(_dropped(change, drop) for drop in change.drops)
    rows = frozenset((written.shape.name, written.key) for written in (*inserted, *guards, *updates, *drops))
    # A row it guards itself is held by the guard already.
    requires = [
        each for each in map(partial(_required, change), change.requires) if (each[0].name, each[1]) not in rows
    ]
    made = Ready(
        id=change.change_id,
        change=change,
        claims=tuple(written for written in inserted if written.shape.root),
        guards=guards,
        updates=updates,
        drops=drops,
        leaves=tuple(written for written in inserted if not written.shape.root),
        requires=tuple(requires),
        totals=tuple(_added(change, add) for add in change.totals),
        rows=rows,
        relied=frozenset((made.name, key) for made, key, _ in requires),
        takes_head=_takes_head(change),
    )
    _check(made)
    return made


def _takes_head(change: Change) -> bool:
    """Whether it writes under the merchant's head; rows without a version have no other lock, so theirs is the head."""
    rewritten: tuple[Update | Drop, ...] = (*change.updates, *change.drops)
    unversioned = any(not shape(each.table).versioned for each in rewritten)
    return bool(change.facts or change.totals or change.draws or change.requires or unversioned)


def _check(made: Ready) -> None:
    names = {draw.name for draw in made.change.draws}
    written = list(made.written())
    insist(len(made.rows) == len(written) + len(made.drops), "a Change writes a row twice")
    alone = made.updates and not made.guards
    insist(not alone or not any(each.shape.versioned for each in made.updates), "a versioned row is guarded")
    for each in written:
        insist(names.issuperset(number for _, number in each.drawn), "a row waits for a number nobody draws")
    for fact in made.change.facts:
        insist(names.issuperset(number for _, number in drawn_in(fact.body)), "a fact waits for a number nobody draws")
    insist(made.change.facts or not any(_speaks(each) for each in written), "evidenced columns change without a fact")


def drawn_in(row: Row) -> Drawings:
    """The columns of ``row`` that wait for a drawn number, with the number's name."""
    if Drawn not in map(type, row.values()):  # most often there is none, and this finds out at the speed of C
        return ()
    return tuple((name, value.name) for name, value in row.items() if isinstance(value, Drawn))


def _speaks(written: Written) -> bool:
    if not written.shape.evidenced:
        return False
    names = written.sets or written.shape.columns
    return any(written.table.columns[name].info.get("mark") is Mark.EVIDENCED for name in names)


def _inserted(change: Change, insert: Insert) -> Written:
    made = shape(insert.table)
    _hold(change, made, insert.row)
    row = {**blank(insert.table), **insert.row}
    if made.by_merchant:
        row["merchant_id"] = change.merchant_id
    if made.versioned:
        row["version"], row["last_change"] = 1, change.change_id
    return Written(insert.table, made, made.key_of(row, change.merchant_id), row, drawn_in(insert.row))


def _rewritten(change: Change, guard: Guard | Update) -> Written:
    made = shape(guard.table)
    insist(guard.set.keys().isdisjoint(made.key), "the key of a row never changes")
    _hold(change, made, guard.set)
    row = _whole(change, made, guard.before)
    row.update(guard.set)
    key, drawn = made.key_of(row, change.merchant_id), drawn_in(guard.set)
    if not made.versioned:
        insist(isinstance(guard, Update), "a row without a version is not guarded")
        return Written(guard.table, made, key, row, drawn, tuple(guard.set))
    version = int(guard.before["version"])
    row["version"], row["last_change"] = version + 1, change.change_id
    sets = tuple({*guard.set, "last_change"} - {"version"})
    return Written(guard.table, made, key, row, drawn, sets, version)


def _dropped(change: Change, drop: Drop) -> Written:
    made = shape(drop.table)
    insist(not made.evidenced, f"rows of {made.name} are evidence and never dropped")
    insist(made.name not in OWN, f"rows of {made.name} are the store's own")
    row = _whole(change, made, drop.before)
    key = made.key_of(row, change.merchant_id)
    if not made.versioned:
        return Written(drop.table, made, key, row)
    version = int(row["version"])
    row["last_change"] = change.change_id
    return Written(drop.table, made, key, row, version=version)


def _whole(change: Change, made: Shape, before: Row) -> dict[str, Any]:
    try:
        row = dict(zip(made.columns, made.whole(before), strict=True))
    except KeyError as missing:
        insist(condition=False, why=f"a row of {made.name} was read without {missing}; what is written is read whole")
        raise
    _hold(change, made, row)
    return row


def _hold(change: Change, made: Shape, row: Row) -> None:
    """Only known columns, and of one merchant."""
    if not row.keys() <= made.known:
        insist(condition=False, why=f"{made.name} has no column {sorted(row.keys() - made.known)}")
    if made.by_merchant:
        insist(row.get("merchant_id", change.merchant_id) == change.merchant_id, "a Change belongs to one merchant")


def _required(change: Change, require: Require) -> tuple[Shape, Key, int]:
    made = shape(require.table)
    insist(made.versioned, f"{made.name} has no version to require")
    return made, made.key_of(require.key, change.merchant_id), require.version


def _added(change: Change, add: Add) -> tuple[Shape, Key, Add]:
    made = shape(add.table)
    return made, made.key_of(add.key, change.merchant_id), add

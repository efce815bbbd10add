"""The steps of one batch. Their order is the lock order; every lane of every process takes it, so none waits in a ring.

1. ``claim``: idempotency inserts.  2. ``guard``: guarded updates.  3. ``take_heads``: the merchants' log heads, last of
all locks and sorted.  4. ``require``: what was only relied on.  5. ``draw``: counters.  6. ``append``: the log.
7. ``write``: everything nobody else can be waiting for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeAlias

from counterfoil.basis import insist
from counterfoil.store import statements
from counterfoil.store.batch import Batch, by_table
from counterfoil.store.change import ABSENT, Draw, Repeated, Stale
from counterfoil.store.log import Entry, Head, Touched
from counterfoil.store.ready import Ready, Written
from counterfoil.store.shape import Key, Shape, picking, shape
from counterfoil.store.tables import counter, evidence_leaf

Rows: TypeAlias = list[tuple[Any, ...]]
COUNTER: Final = shape(counter)
LEAF: Final = shape(evidence_leaf)


class Transaction(Protocol):
    """One open transaction of an engine."""

    async def many(self, text: str, arguments: Sequence[tuple[Any, ...]]) -> Rows:
        """Run one statement for each tuple, in order; the rows they return, joined."""
        ...

    async def look_up(self, shape: Shape, names: tuple[str, ...], keys: Sequence[Key]) -> dict[Key, Key]:
        """The columns ``names`` (integers or text) of each of the rows that are there, by key."""
        ...

    async def claim(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> Iterable[Key]:
        """Insert the rows whose key is not there yet; their keys."""
        ...

    async def guard(self, shape: Shape, sets: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Iterable[Key]:
        """Write ``sets`` and the next version of the rows whose version still holds; their keys.

        A row here is the values of ``sets``, the key, the version read.
        """
        ...

    async def lock_heads(self, merchants: Sequence[int]) -> Rows:
        """Lock the heads of ``merchants``, in the order given by merchant; ``(merchant_id, size, frontier)`` each."""
        ...

    async def append(self, shape: Shape, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows that cannot conflict, the fastest way there is."""
        ...


Step: TypeAlias = Callable[[Batch, Transaction], Awaitable[None]]


async def claim(batch: Batch, tx: Transaction) -> None:
    """Insert the root rows; a Change whose id is there already is Repeated.

    Numbers are drawn under the head, which is taken after this, so a row that waits for one stands with NULL until
    ``write`` fills it in.
    """
    for made, pairs in by_table((member.id, row) for member in batch.members for row in member.claims):
        alive = [(change_id, row) for change_id, row in pairs if change_id not in batch.lost]
        rows = [made.whole(batch.filled(change_id, row)) for change_id, row in alive]
        won = set(await tx.claim(made, rows))
        for change_id, row in alive:
            if row.key in won:
                _written(batch, change_id, row)
            else:
                batch.lose(change_id, Repeated(made.name, str(row.key[-1])))


async def guard(batch: Batch, tx: Transaction) -> None:
    """Write the guarded rows where their version holds; a Change whose guard fails is Stale.

    A table is one statement over all columns that any guard sets: what a guard does not set, its version proves. A
    versioned row to be dropped is guarded the same way, so that it is ours before any head is.
    """
    for made, pairs in by_table((member.id, row) for member in batch.members for row in member.held()):
        alive = [(change_id, row) for change_id, row in pairs if change_id not in batch.lost]
        sets = tuple(sorted({name for _, row in alive for name in row.sets} | {"last_change"}))
        pick = picking(sets)
        rows = [(*pick(batch.filled(change_id, row)), *row.key, row.version) for change_id, row in alive]
        won = set(await tx.guard(made, sets, rows))
        for change_id, row in alive:
            if row.key in won:
                _written(batch, change_id, row)
            else:
                batch.lose(change_id, Stale(f"{made.name} {row.key}"))


async def take_heads(batch: Batch, tx: Transaction) -> None:
    """Lock the log head of every merchant that has facts, totals, draws or requires here, in order of merchant.

    Missing heads are made before any is locked: who waits for another's new head holds none.
    """
    merchants = sorted(batch.merchants() - batch.heads.keys())
    if not merchants:
        return
    new = [merchant for merchant in merchants if merchant not in batch.known_heads]
    if new:
        start = batch.log.start()
        await tx.many(statements.NEW_HEAD, [(merchant, start.size, start.frontier) for merchant in new])
    rows = await tx.lock_heads(merchants)
    batch.heads.update({merchant: Head(size, bytes(frontier)) for merchant, size, frontier in rows})
    insist(len(rows) == len(merchants), "a log head is missing after it was made")


async def require(batch: Batch, tx: Transaction) -> None:
    """Under the heads, see whether what was relied on still holds; a Change that relied on more is Stale."""
    wanted: dict[Shape, list[tuple[str, Key, int]]] = {}
    for member in batch.winners():
        for made, key, version in member.requires:
            wanted.setdefault(made, []).append((member.id, key, version))
    for made in sorted(wanted):
        found = await tx.look_up(made, ("version",), sorted({key for _, key, _ in wanted[made]}))
        for change_id, key, version in wanted[made]:
            if found.get(key, (ABSENT,)) != (version,):
                batch.lose(change_id, Stale(f"{made.name} {key}"))


async def draw(batch: Batch, tx: Transaction) -> None:
    """Under the heads, draw each merchant's next numbers; a counter past its last number begins again."""
    asked = [(member, number) for member in batch.winners() for number in member.change.draws]
    if not asked:
        return
    counters = sorted({(member.change.merchant_id, number.counter) for member, number in asked})
    now: dict[Key, int] = {key: value for key, (value,) in (await tx.look_up(COUNTER, ("value",), counters)).items()}
    for member, number in asked:
        key = (member.change.merchant_id, number.counter)
        now[key] = _next(number, now.get(key))
        batch.drawn.setdefault(member.id, {})[number.name] = now[key]
        batch.wrote.add(member.id)
    await tx.many(statements.KEEP_COUNTER, [(*key, now[key]) for key in counters])


async def append(batch: Batch, _tx: Transaction) -> None:
    """Put the winners' facts behind each merchant's head, in the order of the batch."""
    speaking: dict[int, list[Ready]] = {}
    for member in batch.winners():
        if member.change.facts:
            speaking.setdefault(member.change.merchant_id, []).append(member)
    for merchant, members in speaking.items():
        entries = [_entry(batch, member) for member in members]
        head, leaves = batch.log.append(batch.heads[merchant], entries)
        insist(head.size == batch.heads[merchant].size + sum(map(len, leaves)), "the log did not grow by its leaves")
        batch.heads[merchant] = head
        batch.leaves.update({member.id: made for member, made in zip(members, leaves, strict=True)})


async def write(batch: Batch, tx: Transaction) -> None:
    """Fill drawn numbers in, write children, drop rows, write totals, leaves and heads."""
    await _fill(batch, tx)
    await _update(batch, tx)
    await _drop(batch, tx)
    batch.settle_losers()
    for made, pairs in by_table((member.id, row) for member in batch.winners() for row in member.leaves):
        await tx.append(made, [made.whole(batch.filled(change_id, row)) for change_id, row in pairs])
    await _write_leaves(batch, tx)
    await _add_totals(batch, tx)
    moved = {member.change.merchant_id for member in batch.winners() if member.change.facts}
    heads = [(merchant, batch.heads[merchant].size, batch.heads[merchant].frontier) for merchant in sorted(moved)]
    await tx.many(statements.MOVE_HEAD, heads)


STEPS: Final[tuple[Step, ...]] = (claim, guard, take_heads, require, draw, append, write)

# One writer has no lock order to keep: numbers are drawn first and stand in their rows from the start.
STEPS_OF_ONE_WRITER: Final[tuple[Step, ...]] = (take_heads, draw, claim, guard, require, append, write)


async def run_steps(batch: Batch, tx: Transaction, steps: Sequence[Step]) -> None:
    """Take the steps. Raises Again where a Change lost after writing."""
    for step in steps:
        await step(batch, tx)
        batch.settle_losers()


def _written(batch: Batch, change_id: str, row: Written) -> None:
    batch.wrote.add(change_id)
    if row.drawn and change_id not in batch.drawn:
        batch.waiting.append((change_id, row))


def _next(number: Draw, value: int | None) -> int:
    if value is None or not number.first <= value < number.last:
        return number.first
    return value + 1


def _entry(batch: Batch, member: Ready) -> Entry:
    return Entry(
        [batch.spoken(member.id, fact) for fact in member.change.facts],
        [Touched(row.table, batch.filled(member.id, row)) for row in member.written() if row.shape.evidenced],
    )


async def _fill(batch: Batch, tx: Transaction) -> None:
    for made, pairs in by_table((change_id, row) for change_id, row in batch.waiting if change_id not in batch.lost):
        groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        for change_id, row in pairs:
            names = tuple(sorted(name for name, _ in row.drawn))
            filled = batch.filled(change_id, row)
            groups.setdefault(names, []).append((*(filled[name] for name in names), *row.key))
        for names, rows in groups.items():
            await tx.many(statements.update_text(made, names), rows)


async def _update(batch: Batch, tx: Transaction) -> None:
    for made, pairs in by_table((member.id, row) for member in batch.winners() for row in member.updates):
        sets = tuple(sorted({name for _, row in pairs for name in row.sets}))
        rows = []
        for change_id, row in pairs:
            filled = batch.filled(change_id, row)
            version = (row.version,) if made.versioned else ()
            rows.append((*(filled[name] for name in sets), *row.key, *version))
        if made.versioned:
            won = set(await tx.guard(made, sets, rows))
        else:
            won = set(await tx.many(statements.update_text(made, sets), rows))
        for change_id, row in pairs:
            batch.wrote.add(change_id)
            if row.key not in won:
                batch.lose(change_id, Stale(f"{made.name} {row.key}"))


async def _drop(batch: Batch, tx: Transaction) -> None:
    """Children before their parents: the lock order backwards, for every row here is under a head or ours already."""
    for made, pairs in reversed(by_table((member.id, row) for member in batch.winners() for row in member.drops)):
        others = () if made.versioned else tuple(name for name in made.columns if name not in made.key)
        rows = [(*row.key, *(row.row[name] for name in others)) for _, row in pairs]
        gone = set(await tx.many(statements.drop_text(made), rows))
        for change_id, row in pairs:
            batch.wrote.add(change_id)
            if row.key not in gone:
                batch.lose(change_id, Stale(f"{made.name} {row.key}"))


async def _write_leaves(batch: Batch, tx: Transaction) -> None:
    rows = [
        (member.change.merchant_id, leaf.position, leaf.subject, leaf.entry, leaf.leaf_hash)
        for member in batch.winners()
        for leaf in batch.leaves.get(member.id, ())
    ]
    if rows:
        await tx.append(LEAF, rows)


async def _add_totals(batch: Batch, tx: Transaction) -> None:
    sums: dict[Shape, dict[Key, dict[str, int]]] = {}
    for member in batch.winners():
        for made, key, add in member.totals:
            summed = sums.setdefault(made, {}).setdefault(key, {})
            for name, amount in add.amounts.items():
                summed[name] = summed.get(name, 0) + amount
    for made in sorted(sums):
        names = tuple(name for name in made.columns if name not in made.key)
        rows = [(*key, *(summed.get(name, 0) for name in names)) for key, summed in sorted(sums[made].items())]
        await tx.many(statements.total_text(made, names), rows)

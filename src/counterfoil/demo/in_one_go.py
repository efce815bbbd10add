"""Two Changes of one payment made one: what an act and its answer write when nothing else happened between them.

Both were made by the acts' own functions, the second for the payment as the first leaves it. Together they write the
rows as the second leaves them, and all facts of both, each at its own time. At the till cash is written so too.
"""

from __future__ import annotations

from typing import Any

from counterfoil.basis import insist
from counterfoil.payments import Payment, as_committed
from counterfoil.store import Change, Committed, Guard, Insert

Key = tuple[str, str]


def in_one_go(first: Change, second: Change) -> Change:
    """Both as one Change under the id of the first."""
    insist(not (second.updates or second.drops or second.draws), "an answer writes roots only and draws nothing")
    inserts = {_key(each): each for each in first.inserts}
    guards = {_key(each): each for each in first.guards}
    inserts |= {_key(each): each for each in second.inserts}
    for guard in second.guards:
        key = _key(guard)
        if key in inserts:
            inserts[key] = Insert(guard.table, {**inserts[key].row, **guard.set})
        else:
            before = guards.get(key, guard)
            guards[key] = Guard(guard.table, before.before, {**before.set, **guard.set})
    return Change(
        change_id=first.change_id,
        merchant_id=first.merchant_id,
        inserts=tuple(inserts.values()),
        guards=tuple(guards.values()),
        requires=first.requires + second.requires,
        draws=first.draws,
        facts=first.facts + second.facts,
        totals=first.totals + second.totals,
    )


def as_foretold(payment: Payment | None, change: Change) -> Payment:
    """The payment as ``change`` will leave it, for what is written with it; the drawn numbers stay out of it."""
    drawn = {draw.name: 0 for draw in change.draws}
    return as_committed(payment, change, Committed(change.change_id, (0,) * len(change.facts), drawn))


def _key(written: Insert | Guard) -> Key:
    row: Any = written.row if isinstance(written, Insert) else written.before
    return str(written.table.name), row["id"]

"""A payment as a Change left it, without reading it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Table

from counterfoil.basis import insist
from counterfoil.payments.payment import Payment
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.store import Change, Committed, Drawn


def as_committed(before: Payment | None, change: Change, committed: Committed) -> Payment:
    """``before`` (None where ``change`` made the payment) with all that ``change`` wrote of it and of its legs."""
    insist(len(committed.positions) == len(change.facts), "each fact has its position")
    row = {} if before is None else before.row
    legs = {} if before is None else {leg.id: leg.row for leg in before.legs}
    for table, made in _written(change, committed):
        if table is payment_table:
            row = made
        elif table is payment_leg:
            legs[made["id"]] = made
    if committed.positions:
        row = {**row, "position": committed.positions[-1]}
    made_of = Payment.of(row, legs.values())
    return replace(made_of, repeated=True) if before is not None and before.repeated else made_of


def _written(change: Change, committed: Committed) -> Iterator[tuple[Table, dict[str, Any]]]:
    """The rows the Change made and rewrote, as they stand."""
    for insert in change.inserts:
        yield (
            insert.table,
            {**insert.row, **_drawn(insert.row, committed), "last_change": change.change_id, "version": 1},
        )
    for guard in change.guards:
        version = guard.before["version"] + 1
        yield guard.table, {**guard.before, **guard.set, "last_change": change.change_id, "version": version}


def _drawn(row: Mapping[str, Any], committed: Committed) -> dict[str, int]:
    """The drawn numbers in their places."""
    if not committed.drawn:
        return {}
    return {name: committed.drawn[value.name] for name, value in row.items() if type(value) is Drawn}

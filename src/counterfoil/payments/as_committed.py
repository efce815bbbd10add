"""A payment as a Change left it, without reading it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from counterfoil.basis import insist
from counterfoil.payments.payment import Payment
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.store import Change, Committed, Drawn


def as_committed(before: Payment | None, change: Change, committed: Committed) -> Payment:
    """``before`` (None where ``change`` made the payment) with all that ``change`` wrote of it and of its legs."""
    insist(len(committed.positions) == len(change.facts), "each fact has its position")
    rows = {} if before is None else {payment_table.name: {before.id: before.row}}
    legs = rows[payment_leg.name] = {} if before is None else {leg.id: leg.row for leg in before.legs}
    stamp = {"last_change": committed.change_id}
    for insert in change.inserts:
        made = _filled(insert.row, committed) | stamp | {"version": 1}
        rows.setdefault(insert.table.name, {})[made["id"]] = made
    for guard in change.guards:
        made = {**guard.before, **guard.set, **stamp, "version": guard.before["version"] + 1}
        rows.setdefault(guard.table.name, {})[made["id"]] = made
    (row,) = rows[payment_table.name].values()
    if committed.positions:
        row = {**row, "position": committed.positions[-1]}
    made_of = Payment.of(row, legs.values())
    return replace(made_of, repeated=True) if before is not None and before.repeated else made_of


def _filled(row: Mapping[str, Any], committed: Committed) -> dict[str, Any]:
    """With the drawn numbers in their places."""
    if not committed.drawn:
        return dict(row)
    return {name: committed.drawn[value.name] if type(value) is Drawn else value for name, value in row.items()}

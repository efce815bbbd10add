"""What stands in the store at the end of a day, read from the file beside the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, select

from counterfoil.basis import SystemClock
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.payments.tables import day_totals, payment, payment_leg
from counterfoil.simulation.audit import Rows
from counterfoil.store import Mark, Scope, metadata, open_reading
from counterfoil.store.tables import evidence_head, evidence_leaf

_MERCHANT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows by table. ``evidenced``: of each table the log speaks of, the key as leaves write it and the columns."""

    payments: Rows
    legs: Rows
    leaves: Rows
    notes: Rows
    head: Mapping[str, Any]
    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    evidenced: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]


async def read(data: Path) -> Found:
    """Everything of the merchant."""
    async with open_reading(f"sqlite:///{data / 'counterfoil.db'}", clock=SystemClock()) as store:

        async def rows(table: Table, *order: Any) -> Rows:
            return await store.fetch(select(table).where(table.c.merchant_id == _MERCHANT).order_by(*order))

        payments = await rows(payment, payment.c.id)
        legs = await rows(payment_leg, payment_leg.c.id)
        evidenced = {each.name: _marked(each) for each in _evidenced()}
        return Found(
            payments=payments,
            legs=legs,
            leaves=await rows(evidence_leaf, evidence_leaf.c.position),
            notes=await rows(evidence_checkpoint, evidence_checkpoint.c.size),
            head=(await rows(evidence_head))[0],
            tables={
                "day_totals": await rows(day_totals),
                **{each.name: await rows(each) for each in _evidenced()},
            },
            evidenced=evidenced,
        )


def _evidenced() -> list[Table]:
    """The merchant's tables the log speaks of. What may be erased enters it as a commitment, a column of its own."""
    return [
        table
        for name, table in sorted(metadata.tables.items())
        if table.info["scope"] is Scope.BY_MERCHANT and len(_marked(table)[1]) > 1
    ]


def _marked(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    key = tuple(str(column.name) for column in table.primary_key.columns if column.name != "merchant_id")
    return key, tuple(str(column.name) for column in table.columns if column.info.get("mark") is Mark.EVIDENCED)

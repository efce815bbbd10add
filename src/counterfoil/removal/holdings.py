"""What this area holds of people, what of it may be erased, what must stay, and why."""

from __future__ import annotations

from typing import Final

from counterfoil.people import Holding
from counterfoil.removal import tables

HOLDINGS: Final = (
    Holding(
        tables.record_hold,
        ("reference", "reference_salt"),
        erasable=True,
        why="written freely, so it may name somebody; may go once the hold is lifted and its matter is closed",
    ),
    Holding(
        tables.record_hold,
        ("id", "number", "payment_id", "reason", "state", "reference_commitment"),
        erasable=False,
        why="what kept a record where it is must stay answerable as long as the record",
    ),
    Holding(
        tables.record_hold,
        ("placed_by", "placed_at", "lifting_by", "lifting_at", "lifted_by", "lifted_at"),
        erasable=False,
        why="who placed and lifted it must stay answerable; an id names nobody once the person is erased",
    ),
)

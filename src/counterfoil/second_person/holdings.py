"""What this area holds of people, what of it may be erased, what must stay, and why."""

from __future__ import annotations

from typing import Final

from counterfoil.people import Holding
from counterfoil.second_person import tables

_STAYS: Final = tuple(
    column.name
    for column in tables.second_request.c
    if column.name not in {"merchant_id", "version", "salt", "reason", "sealed"}
)
HOLDINGS: Final = (
    Holding(
        tables.second_request,
        _STAYS,
        erasable=False,
        why="who asked for an act and who approved it must stay answerable as long as the act is kept",
    ),
    Holding(
        tables.second_request,
        ("reason", "sealed"),
        erasable=True,
        why="what was asked for goes when the request ends; why it was declined may go once that is over",
    ),
)

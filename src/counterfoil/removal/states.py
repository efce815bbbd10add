"""The legal moves of a hold; docs/states.md is drawn from them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counterfoil.payments import Machine


class HoldState(StrEnum):
    """Whether the record is kept where it is."""

    HELD = "held"
    LIFTING = "lifting"
    LIFTED = "lifted"


class HoldEvent(StrEnum):
    """What may happen to a hold."""

    ASK_TO_LIFT = "ask_to_lift"
    LIFT = "lift"


HOLD: Final = Machine(
    "hold",
    {
        (HoldState.HELD, HoldEvent.ASK_TO_LIFT): HoldState.LIFTING,
        (HoldState.LIFTING, HoldEvent.LIFT): HoldState.LIFTED,
    },
    frozenset({HoldState.LIFTED}),
)

"""Removal: whether a record may be taken off the lists, and what keeps it there. Nothing is ever taken off the log.

The story
    A legal hold (保全锁定) keeps a record where it is: one administrator places it for a reason (``place_hold``), one
    asks for it to be lifted (``ask_to_lift``) and another one lifts it (``lift_hold``). ``check`` says whether a record
    could be removed now, check by check. Carrying a removal out is not part of this version.

Rules
- A held record is seen, printed and refunded as ever; only removing it is refused, with the oldest hold's number.
- Nobody lifts a hold they asked to be lifted; who lifts it shows a number and a password for that one act. Placing,
  asking and lifting each stand in the log under the payment.
- A record whose money is with the shop, or whose outcome is open, cannot be removed: its money goes back first.
"""

from counterfoil.removal.ask_to_lift import ask_to_lift
from counterfoil.removal.check import Check, check
from counterfoil.removal.facts import KINDS
from counterfoil.removal.faults import FAULTS, HOLD_UNKNOWN, RECORD_HELD
from counterfoil.removal.hold import REASONS, Hold
from counterfoil.removal.holdings import HOLDINGS
from counterfoil.removal.lift_hold import lift_hold
from counterfoil.removal.place_hold import REFERENCE_MAX, PlaceHold, place_hold
from counterfoil.removal.reading import amounts_held, hold_by_id, holds, holds_of
from counterfoil.removal.states import HOLD, HoldEvent, HoldState

__all__ = [
    "FAULTS",
    "HOLD",
    "HOLDINGS",
    "HOLD_UNKNOWN",
    "KINDS",
    "REASONS",
    "RECORD_HELD",
    "REFERENCE_MAX",
    "Check",
    "Hold",
    "HoldEvent",
    "HoldState",
    "PlaceHold",
    "amounts_held",
    "ask_to_lift",
    "check",
    "hold_by_id",
    "holds",
    "holds_of",
    "lift_hold",
    "place_hold",
]

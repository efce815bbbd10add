"""Removal: whether a record may be taken off the lists, and what keeps it there. Nothing is ever taken off the log.

The story
    A legal hold (保全锁定) keeps a record where it is: one administrator places it for a reason (``place_hold``), one
    asks for it to be lifted (``ask_to_lift``) and another one lifts it (``lift_hold``). ``find_holds`` lists them;
    ``check`` says whether a record could be removed now, check by check. Carrying a removal out is not part of this
    version.

Rules
- A held record is seen, printed and refunded as ever; only removing it is refused, with the oldest hold's number.
- Nobody lifts a hold they asked to be lifted; who lifts it shows a number and a password for that one act. Placing,
  asking and lifting each stand in the log under the payment.
- Placing and lifting write the payment's row under its version: a removal decided at the same moment sees the hold.
- A hold's id is the caller's: the same content again is taken as done, other content is refused. Asking and lifting
  happen once to a hold, so its id and the person are theirs: the same person again is done, another one is refused.
- A record whose money is with the shop, or whose outcome is open, cannot be removed: its money goes back first.
"""

from counterfoil.removal.ask_to_lift import ask_to_lift
from counterfoil.removal.check import Check, check
from counterfoil.removal.facts import KINDS
from counterfoil.removal.faults import FAULTS, HOLD_UNKNOWN, RECORD_HELD
from counterfoil.removal.find_holds import FindHolds, HoldPage, find_holds
from counterfoil.removal.hold import REASONS, Hold, number_in
from counterfoil.removal.holdings import HOLDINGS
from counterfoil.removal.lift_hold import lift_hold
from counterfoil.removal.place_hold import REFERENCE_MAX, PlaceHold, place_hold, placeable
from counterfoil.removal.reading import hold_by_id, holds_of, newest_hold
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
    "FindHolds",
    "Hold",
    "HoldEvent",
    "HoldPage",
    "HoldState",
    "PlaceHold",
    "ask_to_lift",
    "check",
    "find_holds",
    "hold_by_id",
    "holds_of",
    "lift_hold",
    "newest_hold",
    "number_in",
    "place_hold",
    "placeable",
]

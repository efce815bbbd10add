"""The legal moves of a payment: tables, and nothing else.

A payment has four independent regions, never one enum for all: money, settlement, visibility, dispute. A refund is a
small machine of its own. ``move`` answers where an event leads; every pair that is not listed is refused. The diagrams
in docs/states.md are drawn from these tables. Numbers M1… and R1… are those of the design's transition table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar


class MoneyState(StrEnum):
    """Where the money is."""

    CREATED = "created"
    SENT = "sent"
    EXPIRED = "expired"
    AUTHORIZED = "authorized"
    CAPTURING = "capturing"
    CAPTURED = "captured"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    REVERSING = "reversing"
    REVERSED = "reversed"
    VOIDING = "voiding"
    VOIDED = "voided"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
    MANUAL = "manual"


class MoneyEvent(StrEnum):
    """What may happen to the money."""

    SEND = "send"
    EXPIRE = "expire"
    APPROVE = "approve"
    AUTHORIZE = "authorize"
    DECLINE = "decline"
    LOSE_SIGHT = "lose_sight"
    REVERSE = "reverse"
    REVERSAL_DONE = "reversal_done"
    REVERSAL_STUCK = "reversal_stuck"
    LATE_SUCCESS = "late_success"
    CAPTURE = "capture"
    CAPTURE_DONE = "capture_done"
    CAPTURE_REFUSED = "capture_refused"
    VOID = "void"
    VOID_DONE = "void_done"
    VOID_REFUSED = "void_refused"
    VOID_UNKNOWN = "void_unknown"
    RESERVE_REFUND = "reserve_refund"
    REFUND_PART = "refund_part"
    REFUND_WHOLE = "refund_whole"
    PERSON_KEPT = "person_kept"
    PERSON_UNDID = "person_undid"


class Settlement(StrEnum):
    """Whether the provider's statement has met the record."""

    OPEN = "open"
    BATCHED = "batched"
    SETTLED = "settled"
    MISMATCH = "mismatch"


class SettlementEvent(StrEnum):
    """What may happen to the settlement."""

    BATCH = "batch"
    MATCH = "match"
    DIFFER = "differ"
    DECIDE = "decide"


class Visibility(StrEnum):
    """Whether people see it in everyday lists. Never influences money, settlement or any total."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    PURGED = "purged"


class VisibilityEvent(StrEnum):
    """What may happen to the visibility."""

    HIDE = "hide"
    RESTORE = "restore"
    PURGE = "purge"


class Dispute(StrEnum):
    """Whether the customer's bank disputes it."""

    NONE = "none"
    OPENED = "opened"
    WON = "won"
    LOST = "lost"
    ACCEPTED = "accepted"


class DisputeEvent(StrEnum):
    """What may happen to a dispute."""

    OPEN = "open"
    WIN = "win"
    LOSE = "lose"
    ACCEPT = "accept"


class LegState(StrEnum):
    """A void, a reversal or a refund."""

    CREATED = "created"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class LegEvent(StrEnum):
    """What may happen to a leg."""

    SEND = "send"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    LOSE_SIGHT = "lose_sight"
    QUEUE = "queue"
    CANCEL = "cancel"


S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Machine(Generic[S, E]):
    """A table of moves: (state, event) → state."""

    name: str
    moves: dict[tuple[S, E], S]
    final: frozenset[S]

    def move(self, state: S, event: E) -> S | None:
        """Where ``event`` leads from ``state``; None where it is not a legal move."""
        return self.moves.get((state, event))


_M, _E = MoneyState, MoneyEvent

MONEY: Final = Machine(
    "money",
    {
        (_M.CREATED, _E.SEND): _M.SENT,  # M2
        (_M.CREATED, _E.EXPIRE): _M.EXPIRED,  # M3
        (_M.SENT, _E.APPROVE): _M.CAPTURED,  # M4
        (_M.SENT, _E.AUTHORIZE): _M.AUTHORIZED,  # M5
        (_M.SENT, _E.DECLINE): _M.DECLINED,  # M6
        (_M.SENT, _E.LOSE_SIGHT): _M.UNKNOWN,  # M7
        (_M.SENT, _E.REVERSE): _M.REVERSING,  # M9: the customer does not pay; asked for by the operator
        (_M.UNKNOWN, _E.APPROVE): _M.CAPTURED,  # M8
        (_M.UNKNOWN, _E.AUTHORIZE): _M.AUTHORIZED,  # M8
        (_M.UNKNOWN, _E.DECLINE): _M.DECLINED,  # M8
        (_M.UNKNOWN, _E.LOSE_SIGHT): _M.UNKNOWN,  # asked, and still not known
        (_M.UNKNOWN, _E.REVERSE): _M.REVERSING,  # M9
        (_M.REVERSING, _E.REVERSAL_DONE): _M.REVERSED,  # M10
        (_M.REVERSING, _E.REVERSAL_STUCK): _M.MANUAL,  # M11
        (_M.REVERSING, _E.LATE_SUCCESS): _M.MANUAL,  # M12
        (_M.REVERSED, _E.LATE_SUCCESS): _M.MANUAL,  # M12
        (_M.DECLINED, _E.LATE_SUCCESS): _M.MANUAL,  # M12
        (_M.MANUAL, _E.PERSON_KEPT): _M.CAPTURED,  # M21: by the statement the money came, and it stays
        (_M.MANUAL, _E.PERSON_UNDID): _M.REVERSED,  # M21: none came, or what came was given back elsewhere
        (_M.AUTHORIZED, _E.CAPTURE): _M.CAPTURING,  # M13
        (_M.CAPTURING, _E.CAPTURE_DONE): _M.CAPTURED,  # M13
        (_M.CAPTURING, _E.CAPTURE_REFUSED): _M.AUTHORIZED,  # M13
        (_M.AUTHORIZED, _E.REVERSE): _M.REVERSING,  # M14
        (_M.CAPTURED, _E.VOID): _M.VOIDING,  # M15
        (_M.VOIDING, _E.VOID_DONE): _M.VOIDED,  # M16
        (_M.VOIDING, _E.VOID_REFUSED): _M.CAPTURED,  # M17
        (_M.VOIDING, _E.VOID_UNKNOWN): _M.VOIDING,  # M18
        (_M.CAPTURED, _E.RESERVE_REFUND): _M.CAPTURED,  # M19
        (_M.PART_REFUNDED, _E.RESERVE_REFUND): _M.PART_REFUNDED,  # M19
        (_M.CAPTURED, _E.REFUND_PART): _M.PART_REFUNDED,  # M20
        (_M.PART_REFUNDED, _E.REFUND_PART): _M.PART_REFUNDED,  # M20
        (_M.CAPTURED, _E.REFUND_WHOLE): _M.REFUNDED,  # M20
        (_M.PART_REFUNDED, _E.REFUND_WHOLE): _M.REFUNDED,  # M20
    },
    frozenset({_M.EXPIRED, _M.DECLINED, _M.REVERSED, _M.VOIDED, _M.REFUNDED}),
)

_S, _T = Settlement, SettlementEvent

SETTLEMENT: Final = Machine(
    "settlement",
    {
        (_S.OPEN, _T.BATCH): _S.BATCHED,
        (_S.BATCHED, _T.MATCH): _S.SETTLED,
        (_S.BATCHED, _T.DIFFER): _S.MISMATCH,
        (_S.MISMATCH, _T.DECIDE): _S.SETTLED,
    },
    frozenset({_S.SETTLED}),
)

_V, _W = Visibility, VisibilityEvent

VISIBILITY: Final = Machine(
    "visibility",
    {
        (_V.VISIBLE, _W.HIDE): _V.HIDDEN,
        (_V.HIDDEN, _W.RESTORE): _V.VISIBLE,
        (_V.HIDDEN, _W.PURGE): _V.PURGED,
    },
    frozenset({_V.PURGED}),
)

_D, _F = Dispute, DisputeEvent

DISPUTE: Final = Machine(
    "dispute",
    {
        (_D.NONE, _F.OPEN): _D.OPENED,
        (_D.OPENED, _F.WIN): _D.WON,
        (_D.OPENED, _F.LOSE): _D.LOST,
        (_D.OPENED, _F.ACCEPT): _D.ACCEPTED,
    },
    frozenset({_D.WON, _D.LOST, _D.ACCEPTED}),
)

_L, _G = LegState, LegEvent

# A refund or a void whose outcome is unknown is asked for, never reversed by the machine.
LEG: Final = Machine(
    "leg",
    {
        (_L.CREATED, _G.SEND): _L.SENT,  # R1
        (_L.SENT, _G.CONFIRM): _L.DONE,  # R2
        (_L.SENT, _G.REFUSE): _L.FAILED,  # R3
        (_L.SENT, _G.LOSE_SIGHT): _L.UNKNOWN,  # R4
        (_L.UNKNOWN, _G.LOSE_SIGHT): _L.UNKNOWN,  # asked, and still not known
        (_L.UNKNOWN, _G.CONFIRM): _L.DONE,  # R5
        (_L.UNKNOWN, _G.REFUSE): _L.FAILED,  # R6
        (_L.SENT, _G.QUEUE): _L.CREATED,  # R7: the account does not cover it yet; tried again under the same number
        (_L.UNKNOWN, _G.QUEUE): _L.CREATED,  # R7
        (_L.CREATED, _G.CANCEL): _L.FAILED,  # R8: a person gives up a queued refund
    },
    frozenset({_L.DONE, _L.FAILED}),
)

# States of money from which nothing more happens by itself: nobody has to look at the payment again.
AT_REST: Final = MONEY.final | {_M.CAPTURED, _M.PART_REFUNDED, _M.MANUAL, _M.AUTHORIZED}

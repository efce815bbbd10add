"""The legal moves of a request; docs/states.md is drawn from them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counterfoil.payments import Machine


class RequestState(StrEnum):
    """Where a request stands. ``half``: one of two has approved."""

    ASKED = "asked"
    HALF = "half"
    APPROVED = "approved"
    DONE = "done"
    FAILED = "failed"
    DECLINED = "declined"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class RequestEvent(StrEnum):
    """What may happen to a request."""

    APPROVE_FIRST = "approve_first"
    APPROVE = "approve"
    DECLINE = "decline"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CARRY_OUT = "carry_out"
    FAIL = "fail"


_S, _E = RequestState, RequestEvent
OPEN: Final = (_S.ASKED, _S.HALF)
_ENDS: Final = {
    _E.DECLINE: _S.DECLINED,
    _E.OBJECT: _S.OBJECTED,
    _E.WITHDRAW: _S.WITHDRAWN,
    _E.EXPIRE: _S.EXPIRED,
}
REQUEST: Final = Machine(
    "request",
    {
        (_S.ASKED, _E.APPROVE_FIRST): _S.HALF,
        (_S.ASKED, _E.APPROVE): _S.APPROVED,
        (_S.HALF, _E.APPROVE): _S.APPROVED,
        **{(start, event): end for start in OPEN for event, end in _ENDS.items()},
        (_S.APPROVED, _E.CARRY_OUT): _S.DONE,
        (_S.APPROVED, _E.FAIL): _S.FAILED,
    },
    frozenset({*_ENDS.values(), _S.DONE, _S.FAILED}),
)

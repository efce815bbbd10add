"""Lakala's three ways to give money back, and how each is asked about. An account's setting says which one it uses.

``labs`` the oldest (its query is tradequery) · ``idempotent`` the same with a number that may be sent again
(``idmrefund``) · ``unified`` the current one (统一退货), which knows card sales too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from counterfoil.providers import Leg, Outcome, Unknown, Why
from counterfoil.providers.lakala.answers import Expected, of_call, of_query
from counterfoil.providers.lakala.wire import Envelope

_REASON_MAX: Final = 32


@dataclass(frozen=True, slots=True)
class RefundCall:
    """One way: its path, the path of its question, what it calls our number, whether its answer says a state.

    ``by_trade_no``: the charge is named by Lakala's number, because the document does not say that ours is known there.
    """

    path: str
    query_path: str
    number: str
    by_state: bool
    by_trade_no: bool = False

    def data(self, call: Leg, location: Mapping[str, str]) -> dict[str, Any]:
        """What is sent, without merchant and terminal."""
        return {
            self.number: call.order_no,
            "refund_amount": str(call.amount.minor),
            "refund_reason": call.reason[:_REASON_MAX],
            **self.origin(call),
            "location_info": dict(location),
        }

    def origin(self, call: Leg) -> dict[str, str]:
        """Which charge it is about."""
        if self.by_trade_no:
            return {"origin_trade_no": call.origin_trade_no or ""}
        return {"origin_out_trade_no": call.origin_order_no}

    def outcome(self, said: Envelope, expected: Expected, environment: str) -> Outcome:
        """The outcome of the call."""
        about = self._numbered(said)
        if self.by_state:
            return of_query(about, expected, environment, asked=False)
        return of_call(about, expected, environment)

    def found(self, said: Envelope, expected: Expected, environment: str) -> Outcome:
        """The outcome as the question finds it."""
        outcome = of_query(self._numbered(said), expected, environment)
        return outcome if not isinstance(outcome, Unknown) or outcome.why is not Why.RETURNED else Unknown(Why.MISMATCH)

    def _numbered(self, said: Envelope) -> Envelope:
        """Our number under the name that labs gives it."""
        data = said.resp_data
        if data is None or self.number == "out_trade_no" or "out_trade_no" in data:
            return said
        return Envelope(code=said.code, msg=said.msg, resp_data={**data, "out_trade_no": data.get(self.number)})


TRADEQUERY: Final = "/api/v3/labs/query/tradequery"
LABS: Final = RefundCall("/api/v3/labs/relation/refund", TRADEQUERY, "out_trade_no", by_state=False)
IDEMPOTENT: Final = RefundCall(
    "/api/v3/labs/relation/idmrefund", "/api/v3/labs/query/idmrefundquery", "out_refund_order_no", by_state=False
)
UNIFIED: Final = RefundCall(
    "/api/v3/rfd/refund_front/refund", "/api/v3/rfd/refund_front/refund_query", "out_trade_no", by_state=True
)
CARD: Final = replace(UNIFIED, by_trade_no=True)
REFUND_CALLS: Final[Mapping[str, RefundCall]] = {"labs": LABS, "idempotent": IDEMPOTENT, "unified": UNIFIED}
REFUND_FEE: Final = "/api/v3/rfd/refund_front/refund_fee"

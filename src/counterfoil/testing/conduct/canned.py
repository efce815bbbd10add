"""A provider's folder over a wire that says what a test made up: nothing answers, or the same answer to everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from counterfoil.basis import Money, Secret
from counterfoil.providers import (
    Answer,
    Approved,
    Charge,
    Connector,
    Declined,
    Leg,
    NoAnswer,
    NotSent,
    Outcome,
    Pending,
    Query,
    Unknown,
)
from counterfoil.testing.conduct.misconduct import must

ORDER_NO: Final = "261125000000000000000001"
LEG_NO: Final = "261125000000000000000002"
AMOUNT: Final = Money(3800)
NOON: Final = 1_795_579_200_000_000


class Answers:
    """A ``Post`` that always gives the same answer, or always fails the same way; counts what it was asked."""

    def __init__(self, answer: Answer | NotSent | NoAnswer) -> None:
        """Give ``answer``, or raise it."""
        self._answer = answer
        self.asked = 0

    async def __call__(self, _url: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        """Answer."""
        self.asked += 1
        if isinstance(self._answer, Answer):
            return self._answer
        raise self._answer


CHARGE: Final = Charge(
    order_no=ORDER_NO,
    amount=AMOUNT,
    entry="consumer_code",
    auth_code=Secret("130000000000000001"),
    subject="商品",
    asked_at=NOON,
)
LEG: Final = Leg(
    order_no=LEG_NO,
    origin_order_no=ORDER_NO,
    origin_trade_no=None,
    origin_amount=AMOUNT,
    amount=AMOUNT,
    reason="TEST",
    origin_asked_at=NOON,
)
QUERY: Final = Query(order_no=ORDER_NO, amount=AMOUNT, kind="charge", asked_at=NOON)


async def outcomes(connector: Connector, *, shows: bool = False) -> dict[str, Outcome]:
    """What each of the five methods says to a sample call. Raises Misconduct unless it is one of the four outcomes.

    ``shows``: also what is said to ``show`` (a charge by a shown code) and ``close`` (its reversal).
    """
    said = {
        "charge": await connector.charge(CHARGE),
        "query": await connector.query(QUERY),
        "void": await connector.void(LEG),
        "reverse": await connector.reverse(LEG),
        "refund": await connector.refund(LEG),
    }
    if shows:
        code = replace(CHARGE, entry="merchant_code", auth_code=None, wallet="alipay", code_seconds=300)
        said["show"] = await connector.charge(code)
        said["close"] = await connector.reverse(replace(LEG, origin_entry="merchant_code"))
    for name, answered in said.items():
        must(isinstance(answered.outcome, Approved | Declined | Pending | Unknown), f"{name}: the outcomes are closed")
    return {name: answered.outcome for name, answered in said.items()}


async def believes_nothing(connector: Connector, *, shows: bool = False) -> None:
    """Every method ends Unknown: for garbage, for silence, for what is not signed. Raises Misconduct."""
    for name, outcome in (await outcomes(connector, shows=shows)).items():
        must(isinstance(outcome, Unknown), f"{name} believed what nobody may believe: {outcome}")


async def approves_nothing(connector: Connector, *, shows: bool = False) -> None:
    """No method says yes: for signed answers that are about something else. Raises Misconduct."""
    for name, outcome in (await outcomes(connector, shows=shows)).items():
        must(not isinstance(outcome, Approved), f"{name} took a yes that was not about it: {outcome}")

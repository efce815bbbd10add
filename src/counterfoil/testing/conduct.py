"""How a provider's folder must behave, whoever wrote it. Each folder's tests run this kit.

The kit calls all five methods of a connector with sample calls over a ``Post`` of the test's making; where a provider
shows codes, also the charge and the reversal of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from counterfoil.basis import Money, Secret, insist
from counterfoil.providers import (
    Answer,
    Approved,
    Charge,
    Connector,
    Declined,
    Leg,
    Manifest,
    NoAnswer,
    NotSent,
    Outcome,
    Pending,
    Query,
    Unknown,
)

ORDER_NO: Final = "261125000000000000000001"
LEG_NO: Final = "261125000000000000000002"
AMOUNT: Final = Money(3800)
_NOON: Final = 1_795_579_200_000_000
_METHODS: Final = frozenset({"card", "qr", "nfc", "cash"})
_WALLETS: Final = frozenset({"wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other"})


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


def manifest_is_sound(manifest: Manifest) -> None:
    """Its lists are not empty and hold only the house's words; what can be voided can be taken; the schedule waits."""
    insist(manifest.name_zh and manifest.name_en, "a provider has a name in both languages")
    insist(manifest.methods and set(manifest.methods) <= _METHODS, "methods")
    insist(manifest.wallets and set(manifest.wallets) <= _WALLETS, "wallets")
    insist(manifest.entries and set(manifest.void_entries) <= set(manifest.entries), "entries")
    insist(0 <= manifest.cut_minute < 24 * 60, "the cut is a minute of the day")
    insist(manifest.schedule.ask and min(manifest.schedule.ask) > 0, "asking waits")
    insist(set(manifest.schedule.reverse_after) <= set(manifest.entries), "reverse_after")
    insist(set(manifest.code_wallets) <= set(manifest.wallets), "code_wallets")
    insist(bool(manifest.code_wallets) is ("merchant_code" in manifest.entries), "a code is shown for some wallet")
    if manifest.code_wallets:
        insist(manifest.schedule.code_seconds > 0, "a shown code ends")
        late = manifest.schedule.reverse_after["merchant_code"]
        insist(late > manifest.schedule.code_seconds, "a shown code is closed after its end")
    insist("auth_code" not in manifest.showable, "a payment code is never shown")


async def outcomes(connector: Connector, *, shows: bool = False) -> dict[str, Outcome]:
    """What each of the five methods says to a sample call. Insists that it is one of the four outcomes.

    ``shows``: also what is said to ``show`` (a charge by a shown code) and ``close`` (its reversal).
    """
    leg = Leg(
        order_no=LEG_NO,
        origin_order_no=ORDER_NO,
        origin_trade_no=None,
        origin_amount=AMOUNT,
        amount=AMOUNT,
        reason="TEST",
        origin_asked_at=_NOON,
    )
    charge = Charge(
        order_no=ORDER_NO,
        amount=AMOUNT,
        entry="consumer_code",
        auth_code=Secret("130000000000000001"),
        subject="商品",
        asked_at=_NOON,
    )
    query = Query(order_no=ORDER_NO, amount=AMOUNT, kind="charge", asked_at=_NOON)
    said = {
        "charge": await connector.charge(charge),
        "query": await connector.query(query),
        "void": await connector.void(leg),
        "reverse": await connector.reverse(leg),
        "refund": await connector.refund(leg),
    }
    if shows:
        code = replace(charge, entry="merchant_code", auth_code=None, wallet="alipay", code_seconds=300)
        said["show"] = await connector.charge(code)
        said["close"] = await connector.reverse(replace(leg, origin_entry="merchant_code"))
    for answered in said.values():
        insist(isinstance(answered.outcome, Approved | Declined | Pending | Unknown), "the outcomes are closed")
    return {name: answered.outcome for name, answered in said.items()}


async def believes_nothing(connector: Connector, *, shows: bool = False) -> None:
    """Every method ends Unknown: for garbage, for silence, for what is not signed."""
    for name, outcome in (await outcomes(connector, shows=shows)).items():
        insist(isinstance(outcome, Unknown), f"{name} believed what nobody may believe: {outcome}")


async def approves_nothing(connector: Connector, *, shows: bool = False) -> None:
    """No method says yes: for signed answers that are about something else."""
    for name, outcome in (await outcomes(connector, shows=shows)).items():
        insist(not isinstance(outcome, Approved), f"{name} took a yes that was not about it: {outcome}")

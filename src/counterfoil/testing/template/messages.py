"""Their words to our outcomes: one table. What is not in it is Unknown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.providers import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why

ASK_AFTER: Final = 5.0


class Said(StrEnum):
    """What a code says, where it is no refusal."""

    OK = "ok"
    PENDING = "pending"
    NOT_FOUND = "not_found"
    NOTHING_TO_UNDO = "nothing_to_undo"


# Fill this from the provider's documents, and only with what they say. An empty table believes nothing.
CODES: Final[Mapping[str, Said | DeclineReason]] = {}


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be about. ``kind``: charge, query, void, reversal or refund."""

    kind: str
    order_no: str
    merchant_no: str
    amount_minor: int


def outcome_of(body: bytes, expected: Expected) -> Outcome:
    """What a verified answer means. Never raises."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return Unknown(Why.UNREADABLE, "no JSON")
    if not isinstance(told, dict):
        return Unknown(Why.UNREADABLE, "no object")
    code = str(told.get("code"))[:16]
    meant = CODES.get(code)
    if wrong := _not_ours(told, expected, meant):
        return Unknown(Why.MISMATCH, wrong)
    if isinstance(meant, DeclineReason):
        return Declined(reason=meant, code=code)
    return _said(meant, told, expected) or Unknown(
        Why.NOT_FOUND if meant is Said.NOT_FOUND else Why.UNLISTED_CODE, code
    )


def _said(meant: Said | None, told: Mapping[str, Any], expected: Expected) -> Outcome | None:
    if meant is Said.OK:
        return _approved(told)
    if meant is Said.PENDING:
        return Pending(ask_after=ASK_AFTER, awaiting="customer")
    return Approved() if meant is Said.NOTHING_TO_UNDO and expected.kind == "reversal" else None


def _not_ours(told: Mapping[str, Any], expected: Expected, meant: Said | DeclineReason | None) -> str:
    """The first member that is about something else; "" where all of it is about us. A yes is about money, too."""
    ours: dict[str, object] = {"order": expected.order_no, "merchant": expected.merchant_no}
    if meant in {Said.OK, Said.PENDING}:
        ours |= {
            "amount": expected.amount_minor,
            "currency": "CNY",
        }
    return next((name for name, value in ours.items() if told.get(name) != value), "")


def _approved(told: Mapping[str, Any]) -> Approved:
    trade_no = told.get("trade_no")
    return Approved(provider_trade_no=trade_no if isinstance(trade_no, str) else None)

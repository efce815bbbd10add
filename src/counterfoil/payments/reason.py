"""The reason of a void or a refund: one of a closed list, and words of one's own."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.basis import Entropy
from counterfoil.evidence import committed
from counterfoil.payments.faults import REASON_UNKNOWN
from counterfoil.payments.payment import REASONS
from counterfoil.people import without_card

TEXT_LENGTH_MAX: Final = 200


def check_reason(reason: str, text: str | None) -> None:
    """Raise REASON_UNKNOWN for a reason outside the list, OTHER without words, or words too long or unprintable.

    Raises Refused CF-2190 for a card number in them.
    """
    if reason not in REASONS:
        raise REASON_UNKNOWN(field="reason")
    if reason == "OTHER" and not (text or "").strip():
        raise REASON_UNKNOWN(field="reason_text")
    if text is not None and (len(text) > TEXT_LENGTH_MAX or not text.isprintable()):
        raise REASON_UNKNOWN(field="reason_text")
    without_card(text or "", "reason_text")


def reason_columns(reason: str, text: str | None, entropy: Entropy) -> dict[str, Any]:
    """The columns of a leg that hold the reason; the person's own words can be erased later."""
    return {"reason": reason, **committed("reason_text", text, entropy.bytes(16))}

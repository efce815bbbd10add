"""What a provider said last, in words."""

from __future__ import annotations

from typing import Final

from counterfoil.doors.office.desk import Desk
from counterfoil.providers import Approved, Declined, Outcome, Pending, Unknown

SAID: Final = frozenset(
    {
        "no_answer",
        "not_sent",
        "bad_signature",
        "unreadable",
        "mismatch",
        "not_found",
        "provider_trouble",
        "unlisted_code",
        "late_success",
        "refused_and_paid",
        "withdrawn",
        "not_in_time",
        "funds_not_in_time",
    }
)


def told(desk: Desk, outcome: Outcome) -> str:
    """The answer to a question that changes nothing, in words."""
    match outcome:
        case Approved():
            return desk.t("office.waiting.answer.paid")
        case Declined(code=code):
            return desk.t("office.waiting.answer.not_paid", code=code)
        case Pending():
            return desk.t("office.waiting.answer.pending")
        case Unknown(why=why):
            return desk.t(f"office.waiting.said.{why if why in SAID else 'other'}")

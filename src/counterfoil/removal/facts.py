"""The facts this area writes; the subject of each is the payment."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

HOLD_PLACED: Final = fact_kind("hold.placed", "auth", "hold", "number", "reason")
HOLD_LIFTING: Final = fact_kind("hold.lifting", "auth", "hold", "number")
# ``desk``: the id of the person who was signed in where somebody else lifted it.
HOLD_LIFTED: Final = fact_kind("hold.lifted", "auth", "hold", "number", "desk")

KINDS: Final = (HOLD_PLACED, HOLD_LIFTING, HOLD_LIFTED)

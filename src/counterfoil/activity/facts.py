"""What this area writes into the log: that somebody took it along as a file."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

# ``form`` is ``activity`` or ``people``, the page it was; ``first`` and ``last`` are days.
ACTIVITY_EXPORTED: Final = fact_kind("activity.exported", "auth", "count", "first", "form", "last")

KINDS: Final = (ACTIVITY_EXPORTED,)

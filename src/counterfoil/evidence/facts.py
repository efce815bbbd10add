"""The facts the evidence itself writes."""

from typing import Final

from counterfoil.evidence.fact import FactKind, fact_kind

# The first leaf of a log: the name it goes by, and the public key its checkpoints are signed with.
LOG_BEGUN: Final = fact_kind("log.begun", "origin", "vkey")

KINDS: Final[tuple[FactKind, ...]] = (LOG_BEGUN,)

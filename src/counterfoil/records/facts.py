"""What records write into the log."""

from typing import Final

from counterfoil.evidence import FactKind, fact_kind

# ``copy`` counts the reprints of one receipt; ``leg`` names the void or refund whose receipt it is.
RECEIPT_REPRINTED: Final = fact_kind("receipt.reprinted", "copy", "leg", "term", "auth")

KINDS: Final[tuple[FactKind, ...]] = (RECEIPT_REPRINTED,)

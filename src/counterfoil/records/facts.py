"""What records write into the log."""

from typing import Final

from counterfoil.evidence import FactKind, fact_kind

# ``copy`` counts the reprints of one receipt; ``leg`` names the void or refund whose receipt it is.
RECEIPT_REPRINTED: Final = fact_kind("receipt.reprinted", "copy", "leg", "term", "auth")

# ``filter_sha256`` is the digest of the question, ``count`` how many records the file has, ``form`` csv or xlsx.
RECORDS_EXPORTED: Final = fact_kind("records.exported", "auth", "count", "filter_sha256", "form", "term")

# The sums of business days as a file: of which days and what of them, and how many lines it has.
DAYS_EXPORTED: Final = fact_kind(
    "days.exported", "auth", "count", "first", "form", "last", "method", "shop", "term", "wallet"
)

KINDS: Final[tuple[FactKind, ...]] = (RECEIPT_REPRINTED, RECORDS_EXPORTED, DAYS_EXPORTED)

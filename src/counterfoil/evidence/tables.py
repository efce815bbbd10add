"""Checkpoints as rows. The leaves and heads stand in the store, whose committer writes them."""

from typing import Final

from counterfoil.store import Line, Whole, by_merchant, working

evidence_checkpoint: Final = by_merchant(
    "evidence_checkpoint",
    working("size", Whole),
    working("note", Line),
    working("signed_at", Whole),
    working("kept", Line),
    key=("size",),
)

"""Checkpoints as rows. The leaves and heads stand in the store, whose committer writes them."""

from typing import Final

from counterfoil.store import Line, Whole, by_merchant, versioned, working

evidence_checkpoint: Final = by_merchant(
    "evidence_checkpoint",
    working("size", Whole),
    working("note", Line),
    working("signed_at", Whole),
    working("kept", Line),
    *versioned(),
    key=("size",),
    # Of two who sign the same size at once, the second is told that it is there.
    root=True,
)

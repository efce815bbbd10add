"""What the log says about a payment, for paper and screen."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import Fault
from counterfoil.doors.screen.guest import Signed
from counterfoil.evidence import latest_checkpoint, read_checkpoint


@dataclass(frozen=True, slots=True)
class Root:
    """A signed state of the log: ``text`` is the first 8 characters of its root in base64."""

    size: int
    text: str


async def newest_root(desk: Signed) -> Root | None:
    """The newest signed state of the merchant's log; None where nothing is signed yet."""
    try:
        note = await latest_checkpoint(desk.app.store, desk.merchant_id)
    except Fault:
        return None
    checkpoint = read_checkpoint(note)
    return Root(checkpoint.size, note.decode().split("\n")[2][:8])


async def covering(desk: Signed, position: int | None) -> Root | None:
    """The newest signed state, if it holds ``position``."""
    root = await newest_root(desk)
    return root if root is not None and position is not None and position < root.size else None

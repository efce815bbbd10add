"""The newest signed state of a merchant's log, short enough for paper."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import Refused
from counterfoil.evidence import latest_checkpoint, read_checkpoint
from counterfoil.store import Store

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Root:
    """A signed state of the log: ``text`` is the first 8 characters of its root in base64."""

    size: int
    text: str

    def covers(self, position: int | None) -> bool:
        """Whether that leaf is under it."""
        return position is not None and position < self.size


async def newest_root(store: Store, merchant_id: int) -> Root | None:
    """The newest signed state; None where nothing is signed yet."""
    try:
        checkpoint = read_checkpoint(await latest_checkpoint(store, merchant_id))
    except Refused:
        return None
    return Root(checkpoint.size, base64.b64encode(checkpoint.root).decode()[:_SHOWN])

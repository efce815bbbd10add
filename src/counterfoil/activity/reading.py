"""The log read backwards, a stretch at a time, for what is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.activity.asked import Asked, Glance
from counterfoil.basis import from_rfc3339
from counterfoil.evidence import leaves_back, read_leaf, span_of
from counterfoil.store import Store

# What is read for one page at the most: on two cores about a fifth of a second.
STRETCH: Final = 20_000
_STEP: Final = 1_000
_GLANCE: Final = msgspec.json.Decoder(Glance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """An act: its place in the log, when (UTC microseconds), in which shop, and all the log says of it."""

    position: int
    at: int
    shop_id: str | None
    said: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What was found, newest first. ``older``: before which position to look on; None where there is no more.

    ``reached`` is the time of the oldest that was looked at; None where nothing was. ``full``: whether the page is.
    """

    leaves: tuple[Leaf, ...]
    older: int | None
    reached: int | None
    full: bool


async def activity(
    store: Store, merchant_id: int, asked: Asked, *, before: int | None = None, rows: int = 50, stretch: int = STRETCH
) -> Stretch:
    """The newest ``rows`` acts that were asked for, before a position, in the next ``stretch`` leaves of the log."""
    least, end = await span_of(store, merchant_id, asked.since, asked.until)
    here, looked, reached = end if before is None else min(before, end), 0, None
    found: list[Leaf] = []
    while here > least and looked < stretch and len(found) < rows:
        step = await leaves_back(store, merchant_id, before=here, least=least, count=min(_STEP, stretch - looked))
        for position, entry in step:
            here, looked, seen = position, looked + 1, _GLANCE.decode(entry)
            reached = seen.ts
            if asked.holds(seen):
                found.append(_leaf(position, entry, asked.shop_at(seen)))
            if len(found) == rows:
                break
    return Stretch(
        leaves=tuple(found),
        older=here if here > least else None,
        reached=None if reached is None else from_rfc3339(reached),
        full=len(found) == rows,
    )


def _leaf(position: int, entry: bytes, shop_id: str | None) -> Leaf:
    said = read_leaf(entry)
    return Leaf(position=position, at=from_rfc3339(str(said["ts"])), shop_id=shop_id, said=said)

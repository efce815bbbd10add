"""Several lanes in one process, for a distributed store: a merchant's Changes all go down the same one.

A batch there holds one merchant, so that one node commits it; while one lane waits for its node, the others go on. Each
lane is a committer with a connection of its own. On a store of one node there is one lane, the committer itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final, Protocol

from counterfoil.store.change import Change, Committed
from counterfoil.store.committer import Committer

LANES: Final = 8


class Committing(Protocol):
    """What the store hands its Changes to: one committer, or lanes of them."""

    @property
    def counted(self) -> Counter[str]:
        """How often each thing happened."""
        ...

    @property
    def queued(self) -> int:
        """How many Changes wait."""
        ...

    @property
    def waits(self) -> Sequence[float]:
        """Seconds of the last waits."""
        ...

    def start(self) -> None:
        """Begin to gather."""
        ...

    async def close(self) -> None:
        """Finish what waits, then end."""
        ...

    async def commit(self, change: Change) -> Committed:
        """Wait until ``change`` is durable."""
        ...


class Lanes:
    """See the module."""

    def __init__(self, lanes: Sequence[Committer]) -> None:
        """At least one, each of one merchant a batch."""
        self._lanes: Final = tuple(lanes)

    @property
    def counted(self) -> Counter[str]:
        """How often each thing happened, over all lanes."""
        return sum((lane.counted for lane in self._lanes), Counter())

    @property
    def queued(self) -> int:
        """How many wait for a batch now, in any lane."""
        return sum(lane.queued for lane in self._lanes)

    @property
    def waits(self) -> Sequence[float]:
        """The seconds of the last few thousand waits, lane after lane."""
        return tuple(chain.from_iterable(lane.waits for lane in self._lanes))

    def start(self) -> None:
        """Open every lane."""
        for lane in self._lanes:
            lane.start()

    async def close(self) -> None:
        """Let every lane finish what waits in it."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))

    async def commit(self, change: Change) -> Committed:
        """Wait in the merchant's lane."""
        return await self._lanes[change.merchant_id % len(self._lanes)].commit(change)

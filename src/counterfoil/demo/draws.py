"""Chance for the demonstration: the same for the same seed, in whole numbers only."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from counterfoil.basis import insist

T = TypeVar("T")

_AT_ONCE: Final = struct.Struct(">64Q")
# The bell curve's cumulative shares in per mille, at -2σ to +2σ.
_BELL: Final = ((0, -200), (23, -200), (159, -100), (500, 0), (841, 100), (977, 200))


class Draws:
    """A stream of draws of its own for each ``seed``."""

    def __init__(self, seed: str) -> None:
        """Start the stream."""
        self._numbers = _numbers(seed)

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1; the bias of 2^-32 and less is of no matter here."""
        insist(end > 0, "nothing to draw from")
        return next(self._numbers) % end

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both included."""
        return least + self.below(most - least + 1)

    def chance(self, of_thousand: int) -> bool:
        """Yes in ``of_thousand`` of a thousand."""
        return self.below(1000) < of_thousand

    def pick(self, weighted: Sequence[tuple[T, int]]) -> T:
        """One of them, by its weight."""
        left = self.below(sum([weight for _, weight in weighted]))
        for value, weight in weighted:
            left -= weight
            if left < 0:
                return value
        return weighted[-1][0]

    def among(self, equals: Sequence[T]) -> T:
        """One of them, each as likely."""
        return equals[self.below(len(equals))]

    def along(self, curve: Sequence[tuple[int, int]]) -> int:
        """A value by a cumulative curve of (per mille, value), straight between its points."""
        at = self.below(1000)
        before = curve[0]
        for point in curve:
            if at < point[0]:
                return before[1] + (point[1] - before[1]) * (at - before[0]) // (point[0] - before[0])
            before = point
        return before[1]

    def digits(self, count: int) -> str:
        """So many decimal digits."""
        return str(self.below(10**count)).rjust(count, "0")

    def noise(self, per_mille: int) -> int:
        """A factor in per mille around 1000 with ``per_mille`` as its standard deviation, cut at two of them."""
        return 1000 + self.along(_BELL) * per_mille // 100


def _numbers(seed: str) -> Iterator[int]:
    block = 0
    while True:
        yield from _AT_ONCE.unpack(hashlib.shake_128(f"{seed}/{block}".encode()).digest(_AT_ONCE.size))
        block += 1

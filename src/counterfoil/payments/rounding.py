"""抹零: what is charged in cash for an amount due, where the shop waives the small change. Always down."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from counterfoil.basis import Money

# Minor units that are kept whole; what is not listed is not rounded.
_WHOLE_MINOR: Final = MappingProxyType({"jiao": 10, "yuan": 100})


def rounded_down(due: Money, rounding: str) -> Money:
    """What is charged for ``due`` under the shop's ``rounding``; an amount that would become nothing stays as it is."""
    unit = _WHOLE_MINOR.get(rounding, 1)
    return Money(due.minor // unit * unit or due.minor, due.currency)

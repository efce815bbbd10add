"""Could this record be removed now (能否移出列表)? Check by check, each with the reason and what would help. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.payments import MoneyState, Payment
from counterfoil.removal.hold import Hold

_WITH_THE_SHOP: Final = frozenset({MoneyState.CAPTURED, MoneyState.PART_REFUNDED, MoneyState.AUTHORIZED})
_ENDED: Final = frozenset(
    {
        MoneyState.EXPIRED,
        MoneyState.DECLINED,
        MoneyState.REVERSED,
        MoneyState.VOIDED,
        MoneyState.REFUNDED,
        *_WITH_THE_SHOP,
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """``name``: ``outcome``, ``money`` or ``hold``. Where it is not ``passed``, the record cannot be removed."""

    name: str
    passed: bool


def check(payment: Payment, holds: Sequence[Hold]) -> tuple[Check, ...]:
    """Every check, in the order in which they are made; ``holds`` are those that hold now."""
    return (
        Check("outcome", payment.money in _ENDED and payment.due_at is None),
        Check("money", payment.money not in _WITH_THE_SHOP),
        Check("hold", not holds),
    )

"""What a cashier should look at before charging: the same amount a moment ago, or far more than the shop usually takes.

Nothing is refused: whoever is sure goes on. The API does not ask; whoever calls it decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS, Money
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.reading import payments_query
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import payment
from counterfoil.payments.usual import usual_most

SAME_SECONDS: Final = 120
# Of a merchant's payments within those two minutes no more than the newest so many are looked at.
_LOOKED_AT_MAX: Final = 5_000
_NOTHING_KEPT: Final = (
    MoneyState.DECLINED,
    MoneyState.EXPIRED,
    MoneyState.REVERSED,
    MoneyState.REVERSING,
    MoneyState.VOIDED,
    MoneyState.VOIDING,
    MoneyState.REFUNDED,
)
_NEWEST: Final = (
    select(payment.c.id)
    .where(payment.c.merchant_id == bindparam("merchant_id"), payment.c.taken_at >= bindparam("since"))
    .order_by(payment.c.taken_at.desc())
    .limit(_LOOKED_AT_MAX)
    .subquery()
)
_SAME: Final = (
    payments_query()
    .where(
        payment.c.merchant_id == bindparam("merchant_id"),
        payment.c.taken_at >= bindparam("since"),
        payment.c.id.in_(select(_NEWEST.c.id)),
        payment.c.terminal_id == bindparam("terminal_id"),
        payment.c.amount_minor == bindparam("amount_minor"),
        *(payment.c.money != state.value for state in _NOTHING_KEPT),
    )
    .order_by(payment.c.taken_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """``same``: a payment of the same amount at this terminal in the last two minutes, received or still open.

    ``usual_most``: what one payment in a thousand of the shop exceeds, where this amount does.
    """

    same: Payment | None
    usual_most: Money | None

    def __bool__(self) -> bool:
        """Whether there is anything to ask about."""
        return self.same is not None or self.usual_most is not None


async def doubts_of(means: Means, merchant_id: int, shop_id: str, terminal_id: str, amount: Money) -> Doubts:
    """What speaks against charging ``amount`` at once; two reads, each bounded whatever the merchant's size."""
    asked = {
        "merchant_id": merchant_id,
        "terminal_id": terminal_id,
        "amount_minor": amount.minor,
        "since": means.clock.now() - SAME_SECONDS * MICROS,
    }
    row = await means.store.fetch_one(_SAME, asked)
    most = await usual_most(means, merchant_id, shop_id)
    return Doubts(
        same=None if row is None else Payment.of(row),
        usual_most=most if most is not None and most < amount else None,
    )

"""A payment that something else now speaks of: nothing of it changes but its version."""

from __future__ import annotations

from counterfoil.payments.payment import Payment
from counterfoil.payments.tables import payment as payment_table
from counterfoil.store import ChangePart, Guard


def touch_part(payment: Payment) -> ChangePart:
    """The part of a higher area's Change by which whoever decided about the payment without knowing of it is Stale.

    The other way round too: the Change is Stale where the payment moved since it was read.
    """
    return ChangePart(guards=(Guard(payment_table, payment.row, {}),))

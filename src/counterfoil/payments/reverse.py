"""冲正: beginning to undo an attempt whose outcome is unknown. Only the machine or a withdrawal does this."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from counterfoil.basis import insist
from counterfoil.payments import facts
from counterfoil.payments.decision import Turn, lease
from counterfoil.payments.leg import leg_change, new_leg, said_of_leg
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import Place, place_was
from counterfoil.payments.reading import load
from counterfoil.payments.request import request_text
from counterfoil.payments.states import MONEY, LegState, MoneyEvent
from counterfoil.store import Change, Stale


async def begin_reversal(means: Means, payment: Payment, turn: Turn) -> Payment:
    """Commit the intent of the machine's own reversal; where somebody moved first, the payment as it is now."""
    place = await place_was(means, payment)
    with contextlib.suppress(Stale):
        await means.store.commit(reversal_change(means, payment, place, turn))
    means.drives.changed((payment.merchant_id, payment.id))
    found = await load(means.store, payment.merchant_id, payment.id)
    insist(found is not None, "a payment being reversed is there")
    return found or payment


def reversal_change(means: Means, payment: Payment, place: Place, turn: Turn) -> Change:
    """The Change with which the machine begins to reverse; ``place`` is where it was taken."""
    leg_id = means.ids.uuid()
    asked = request_text({"act": "reverse", "id": leg_id, "payment_id": payment.id})
    leg = new_leg(means, payment, place, turn.now, kind="reversal", id=leg_id, request=asked, state=LegState.SENT.value)
    columns = reversing(payment, leg, turn)
    fact = facts.REVERSING.fact(
        at=turn.now,
        subject=payment.id,
        **{"from": payment.money.value, "to": columns["money"], **said_of_leg(payment, leg), "why": "not_in_time"},
    )
    return leg_change(means, payment, leg, fact, columns)


def reversing(payment: Payment, leg: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """The columns of a payment that begins to be reversed; a drive under way goes on and sends the reversal."""
    to = MONEY.move(payment.money, MoneyEvent.REVERSE)
    insist(to is not None, f"no reversal from {payment.money}")
    driving = lease(turn) if leg["state"] == LegState.SENT else {"due_at": turn.now}
    gone = {"code": None, "code_until": None}
    return {"money": str(to), "awaiting": None, **gone, "not_found_asks": 0, "not_found_since": None, **driving}

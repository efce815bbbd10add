"""退款排队: refunds the account does not cover yet, tried again by themselves and early when enough has been taken.

A queued refund keeps its number and its reservation. Its next try is ``due_at``; what is taken through the account
meanwhile may bring that forward.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import MICROS, Money
from counterfoil.payments.means import Means
from counterfoil.payments.outcome import EARLY_TRIES_MAX, QUEUE_SECONDS
from counterfoil.payments.payment import Payment, PaymentLeg
from counterfoil.payments.reading import load
from counterfoil.payments.states import MoneyState
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.store import Change, Guard, Stale

AT_ONCE_MAX: Final = 100
# After so many payments a try is worth it, whatever their sum; and no more than these are ever read for one refund.
TAKEN_MAX: Final = 2000
# An early try waits at least for this part of the pause that would have been.
_EARLY_PART: Final = 10

_QUEUED: Final = (
    select(payment_leg.c.merchant_id, payment_leg.c.payment_id)
    .where(payment_leg.c.due_at.is_not(None), payment_leg.c.due_at > bindparam("now"))
    .order_by(payment_leg.c.due_at)
    .limit(AT_ONCE_MAX)
)
# By time over the index of payments, from the last try on: an hour's worth at most.
_TAKEN: Final = (
    select(payment.c.amount_minor)
    .where(
        payment.c.merchant_id == bindparam("merchant_id"),
        payment.c.taken_at > bindparam("since"),
        payment.c.account_id == bindparam("account_id"),
        payment.c.money == MoneyState.CAPTURED.value,
    )
    .limit(TAKEN_MAX)
)


async def hasten_queued(means: Means) -> int:
    """One round of the worker: what enough has been taken for since its last try is due now. Answers how many."""
    hastened = 0
    for row in await means.store.fetch(_QUEUED, {"now": means.clock.now()}):
        found = await load(means.store, row["merchant_id"], row["payment_id"])
        if found is None or not found.queued:
            continue
        for leg in found.refunds:
            hastened += await _hastened(means, found, leg)
    return hastened


async def still_needed(means: Means, of: Payment, leg: PaymentLeg) -> Money | None:
    """How much more must be taken through the account before a queued refund is tried early; None where it is not."""
    if not leg.queued or leg.row["tries"] >= EARLY_TRIES_MAX:
        return None
    asked = {"merchant_id": of.merchant_id, "account_id": of.account_id, "since": leg.tried_at or 0}
    amounts = [int(row["amount_minor"]) for row in await means.store.fetch(_TAKEN, asked)]
    taken = leg.amount_minor if len(amounts) >= TAKEN_MAX else min(sum(amounts), leg.amount_minor)
    return Money(leg.amount_minor - taken, leg.currency)


async def _hastened(means: Means, of: Payment, leg: PaymentLeg) -> bool:
    now = means.clock.now()
    if not leg.queued or now < _early_at(leg) or now >= (leg.due_at or 0):
        return False
    needed = await still_needed(means, of, leg)
    if needed is None or needed.minor:
        return False
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=of.merchant_id,
        guards=(Guard(payment, of.row, {"due_at": now}), Guard(payment_leg, leg.row, {"due_at": now})),
    )
    try:
        await means.store.commit(change)
    except Stale:
        return False
    return True


def _early_at(leg: PaymentLeg) -> int:
    pause = QUEUE_SECONDS[min(max(leg.row["tries"] - 1, 0), len(QUEUE_SECONDS) - 1)]
    return (leg.tried_at or 0) + pause * MICROS // _EARLY_PART

"""查单: find out what became of a payment, now, or whenever it is due.

The start of the program runs the same code: an intent without an outcome is what a crash leaves behind.
"""

from __future__ import annotations

from counterfoil.payments.decision import lease
from counterfoil.payments.drive import back_off, drive, key_of, turn_of
from counterfoil.payments.means import Key, Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.place import route_of
from counterfoil.payments.reading import due, left_open, load
from counterfoil.payments.settle import ASK_SECONDS, as_it_is, news_of, settled
from counterfoil.payments.tables import payment as payment_table
from counterfoil.store import Change, Guard, Stale


async def resolve(means: Means, merchant_id: int, payment_id: str, wait_seconds: float = ASK_SECONDS) -> Payment:
    """Ask for the outcome now; answers with the payment as it is after at most ``wait_seconds``.

    Only whoever drives a payment asks: an answer that came from somewhere else could meet a reversal already sent.
    """
    payment = await as_it_is(means, merchant_id, payment_id)
    if payment.in_flight and not await _take_over(means, payment):
        means.drives.nudge(key_of(payment))
    if payment.code is not None:
        # It stays open however often it is asked about: the answer to this one question is what is waited for.
        return await news_of(means, payment, wait_seconds)
    return await settled(means, payment, wait_seconds)


async def resolve_due(means: Means) -> int:
    """One round of the worker: take over what is due and not driven; answers how many were begun."""
    return await _begin(means, await due(means.store, means.clock.now()))


async def resolve_left_open(means: Means) -> int:
    """At the start: everything that is open; what another living process drives is left to it."""
    return await _begin(means, await left_open(means.store))


async def _begin(means: Means, keys: list[Key]) -> int:
    begun = 0
    for key in keys:
        try:
            begun += await _begun(means, key)
        except Exception as error:  # noqa: BLE001 - one payment that cannot be driven holds up none of the others
            await back_off(means, key)
            means.drives.failed(key, error)
    return begun


async def _begun(means: Means, key: Key) -> bool:
    payment = await load(means.store, *key)
    return payment is not None and payment.due_at is not None and await _take_over(means, payment)


async def _take_over(means: Means, payment: Payment) -> bool:
    """Become the driver by a guarded Change and start driving; False while another driver's lease runs."""
    if means.drives.running(key_of(payment)):
        return False
    turn = turn_of(means, await route_of(means, payment.merchant_id, payment.account_id))
    leased = payment.driver is not None and (payment.driver_until or 0) > turn.now
    if leased and not (means.alone and payment.driver != means.process):
        return False
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=payment.merchant_id,
        guards=(Guard(payment_table, payment.row, {**lease(turn), "due_at": turn.now}),),
    )
    try:
        await means.store.commit(change)
    except Stale:
        return False
    mine = await as_it_is(means, payment.merchant_id, payment.id)
    means.drives.start(key_of(mine), drive(means, mine, None))
    return True

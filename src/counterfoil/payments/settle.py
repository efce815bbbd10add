"""Staying on the line: the answer to an act is the payment as it is when it rests, or when the caller's time is up."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from counterfoil.basis import Trouble
from counterfoil.payments.drive import key_of
from counterfoil.payments.faults import INTENT_UNKNOWN, PAYMENT_NOT_FOUND
from counterfoil.payments.means import Means
from counterfoil.payments.payment import Payment
from counterfoil.payments.reading import load
from counterfoil.payments.sight import in_sight
from counterfoil.payments.told import answered
from counterfoil.people import Actor, Permission, demand_there

WAIT_SECONDS_MAX: Final = 60
# Long enough for one question and its answer on a good day.
ASK_SECONDS: Final = 3.0
# Where another process drives, its news is looked for this often.
_LOOK_SECONDS: Final = 0.5


async def settled(means: Means, payment: Payment, wait_seconds: float) -> Payment:
    """The payment once nothing is open with the provider, or as it is after ``wait_seconds`` (at most 60)."""
    # By the clock that never goes back: a corrected wall clock keeps nobody on the line.
    if payment.closable:
        return await _shown(means, payment, min(wait_seconds, WAIT_SECONDS_MAX))
    until = means.clock.monotonic() + min(wait_seconds, WAIT_SECONDS_MAX)
    while payment.in_flight and (left := until - means.clock.monotonic()) > 0:
        left_as = None
        if means.drives.running(key_of(payment)):
            left_as = await means.drives.wait(key_of(payment), left)
        elif means.drives.closing:
            return payment
        else:
            await means.clock.sleep(min(left, _LOOK_SECONDS))
        now = left_as or await _as_far_as_known(means, payment)
        payment = now if now.repeated == payment.repeated else replace(now, repeated=payment.repeated)
    return payment


async def news_of(means: Means, payment: Payment, seconds: float) -> Payment:
    """The payment once it is another than it was, or as it is after ``seconds``."""
    until = means.clock.monotonic() + seconds
    with means.drives.watching(key_of(payment)) as watch:
        while (left := until - means.clock.monotonic()) > 0 and not means.drives.closing:
            found = await as_it_is(means, payment.merchant_id, payment.id)
            if found.version != payment.version:
                return found
            await watch.wait(means.clock, min(left, _LOOK_SECONDS))
    return await as_it_is(means, payment.merchant_id, payment.id)


async def _shown(means: Means, payment: Payment, seconds: float) -> Payment:
    """A payment that waits for its customer once there is something new to say: its code or bill, or its end."""
    until = means.clock.monotonic() + seconds
    while payment.in_flight and not answered(payment):
        left = until - means.clock.monotonic()
        if left <= 0 or means.drives.closing:
            break
        try:
            payment = replace(await news_of(means, payment, left), repeated=payment.repeated)
        except Trouble:
            await means.clock.sleep(min(left, _LOOK_SECONDS))
    return payment


async def after_intent(means: Means, merchant_id: int, payment_id: str) -> Payment:
    """The payment as the intent just committed left it.

    Raises INTENT_UNKNOWN where the database went away between the two: nothing was sent yet, but to say that nothing
    was recorded would be untrue. Who asks again by the same id hears how it went on.
    """
    try:
        return await as_it_is(means, merchant_id, payment_id)
    except Trouble as away:
        raise INTENT_UNKNOWN() from away


async def _as_far_as_known(means: Means, payment: Payment) -> Payment:
    """The payment as it is now; as it was where the database is away, since its intent is recorded all the same."""
    try:
        return await as_it_is(means, payment.merchant_id, payment.id)
    except Trouble:
        return payment


async def as_it_is(means: Means, merchant_id: int, payment_id: str) -> Payment:
    """The payment as it is now. Raises PAYMENT_NOT_FOUND."""
    found = await load(means.store, merchant_id, payment_id)
    if found is None:
        raise PAYMENT_NOT_FOUND(field="payment_id")
    return found


async def payment_for(means: Means, actor: Actor, payment_id: str, permission: Permission) -> Payment:
    """The payment as it is now, for an actor who may do this somewhere.

    Raises PAYMENT_NOT_FOUND where there is none or it is out of their sight, and nothing tells these two apart; Refused
    CF-2021 where they see it but may not do this there.
    """
    found = await as_it_is(means, actor.merchant_id, payment_id)
    if not in_sight(actor, found, permission):
        raise PAYMENT_NOT_FOUND(field="payment_id")
    demand_there(actor, permission, found.shop_id)
    return found

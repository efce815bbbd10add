"""Ask the provider now about the payment that a notice names, for the person who decides on that notice.

Where the notice contradicts our record, an answer that says what happened ends it as it would have ended it by itself;
of one that names another amount the answer is only read.
"""

from __future__ import annotations

from counterfoil.payments.ask_now import ask_now
from counterfoil.payments.faults import NOTICE_NO_PAYMENT
from counterfoil.payments.heed_notice import NOT_PAID, end_by_answer
from counterfoil.payments.means import Means
from counterfoil.payments.notice import legal, notice_for
from counterfoil.payments.settle import as_it_is
from counterfoil.people import Actor, Permission, demand
from counterfoil.providers import Outcome
from counterfoil.store import Stale


async def ask_of_notice(means: Means, actor: Actor, notice_id: str) -> Outcome:
    """What the provider says. Asked again once it is decided: refused, nothing happens.

    Raises Refused CF-2021, CF-2012 (may not), CF-3160 (no such notice), CF-3161 (decided), CF-3165 (about no payment
    of ours), and what ``ask_now`` raises.
    """
    # 1 may this person do it
    demand(actor, Permission.DECIDE_NOTICE)
    # 2 load, 3 is it legal
    kept = await notice_for(means.store, actor.merchant_id, notice_id)
    legal(kept)
    if kept.payment_id is None:
        raise NOTICE_NO_PAYMENT()
    payment = await as_it_is(means, actor.merchant_id, kept.payment_id)
    # 4 ask, with nothing locked
    outcome = await ask_now(means, actor, payment.id)
    # 5 commit what follows; whoever decided meanwhile has decided
    if kept.how == "contradicted" and payment.money in NOT_PAID:
        try:
            await end_by_answer(means, kept, payment, outcome)
        except Stale:
            return outcome
    # 6 answer
    return outcome

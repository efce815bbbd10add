"""Put a notice aside that was left to a person: it is not ours, or its money is known otherwise. Nothing is booked."""

from __future__ import annotations

from typing import Final

from counterfoil.payments import facts
from counterfoil.payments.faults import NOTICE_DECIDED, NOTICE_REASON, TOO_MANY_AT_ONCE
from counterfoil.payments.means import Means
from counterfoil.payments.notice import KeptNotice, NoticeState, legal, notice_for
from counterfoil.payments.tables import provider_notice
from counterfoil.people import Actor, Permission, demand
from counterfoil.store import Change, Guard, Lost

# Why it is put aside: another system took it, our own record has it, the provider gave it back, it was a test, or it is
# nobody's here.
CLOSE_REASONS: Final = ("OTHER_SYSTEM", "RECORDED", "RETURNED", "TEST", "NOT_OURS")
_TRIES: Final = 8


async def close_notice(means: Means, actor: Actor, notice_id: str, reason: str) -> KeptNotice:
    """End it for a reason of ``CLOSE_REASONS``; answers with the notice as it is then. The same again: done.

    Raises Refused CF-2021 (may not), CF-3166 (no such reason), CF-3160 (no such notice), CF-3161 (decided otherwise);
    Trouble CF-3121.
    """
    # 1 may this person do it
    demand(actor, Permission.DECIDE_NOTICE)
    if reason not in CLOSE_REASONS:
        raise NOTICE_REASON(field="reason")
    for _ in range(_TRIES):
        # 2 load, and was it done before
        kept = await notice_for(means.store, actor.merchant_id, notice_id)
        if kept.reason is not None:
            if kept.reason != reason:
                raise NOTICE_DECIDED()
            return kept
        # 3 is it legal
        legal(kept)
        # 4 commit with its fact
        try:
            await means.store.commit(_change(means, actor, kept, reason))
        except Lost:
            continue
        # 5 answer
        return await notice_for(means.store, actor.merchant_id, notice_id)
    raise TOO_MANY_AT_ONCE()


async def check_closing(means: Means, actor: Actor, notice_id: str, reason: str) -> KeptNotice:
    """The notice, if it could be put aside for that reason: what is shown first. Raises what ``close_notice`` does."""
    demand(actor, Permission.DECIDE_NOTICE)
    if reason not in CLOSE_REASONS:
        raise NOTICE_REASON(field="reason")
    kept = await notice_for(means.store, actor.merchant_id, notice_id)
    legal(kept)
    return kept


def _change(means: Means, actor: Actor, kept: KeptNotice, reason: str) -> Change:
    now, done = means.clock.now(), NoticeState.DONE.value
    fact = facts.NOTICE_CLOSED.fact(
        at=now,
        actor=actor.person_id,
        subject=kept.id,
        auth=actor.auth,
        to=done,
        how=kept.how,
        reason=reason,
        payment=kept.payment_id,
        pref=kept.said.order_no,
    )
    closed = {"state": done, "reason": reason, "ended_at": now, "due_at": None}
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=kept.merchant_id,
        guards=(Guard(provider_notice, kept.row, closed),),
        facts=(fact,),
    )

"""Ask for a hold to be lifted (申请解除保全锁定); another person does it."""

from __future__ import annotations

from counterfoil.people import Actor, Means, in_service
from counterfoil.removal.facts import HOLD_LIFTING
from counterfoil.removal.faults import HOLD_BUSY
from counterfoil.removal.moving import TRIES, Told, hold_for, legal, moving
from counterfoil.removal.states import HoldEvent
from counterfoil.store import Change, Stale


async def ask_to_lift(means: Means, actor: Actor, hold_id: str) -> None:
    """From now on another administrator may lift it; until then it holds. Asked again by the same person: done.

    Raises Refused CF-2021 (may not), CF-8002 (none of that id), CF-8003 (asked for by another, or lifted); Trouble
    CF-8009 (too many at once).
    """
    for _ in range(TRIES):
        # 1 may this person do it, 2 did they before, 3 is the move legal
        found = await hold_for(means, actor, hold_id)
        if found.lifting_by == actor.person_id:
            return
        legal(found, HoldEvent.ASK_TO_LIFT)
        # 4 commit with its fact, while the person is in service; the record is held as before, so it is left alone
        now = means.clock.now()
        values = {"lifting_by": actor.person_id, "lifting_at": now}
        part = moving(actor, found, HoldEvent.ASK_TO_LIFT, values, Told(HOLD_LIFTING, now))
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=found.merchant_id,
            guards=part.guards,
            requires=(await in_service(means, actor),),
            facts=part.facts,
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return
    raise HOLD_BUSY()

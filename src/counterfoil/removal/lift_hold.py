"""Lift a hold (解除保全锁定): the second of the two persons it takes."""

from __future__ import annotations

from counterfoil.people import Actor, Means
from counterfoil.removal.facts import HOLD_LIFTED
from counterfoil.removal.faults import SECOND_PERSON
from counterfoil.removal.moving import at_state, moved
from counterfoil.removal.states import HoldEvent


async def lift_hold(means: Means, actor: Actor, hold_id: str) -> None:
    """The record is no longer kept by this hold.

    Raises Refused CF-2021 (may not), CF-8002 (none of that id), CF-8003 (nobody asked for it, or it is lifted), CF-8004
    (the actor asked for it).
    """
    found = await at_state(means, actor, hold_id, HoldEvent.LIFT)
    if found.lifting_by == actor.person_id:
        raise SECOND_PERSON()
    values = {"lifted_by": actor.person_id, "lifted_at": means.clock.now()}
    await moved(means, actor, found, HoldEvent.LIFT, values, HOLD_LIFTED)

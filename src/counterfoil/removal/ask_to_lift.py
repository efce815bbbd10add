"""Ask for a hold to be lifted (申请解除保全锁定); another person does it."""

from __future__ import annotations

from counterfoil.people import Actor, Means
from counterfoil.removal.facts import HOLD_LIFTING
from counterfoil.removal.moving import at_state, moved
from counterfoil.removal.states import HoldEvent


async def ask_to_lift(means: Means, actor: Actor, hold_id: str) -> None:
    """From now on another administrator may lift it; until then it holds.

    Raises Refused CF-2021 (may not), CF-8002 (none of that id), CF-8003 (asked for or lifted already).
    """
    found = await at_state(means, actor, hold_id, HoldEvent.ASK_TO_LIFT)
    values = {"lifting_by": actor.person_id, "lifting_at": means.clock.now()}
    await moved(means, actor, found, HoldEvent.ASK_TO_LIFT, values, HOLD_LIFTING)

"""Lift a hold (解除保全锁定): the second of the two persons it takes, who shows a number and a password for it."""

from __future__ import annotations

from counterfoil.basis import Secret
from counterfoil.people import Actor, Means, Person, actor_of, at_office, prove
from counterfoil.removal.facts import HOLD_LIFTED
from counterfoil.removal.faults import SECOND_PERSON
from counterfoil.removal.moving import Told, at_state, moving
from counterfoil.removal.states import HoldEvent
from counterfoil.store import ChangePart


async def lift_hold(means: Means, actor: Actor, hold_id: str, number: str, password: Secret[str]) -> None:
    """The record is no longer kept by this hold.

    ``actor`` is whose desk it is; ``number`` and ``password`` are the second person's, who stands in the log as having
    lifted it. Wrong tries count against that number as at a sign-in.

    Raises Refused CF-2001, CF-2007, CF-2020 as ``sign_in`` in the office does, CF-2021 (one of them may not), CF-8002
    (none of that id), CF-8003 (nobody asked for it, or it is lifted), CF-8004 (it is who asked); Trouble CF-2010.
    """
    # 1 may it be done here at all: nobody's password is tried for what cannot be
    await at_state(means, actor, hold_id, HoldEvent.LIFT)
    proof = await at_office(means, actor.merchant_id, number=number, password=password)

    # 2 the second person may and is not the first; the lifting and its fact are one Change with the proof
    async def lift(second: Person, now: int) -> tuple[ChangePart, None]:
        lifter = actor_of(second, None)
        found = await at_state(means, lifter, hold_id, HoldEvent.LIFT)
        if found.lifting_by == second.id:
            raise SECOND_PERSON()
        values = {"lifted_by": second.id, "lifted_at": now}
        return moving(lifter, found, HoldEvent.LIFT, values, Told(HOLD_LIFTED, now)), None

    await prove(means, proof, lift)

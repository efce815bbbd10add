"""Lift a hold (解除保全锁定): the second of the two persons it takes, who shows their office login for it."""

from __future__ import annotations

from counterfoil.basis import Secret, insist
from counterfoil.payments import load, touch_part
from counterfoil.people import IN_OFFICE, Actor, Means, Person, actor_of, at_office, held_now, in_service, prove
from counterfoil.removal.facts import HOLD_LIFTED
from counterfoil.removal.faults import SECOND_PERSON
from counterfoil.removal.hold import Hold
from counterfoil.removal.moving import Told, hold_for, legal, moving
from counterfoil.removal.states import HoldEvent, HoldState
from counterfoil.store import ChangePart, Require


async def lift_hold(means: Means, actor: Actor, hold_id: str, email: str, password: Secret[str]) -> None:
    """The record is no longer kept by this hold. Lifted again by the same person: done.

    ``actor`` is whose desk it is; ``email`` and ``password`` are the office login of the second person, who stands in
    the log as having lifted it. Wrong tries count against that login as at a sign-in in the office.

    Raises Refused CF-2032, CF-2020, CF-2030 as ``sign_in_office`` does, CF-2021 (one of them may not), CF-8002
    (none of that id), CF-8003 (nobody asked for it, or another lifted it), CF-8004 (it is who asked); Trouble CF-2010.
    """
    # 1 may it be done here at all: nobody's password is tried for what cannot be
    found = await hold_for(means, actor, hold_id)
    if found.state is not HoldState.LIFTED:
        legal(found, HoldEvent.LIFT)
    proof = await at_office(means, actor.merchant_id, email=email, password=password)

    # 2 the second person may, is not the first, and did not do it before; all of it is one Change with the proof
    async def lift(second: Person, now: int) -> tuple[ChangePart, None]:
        held, unchanged = await held_now(means, actor.merchant_id, second.id)
        lifter = actor_of(second, held, IN_OFFICE)
        found = await hold_for(means, lifter, hold_id)
        if found.lifted_by == second.id:
            return ChangePart(), None
        legal(found, HoldEvent.LIFT)
        if found.lifting_by == second.id:
            raise SECOND_PERSON()
        values = {"lifted_by": second.id, "lifted_at": now}
        part = moving(lifter, found, HoldEvent.LIFT, values, Told(HOLD_LIFTED, now, actor.person_id))
        return await _with_the_record(means, actor, found, part, unchanged), None

    await prove(means, proof, lift)


async def _with_the_record(means: Means, actor: Actor, found: Hold, part: ChangePart, unchanged: Require) -> ChangePart:
    """The lifting together with the record it frees, while whose desk it is is in service."""
    payment = await load(means.store, found.merchant_id, found.payment_id)
    insist(payment is not None, "a hold is on a record that is there")
    touched = touch_part(payment) if payment else ChangePart()
    return ChangePart(
        guards=(*touched.guards, *part.guards), requires=(await in_service(means, actor), unchanged), facts=part.facts
    )

"""Give a till number to somebody who was made with an office login only, with the checks of making somebody."""

from __future__ import annotations

from counterfoil.basis import Broken, Secret
from counterfoil.people.add_operator import number_free, ruled_number
from counterfoil.people.alter import PERSON, row_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_NUMBERED
from counterfoil.people.faults import PERSON_UNKNOWN
from counterfoil.people.faults_of_rights import NUMBER_KEPT
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, SET_BY_OTHER, SET_BY_SELF
from counterfoil.people.roles.held import held_by
from counterfoil.people.roles.rights import change_rights, demand_covers
from counterfoil.people.tables import person as person_table
from counterfoil.people.till_password import till_password
from counterfoil.store import ChangePart, Guard


async def add_number(means: Means, actor: Actor, person_id: str, number: str, password: Secret[str]) -> None:
    """The person signs in at the tills with that number from now on, once with that password, to set their own.

    Whoever has a number keeps it.

    Raises Refused CF-2021 (may not), CF-2018 (nobody of that id who is in service), CF-2048 (they have one), CF-2005
    (password), CF-2006 (number taken), CF-2007 and CF-2040 (number), CF-2035 (who holds more than the actor); Trouble
    CF-2010.
    """
    # 1 may this person do it, and has it the right shape
    demand(actor, Permission.MANAGE_PEOPLE)
    plain = await ruled_number(means, actor.merchant_id, number)
    await number_free(means, actor.merchant_id, plain)
    hashed = await means.hasher.hash(till_password(password, enrolled=False))

    # 2 they are there and have none, and nobody opens a way in to more than they hold
    async def part(now: Actor) -> tuple[ChangePart, None]:
        demand(now, Permission.MANAGE_PEOPLE)
        before = await row_of(means, PERSON, now.merchant_id, person_id)
        if before["state"] != ACTIVE:
            raise PERSON_UNKNOWN(number="")
        if before["number"] is not None:
            raise NUMBER_KEPT(number=before["number"])
        demand_covers(now, await held_by(means.store, now.merchant_id, person_id))
        fact = PERSON_NUMBERED.fact(at=means.clock.now(), actor=actor.person_id, subject=person_id, number=plain)
        own = person_id == actor.person_id
        given = {
            "number": plain,
            "password_hash": hashed,
            "password_state": SET_BY_SELF if own else SET_BY_OTHER,
        }
        return ChangePart(guards=(Guard(person_table, before, given),), facts=(fact,)), None

    # 3 commit the number and its fact
    try:
        await change_rights(means, actor, part)
    except Broken:
        # Where two take the same number at once, the unique index decides and the store calls the loser broken.
        await number_free(means, actor.merchant_id, plain)
        raise

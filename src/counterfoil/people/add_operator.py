"""Add a person who may sign in."""

from __future__ import annotations

from counterfoil.basis import Broken
from counterfoil.evidence import SYSTEM, committed
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_ADDED
from counterfoil.people.faults import NUMBER_TAKEN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, NewPerson, Person
from counterfoil.people.reading import person_by_number
from counterfoil.people.shapes import SALT_BYTES, new_password, operator_number, text
from counterfoil.people.tables import person as person_table
from counterfoil.store import Change, ChangePart, Insert


async def add_operator(means: Means, actor: Actor, new: NewPerson) -> Person:
    """The person, who may sign in at once at every terminal of the merchant.

    Raises Refused CF-2021 (may not), CF-2005 (password), CF-2006 (number taken), CF-2007 (number), CF-2014 (name);
    Trouble CF-2010.
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_PEOPLE)
    # 2 the number is free
    number = operator_number(new.number)
    if await person_by_number(means.store, actor.merchant_id, number):
        raise NUMBER_TAKEN(field="number", number=number)
    # 3 commit the person and the fact
    person, part = await added(means, actor.merchant_id, new, by=actor.person_id)
    change = Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, inserts=part.inserts, facts=part.facts)
    try:
        await means.store.commit(change)
    except Broken:
        # Where two add the same number at once, the unique index decides and the store calls the loser broken.
        if await person_by_number(means.store, actor.merchant_id, number) is None:
            raise
        raise NUMBER_TAKEN(field="number", number=number) from None
    # 4 answer
    return person


async def added(means: Means, merchant_id: int, new: NewPerson, *, by: str = SYSTEM) -> tuple[Person, ChangePart]:
    """The new person and the part of a Change that adds them; their password is hashed here."""
    made = Person(
        merchant_id=merchant_id,
        id=means.ids.uuid(),
        number=operator_number(new.number),
        name=text(new.name, "name"),
        role=new.role,
        state=ACTIVE,
        made_at=means.clock.now(),
        version=1,
    )
    row = {
        "merchant_id": merchant_id,
        "id": made.id,
        "number": made.number,
        **committed("name", made.name, means.entropy.bytes(SALT_BYTES)),
        "role": made.role.value,
        "state": made.state,
        "password_hash": await means.hasher.hash(new_password(new.password)),
        "made_at": made.made_at,
    }
    fact = PERSON_ADDED.fact(at=made.made_at, actor=by, subject=made.id, number=made.number, role=made.role.value)
    return made, ChangePart(inserts=(Insert(person_table, row),), facts=(fact,))

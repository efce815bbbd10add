"""A supervisor sets a cashier's new till password, at a terminal or in the office; an administrator sets anybody's."""

from __future__ import annotations

from counterfoil.basis import Secret, insist
from counterfoil.people.begin_session import At, actor_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_PASSWORD_RESET
from counterfoil.people.faults import PERSON_UNKNOWN
from counterfoil.people.lock import Place
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, Person
from counterfoil.people.prove import Proof, prove
from counterfoil.people.reading import as_person, person_by_number, person_row, terminal
from counterfoil.people.roles.held import demand_long, held_by, held_now
from counterfoil.people.roles.rights import demand_covers
from counterfoil.people.session import end_sessions, sessions_of
from counterfoil.people.shapes import operator_number
from counterfoil.people.tables import person as person_table
from counterfoil.people.till_password import till_password
from counterfoil.store import ChangePart, Guard, Row


async def reset_password(
    means: Means, proof: Proof, whose_number: str, new: Secret[str], *, enrolled: bool = False
) -> Person:
    """Set the till password of ``whose_number`` to ``new`` and end all their sessions; that person is the answer.

    ``proof`` is what the supervisor or administrator shows, made with ``at_terminal`` or ``at_office``; wrong tries
    count as at a sign-in. ``enrolled``: the device proved that it is the terminal, so that 4 to 8 digits will do for
    somebody who may do nothing dangerous. A pause of ``whose_number`` stays: ``lift_lock`` lifts it.
    Raises Refused as ``prove`` does, CF-2005 (new password), CF-2007 (number), CF-2018 (nobody of that number), CF-2021
    (may not), CF-2035 (that person holds more), CF-2042 (too easy), CF-2137 and CF-2138 (4 to 8 digits, but too easy,
    or for somebody who needs more); Trouble CF-2010.
    """
    # 1 for whom, and what
    whose, at = operator_number(whose_number), At(proof.place.terminal_id, proof.place.shop_id)
    fit = till_password(new, whose, *await _known(means, proof.place, whose), enrolled=enrolled)

    # 2 the prover may, the person is there; the new hash, the end of the sessions and the fact are one Change
    async def reset(prover: Person, now: int) -> tuple[ChangePart, Person]:
        held, unchanged = await held_now(means, prover.merchant_id, prover.id)
        before = await _person_to_reset(means, actor_of(prover, held, at), whose, fit)
        fact = PERSON_PASSWORD_RESET.fact(at=now, actor=prover.id, subject=before["id"], terminal=at.terminal_id)
        hashed = await means.hasher.hash(fit)
        part = ChangePart(
            guards=(Guard(person_table, before, {"password_hash": hashed}),),
            requires=(unchanged,),
            drops=await sessions_of(means, prover.merchant_id, person_id=before["id"]),
            facts=(fact,),
        )
        return part, as_person(before)

    done = await prove(means, proof, reset)
    # 3 a sign-in with the old password may have been committed just before; from here on none can be
    await end_sessions(means, done.merchant_id, person_id=done.id)
    # 4 answer
    insist(done.merchant_id == proof.place.merchant_id, "the person is of this merchant")
    return done


async def _known(means: Means, place: Place, number: str) -> tuple[str, ...]:
    """What everybody knows there: the person's name, and the number of the terminal."""
    who = await person_by_number(means.store, place.merchant_id, number)
    at = await terminal(means.store, place.merchant_id, place.terminal_id) if place.terminal_id else None
    return (who and who.name) or "", at.number if at else ""


async def _person_to_reset(means: Means, actor: Actor, number: str, new: Secret[str]) -> Row:
    """Their row. Whoever holds more than a cashier is reset by who manages people."""
    demand(actor, Permission.RESET_PASSWORD)
    row = await person_row(means.store, actor.merchant_id, number)
    if row is None or row["state"] != ACTIVE:
        raise PERSON_UNKNOWN(field="whose_number", number=number)
    theirs = await held_by(means.store, actor.merchant_id, row["id"])
    if Permission.OFFICE in theirs.anywhere():
        demand(actor, Permission.MANAGE_PEOPLE)
    demand_covers(actor, theirs)
    demand_long(theirs, new)
    return row

"""A supervisor lifts the lock of an operator number, at the terminal where it is locked."""

from __future__ import annotations

from counterfoil.basis import Secret, insist
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_LOCK_LIFTED
from counterfoil.people.faults import LOCK_NOT_THERE
from counterfoil.people.lock import Place, Tries, kept
from counterfoil.people.means import Means
from counterfoil.people.permission import Permission
from counterfoil.people.person import Person
from counterfoil.people.prove import at_terminal, prove, tries_at
from counterfoil.people.reading import person_by_number
from counterfoil.people.shapes import operator_number
from counterfoil.people.sign_in import actor_of
from counterfoil.store import ChangePart


async def lift_lock(
    means: Means,
    *,
    merchant_id: int,
    terminal_id: str,
    locked_number: str,
    number: str,
    password: Secret[str],
) -> Person:
    """Lift the lock of ``locked_number``; ``number`` and ``password`` are the supervisor's, who is the answer.

    Wrong tries count against the supervisor's number at that terminal as at a sign-in.
    Raises Refused CF-2001, CF-2002, CF-2007, CF-2008 as ``sign_in`` does, CF-2011 (not locked), CF-2021 (no
    supervisor); Trouble CF-2010.
    """
    # 1 where, what is shown, and whose lock
    proof = await at_terminal(means, merchant_id, terminal_id, number=number, password=password)
    place = Place(merchant_id, terminal_id, operator_number(locked_number), proof.place.zone)

    # 2 the supervisor may, the lock is there, and its lifting becomes a fact
    async def lift(supervisor: Person, now: int) -> tuple[ChangePart, Person]:
        demand(actor_of(supervisor, terminal_id), Permission.LIFT_LOCK)
        insist(supervisor.merchant_id == merchant_id, "the supervisor is of this merchant")
        before, tries = await tries_at(means, place)
        if not tries.locked(now):
            raise LOCK_NOT_THERE(field="locked_number", number=place.number)
        whose = await person_by_number(means.store, merchant_id, place.number)
        part = kept(place, before, Tries(), now)
        fact = PERSON_LOCK_LIFTED.fact(
            at=now,
            actor=supervisor.id,
            subject=whose.id if whose else None,
            terminal=terminal_id,
            number=place.number,
        )
        return ChangePart(guards=part.guards, inserts=part.inserts, facts=(fact,)), supervisor

    return await prove(means, proof, lift)

"""A supervisor lifts the pause of an operator number, at the terminal where it is met; one that is everywhere too."""

from __future__ import annotations

from counterfoil.basis import Secret, insist
from counterfoil.people.begin_session import At, actor_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_LOCK_LIFTED
from counterfoil.people.faults import LOCK_NOT_THERE
from counterfoil.people.lock import Place, Tries
from counterfoil.people.means import Means
from counterfoil.people.permission import Permission
from counterfoil.people.person import Person
from counterfoil.people.prove import at_terminal, counts_at, prove
from counterfoil.people.reading import person_by_number
from counterfoil.people.roles.held import held_now
from counterfoil.people.shapes import operator_number
from counterfoil.store import ChangePart


async def lift_lock(
    means: Means,
    *,
    merchant_id: int,
    terminal_id: str,
    locked_number: str,
    number: str,
    password: Secret[str],
    address: str | None = None,
) -> Person:
    """Lift the lock of ``locked_number``; ``number`` and ``password`` are the supervisor's, who is the answer.

    Wrong tries count against the supervisor's number at that terminal as at a sign-in.
    Raises Refused CF-2001, CF-2002, CF-2007, CF-2008 as ``sign_in`` does, CF-2011 (not locked), CF-2021 (no
    supervisor); Trouble CF-2010.
    """
    # 1 where, what is shown, and whose lock
    proof = await at_terminal(means, merchant_id, terminal_id, number=number, password=password, address=address)
    place = Place(merchant_id, terminal_id, operator_number(locked_number), proof.place.zone)

    # 2 the supervisor may, the lock is there, and its lifting becomes a fact
    async def lift(supervisor: Person, now: int) -> tuple[ChangePart, Person]:
        held, unchanged = await held_now(means, merchant_id, supervisor.id)
        demand(actor_of(supervisor, held, At(terminal_id, proof.place.shop_id)), Permission.LIFT_LOCK)
        insist(supervisor.merchant_id == merchant_id, "the supervisor is of this merchant")
        counts = [each for each in await counts_at(means, place.counters, now) if each.tries.locked(now)]
        if not counts:
            raise LOCK_NOT_THERE(field="locked_number", number=place.number)
        whose = await person_by_number(means.store, merchant_id, place.number)
        parts = [each.counter.kept(each.before, Tries(), now) for each in counts]
        fact = PERSON_LOCK_LIFTED.fact(
            at=now,
            actor=supervisor.id,
            subject=whose.id if whose else None,
            terminal=terminal_id,
            number=place.number if whose else None,
            pause="till",
        )
        guards = tuple(guard for part in parts for guard in part.guards)
        return ChangePart(guards=guards, requires=(unchanged,), facts=(fact,)), supervisor

    return await prove(means, proof, lift)

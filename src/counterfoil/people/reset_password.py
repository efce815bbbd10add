"""A supervisor sets a cashier's new password, at a terminal or in the office; an administrator sets anybody's."""

from __future__ import annotations

from counterfoil.basis import Secret, insist
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_PASSWORD_RESET
from counterfoil.people.faults import PERSON_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import Permission, Role
from counterfoil.people.person import ACTIVE, Person
from counterfoil.people.prove import at_office, at_terminal, prove
from counterfoil.people.reading import as_person, person_row
from counterfoil.people.session import end_sessions, sessions_of
from counterfoil.people.shapes import new_password, operator_number
from counterfoil.people.sign_in import actor_of
from counterfoil.people.tables import person as person_table
from counterfoil.store import ChangePart, Guard, Row


async def reset_password(
    means: Means,
    *,
    merchant_id: int,
    terminal_id: str | None,
    whose_number: str,
    new: Secret[str],
    number: str,
    password: Secret[str],
) -> Person:
    """Set the password of ``whose_number`` to ``new`` and end all their sessions; that person is the answer.

    ``terminal_id`` is None in the office. ``number`` and ``password`` are the supervisor's or administrator's; wrong
    tries count against that number there as at a sign-in. A pause of ``whose_number`` stays: ``lift_lock`` lifts it.
    Raises Refused CF-2001, CF-2002, CF-2007, CF-2008 as ``sign_in`` does, CF-2005 (new password), CF-2018 (nobody of
    that number), CF-2021 (may not); Trouble CF-2010.
    """
    # 1 where, what is shown, and for whom
    if terminal_id is None:
        proof = await at_office(means, merchant_id, number=number, password=password)
    else:
        proof = await at_terminal(means, merchant_id, terminal_id, number=number, password=password)
    whose = operator_number(whose_number)
    fit = new_password(new)

    # 2 the prover may, the person is there; the new hash, the end of the sessions and the fact are one Change
    async def reset(prover: Person, now: int) -> tuple[ChangePart, Person]:
        before = await _person_to_reset(means, prover, terminal_id, whose)
        fact = PERSON_PASSWORD_RESET.fact(at=now, actor=prover.id, subject=before["id"], terminal=terminal_id)
        hashed = await means.hasher.hash(fit)
        part = ChangePart(
            guards=(Guard(person_table, before, {"password_hash": hashed}),),
            drops=await sessions_of(means, merchant_id, person_id=before["id"]),
            facts=(fact,),
        )
        return part, as_person(before)

    done = await prove(means, proof, reset)
    # 3 a sign-in with the old password may have been committed just before; from here on none can be
    await end_sessions(means, merchant_id, person_id=done.id)
    # 4 answer
    insist(done.merchant_id == merchant_id, "the person is of this merchant")
    return done


async def _person_to_reset(means: Means, prover: Person, terminal_id: str | None, number: str) -> Row:
    actor = actor_of(prover, terminal_id)
    demand(actor, Permission.RESET_PASSWORD)
    row = await person_row(means.store, prover.merchant_id, number)
    if row is None or row["state"] != ACTIVE:
        raise PERSON_UNKNOWN(field="whose_number", number=number)
    if row["role"] != Role.CASHIER:
        demand(actor, Permission.MANAGE_PEOPLE)
    return row

"""A supervisor sets a cashier's new till password, at a terminal or in the office; an administrator sets anybody's."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from counterfoil.basis import Secret, insist
from counterfoil.people.alter import in_service
from counterfoil.people.begin_session import At, actor_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_PASSWORD_RESET
from counterfoil.people.faults import PERSON_UNKNOWN, SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, SET_BY_OTHER, SET_BY_SELF, Person
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.prove import Proof, prove
from counterfoil.people.reading import as_person, person_by_number, person_row, terminal
from counterfoil.people.roles.held import demand_long, held_by, held_now
from counterfoil.people.roles.rights import demand_covers
from counterfoil.people.session import ROUNDS_MAX, end_sessions, sessions_of
from counterfoil.people.shapes import operator_number
from counterfoil.people.tables import person as person_table
from counterfoil.people.till_password import till_password
from counterfoil.store import Change, ChangePart, Guard, Lost, Row


async def reset_password(
    means: Means, proof: Proof, whose_number: str, new: Secret[str], *, enrolled: bool = False
) -> Person:
    """Set the till password of ``whose_number`` to ``new`` and end all their sessions; that person is the answer.

    Whoever set it knows it, so it signs them in once, to set their own; nothing else is done or approved with it.

    ``proof`` is what the supervisor or administrator shows, made with ``at_terminal`` or ``at_office``; wrong tries
    count as at a sign-in. ``enrolled``: the device proved that it is the terminal, so that 4 to 8 digits will do for
    somebody who may do nothing dangerous. A pause of ``whose_number`` stays: ``lift_lock`` lifts it.
    Raises Refused as ``prove`` does, CF-2005 (new password), CF-2007 (number), CF-2018 (nobody of that number), CF-2021
    (may not), CF-2035 (that person holds more), CF-2042 (too easy), CF-2137 and CF-2138 (4 to 8 digits, but too easy,
    or for somebody who needs more); Trouble CF-2010.
    """
    # 1 for whom, and what
    whose, at = operator_number(whose_number), At(proof.place.terminal_id, proof.place.shop_id)
    fit = till_password(
        new, whose, *await _known(means, proof.place.merchant_id, at.terminal_id, whose), enrolled=enrolled
    )

    # 2 the prover may, the person is there; the new hash, the end of the sessions and the fact are one Change
    async def reset(prover: Person, now: int) -> tuple[ChangePart, Person]:
        held, unchanged = await held_now(means, prover.merchant_id, prover.id)
        part, done = await _part(means, actor_of(prover, held, at), whose, fit, now)
        return structs.replace(part, requires=(unchanged,)), done

    done = await prove(means, proof, reset)
    # 3 a sign-in with the old password may have been committed just before; from here on none can be
    await end_sessions(means, done.merchant_id, person_id=done.id)
    # 4 answer
    insist(done.merchant_id == proof.place.merchant_id, "the person is of this merchant")
    return done


async def _known(means: Means, merchant_id: int, terminal_id: str | None, number: str) -> tuple[str, ...]:
    """What everybody knows there: the person's name, and the number of the terminal."""
    who = await person_by_number(means.store, merchant_id, number)
    at = await terminal(means.store, merchant_id, terminal_id) if terminal_id else None
    return (who and who.name) or "", at.number if at else ""


async def reset_confirmed(means: Means, actor: Actor, whose_number: str, new: Secret[str]) -> Person:
    """The same in the office, by an actor who confirmed it with a second factor: there is no password to be tried.

    Raises Refused CF-2005, CF-2007, CF-2018, CF-2021, CF-2035, CF-2042 as ``reset_password`` does; Trouble CF-2010.
    """
    whose = operator_number(whose_number)
    fit = till_password(new, whose, *await _known(means, actor.merchant_id, None, whose), enrolled=False)
    for _ in range(ROUNDS_MAX):
        held, unchanged = await held_now(means, actor.merchant_id, actor.person_id)
        may = replace(actor, permissions=held.everywhere, in_shops=held.in_shops)
        part, done = await _part(means, may, whose, fit, means.clock.now())
        still = await in_service(means, actor)
        # Of one's own row the part says so itself.
        requires = (unchanged,) if done.id == actor.person_id else (unchanged, still)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            requires=requires,
            guards=part.guards,
            drops=part.drops,
            facts=part.facts,
        )
        try:
            await means.store.commit(change)
        except Lost:
            continue
        await end_sessions(means, actor.merchant_id, person_id=done.id)
        return done
    raise SIGN_IN_BUSY()


async def check_reset(means: Means, actor: Actor, whose_number: str, new: Secret[str]) -> Person:
    """Whose password it is, if it could be set so: what is shown first. Raises what ``reset_confirmed`` does."""
    whose = operator_number(whose_number)
    fit = till_password(new, whose, *await _known(means, actor.merchant_id, None, whose), enrolled=False)
    return as_person(await _person_to_reset(means, actor, whose, fit))


async def _part(means: Means, actor: Actor, number: str, new: Secret[str], now: int) -> tuple[ChangePart, Person]:
    """The new hash, the end of their sessions and the fact; and whose it is."""
    before = await _person_to_reset(means, actor, number, new)
    # At a till nobody else can approve it: where a rule asks for that, it is set in the office.
    await demand_second(means.store, actor, Act.RESET_PASSWORD)
    fact = PERSON_PASSWORD_RESET.fact(at=now, actor=actor.person_id, subject=before["id"], terminal=actor.terminal_id)
    own = before["id"] == actor.person_id
    values = {
        "password_hash": await means.hasher.hash(new),
        "password_state": SET_BY_SELF if own else SET_BY_OTHER,
    }
    part = ChangePart(
        guards=(Guard(person_table, before, values),),
        drops=await sessions_of(means, actor.merchant_id, person_id=before["id"]),
        facts=(fact,),
    )
    return part, as_person(before)


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

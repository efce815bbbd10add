"""登录: an operator number and a password become a session at a terminal."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from counterfoil.basis import Language, Secret, insist
from counterfoil.people.begin_session import At, SignedIn, begin_session
from counterfoil.people.faults import PASSWORD_SPENT, SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.permission import Held
from counterfoil.people.person import OTHERS_USED, SET_BY_OTHER, Person
from counterfoil.people.prove import at_terminal, prove
from counterfoil.people.reading import person_row
from counterfoil.people.roles.held import demand_long, held_by
from counterfoil.people.tables import person as person_table
from counterfoil.store import ChangePart, Guard


async def sign_in(
    means: Means,
    *,
    merchant_id: int,
    terminal_id: str,
    number: str,
    password: Secret[str],
    language: Language = "zh-CN",
    address: str | None = None,
    enrolled: bool = False,
) -> SignedIn:
    """Sign a person in at a terminal; a new token each time. ``address``: the network address they come from.

    ``enrolled``: the device proved that it is the terminal (``admit``), so that a till password of 4 to 8 digits
    counts; not for somebody who may do what is dangerous.
    Raises Refused CF-2001 (wrong; tries left), CF-2002 and CF-2030 (a pause, until when), CF-2007 (no operator number),
    CF-2008 (no such terminal), CF-2026 (somebody else typed it, and it was used once), CF-2138 (a short password, and
    they may do what is dangerous); Trouble CF-2010.
    """
    # 1 where, and what is shown
    shown = await at_terminal(
        means, merchant_id, terminal_id, number=number, password=password, address=address, enrolled=enrolled
    )
    proof = replace(shown, given=True)

    # 2 the session, if the password is right: it and its fact are committed with the reset of the count
    async def start(person: Person, now: int) -> tuple[ChangePart, SignedIn]:
        held = await held_by(means.store, merchant_id, person.id)
        demand_long(held, proof.password)
        at = At(proof.place.terminal_id, proof.place.shop_id)
        if person.has_own_password:
            return begin_session(means, person, held, at, language=language, now=now)
        # The session may nothing but set their own, and the password has done what it was for.
        part, signed = begin_session(means, person, Held(), at, language=language, now=now)
        return structs.replace(part, guards=(await _once(means, person),)), signed

    made = await prove(means, proof, start)
    # 3 the answer
    insist(made.session.merchant_id == merchant_id, "the session is of the merchant asked")
    insist(made.session.person_id == made.actor.person_id, "the session is the proven person's")
    return made


async def _once(means: Means, person: Person) -> Guard:
    """That a password somebody else typed has signed them in. Raises Refused CF-2026 where it has already."""
    before = await person_row(means.store, person.merchant_id, person.number or "")
    if before is None:
        raise SIGN_IN_BUSY()
    # Of the row as it is now: another sign-in with it may have been let in since this one was proven.
    if before["password_state"] != SET_BY_OTHER:
        raise PASSWORD_SPENT(field="password")
    return Guard(person_table, before, {"password_state": OTHERS_USED})

"""An administrator lifts a pause from the office: of somebody's login or till number, or of a network address.

The supervisor's way at the terminal (``lift_lock``) stays as it is; this one is for whoever is paused elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.alter import in_service
from counterfoil.people.demand import demand
from counterfoil.people.facts import PERSON_LOCK_LIFTED
from counterfoil.people.faults import PERSON_UNKNOWN, SIGN_IN_BUSY
from counterfoil.people.faults_of_rights import PAUSE_OVER
from counterfoil.people.logins.reading import login_row
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ADDRESS, OFFICE, Lock
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import LOCKS_MAX, as_lock, person
from counterfoil.people.roles.held import held_by
from counterfoil.people.roles.rights import demand_covers
from counterfoil.people.tables import sign_in_lock
from counterfoil.store import Change, Guard, Row, Stale

ROUNDS_MAX: Final = 12
_THEIRS: Final = (
    select(sign_in_lock)
    .where(sign_in_lock.c.merchant_id == bindparam("merchant_id"))
    .where(sign_in_lock.c.locked_until > bindparam("now"))
    .where(
        (sign_in_lock.c.number == bindparam("number"))
        | (sign_in_lock.c.number == bindparam("login"))
        | (sign_in_lock.c.terminal_id == ADDRESS)
    )
    .order_by(sign_in_lock.c.locked_until.desc())
    .limit(LOCKS_MAX)
)


async def pauses_of(means: Means, merchant_id: int, person_id: str) -> list[Lock]:
    """What keeps that person from signing in now: pauses of their login and number, and of whatever address."""
    return [as_lock(row, person_id) for row in await _rows(means, merchant_id, person_id)]


async def lift_pause(means: Means, actor: Actor, person_id: str, pause_id: str) -> None:
    """Lift one of the pauses that ``pauses_of`` names; the fact says which kind, and of an address no more.

    Raises Refused CF-2018 (nobody of that id), CF-2021 (may not), CF-2035 (they hold more than the actor), CF-2047
    (over already), CF-2150 (another person has to approve it); Trouble CF-2010.
    """
    # 1 may this person do it, for whom
    demand(actor, Permission.LIFT_LOCK)
    demand(actor, Permission.END_SESSIONS)
    await demand_second(means.store, actor, Act.LIFT_PAUSE)
    if await person(means.store, actor.merchant_id, person_id) is None:
        raise PERSON_UNKNOWN(number="")
    demand_covers(actor, await held_by(means.store, actor.merchant_id, person_id))
    for _ in range(ROUNDS_MAX):
        # 2 it is one of theirs, or an address, and is not over
        rows = await _rows(means, actor.merchant_id, person_id)
        before = next((row for row in rows if row["id"] == pause_id), None)
        if before is None:
            raise PAUSE_OVER()
        pause = as_lock(before, person_id)
        # 3 the count begins anew, with its fact, by somebody who is in service
        fact = PERSON_LOCK_LIFTED.fact(
            at=means.clock.now(),
            actor=actor.person_id,
            subject=None if pause.address else person_id,
            terminal=pause.terminal_id,
            number=pause.number,
            pause=pause.where,
        )
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            guards=(Guard(sign_in_lock, before, {"tries": 0, "locked_until": None}),),
            requires=(await in_service(means, actor),),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()


async def _rows(means: Means, merchant_id: int, person_id: str) -> Sequence[Row]:
    who = await person(means.store, merchant_id, person_id)
    login = await login_row(means.store, merchant_id, person_id)
    asked = {
        "merchant_id": merchant_id,
        "now": means.clock.now(),
        "number": (who and who.number) or "",
        "login": login["email_digest"] if login else "",
    }
    rows = await means.store.fetch(_THEIRS, asked)
    # A digest is no till number and none is a digest; an address is looked at whoever asks.
    return [row for row in rows if (row["terminal_id"] == OFFICE) == (row["number"] == asked["login"])]

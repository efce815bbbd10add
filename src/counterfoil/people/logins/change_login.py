"""Give somebody an office login, another address for it, or close it. The first password they set themselves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from counterfoil.basis import Broken, Secret
from counterfoil.people.demand import demand
from counterfoil.people.facts import LOGIN_CHANGED
from counterfoil.people.faults import PERSON_UNKNOWN
from counterfoil.people.faults_of_rights import EMAIL_TAKEN, LOGIN_NOT_THERE
from counterfoil.people.logins.email import digest_of, find_login
from counterfoil.people.logins.login_part import address_columns, opened_part
from counterfoil.people.logins.reading import login_row
from counterfoil.people.logins.reset import begun, reset_columns
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, DISABLED, Person
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import person
from counterfoil.people.roles.held import held_by
from counterfoil.people.roles.rights import change_rights, demand_another, demand_covers
from counterfoil.people.session import end_sessions
from counterfoil.people.tables import login
from counterfoil.store import ChangePart, Fact, Guard, Insert

T = TypeVar("T")


async def open_login(means: Means, actor: Actor, person_id: str, email: str) -> Secret[str]:
    """Give the person a login, or open a closed one with that address; the code with which they set a password.

    The code is shown once, here, and is good for an hour. Raises Refused CF-2018 (nobody of that id), CF-2021 (may
    not), CF-2031 (no address), CF-2033 (address taken), CF-2035 (who holds more than the actor), CF-2150 (nobody else
    approved it); Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.CHANGE_LOGIN)
    code = begun(means)

    async def part(now: Actor) -> tuple[ChangePart, Secret[str]]:
        whose = await _whose(means, now, person_id)
        await _free(means, now.merchant_id, email, person_id)
        opened = opened_part(means, whose, email, password_hash=None, by=actor.person_id)
        before = await login_row(means.store, now.merchant_id, person_id)
        fresh = {**opened.inserts[0].row, **reset_columns(means, code), "gone_at": None}
        if before is None:
            return ChangePart(inserts=(Insert(login, fresh),), facts=opened.facts), code
        kept = {name: value for name, value in fresh.items() if name not in ("merchant_id", "person_id")}
        return ChangePart(guards=(Guard(login, before, kept),), facts=opened.facts), code

    return await _unless_taken(means, actor, person_id, email, part)


async def change_email(means: Means, actor: Actor, person_id: str, email: str) -> None:
    """Another address for a login; its password stays. Raises as ``open_login``, and Refused CF-2034 (no login)."""
    await demand_second(means.store, actor, Act.CHANGE_LOGIN)

    async def part(now: Actor) -> tuple[ChangePart | None, None]:
        await _whose(means, now, person_id)
        before = await login_row(means.store, now.merchant_id, person_id)
        if before is None or before["state"] != ACTIVE:
            raise LOGIN_NOT_THERE()
        await _free(means, now.merchant_id, email, person_id)
        values = address_columns(means, now.merchant_id, email)
        if values["email_digest"] == before["email_digest"]:
            return None, None
        return ChangePart(guards=(Guard(login, before, values),), facts=(_fact(means, now, person_id, "email"),)), None

    await _unless_taken(means, actor, person_id, email, part)


async def close_login(means: Means, actor: Actor, person_id: str) -> None:
    """Close the way into the office and end its sessions; a till number stays.

    Raises Refused CF-2018, CF-2021, CF-2035 as ``open_login``, CF-2034 (no login), CF-2036 (the last administrator);
    Trouble CF-2010.
    """
    await demand_second(means.store, actor, Act.CHANGE_LOGIN)

    async def part(now: Actor) -> tuple[ChangePart, None]:
        await _whose(means, now, person_id)
        before = await login_row(means.store, now.merchant_id, person_id)
        if before is None or before["state"] != ACTIVE:
            raise LOGIN_NOT_THERE()
        await demand_another(means, now.merchant_id, person_id)
        gone = {"state": DISABLED, "gone_at": means.clock.now()}
        closed = {**gone, "password_hash": None, "reset_sha256": None, "reset_until": None}
        return ChangePart(guards=(Guard(login, before, closed),), facts=(_fact(means, now, person_id, "closed"),)), None

    await change_rights(means, actor, part)
    await end_sessions(means, actor.merchant_id, person_id=person_id, office=True)


async def _unless_taken(
    means: Means,
    actor: Actor,
    person_id: str,
    email: str,
    part: Callable[[Actor], Awaitable[tuple[ChangePart | None, T]]],
) -> T:
    """Commit the part; where two take the same address at once, the unique index decides and the loser is told so."""
    try:
        return await change_rights(means, actor, part)
    except Broken:
        await _free(means, actor.merchant_id, email, person_id)
        raise


def _fact(means: Means, actor: Actor, person_id: str, what: str) -> Fact:
    return LOGIN_CHANGED.fact(at=means.clock.now(), actor=actor.person_id, subject=person_id, what=what)


async def _whose(means: Means, actor: Actor, person_id: str) -> Person:
    demand(actor, Permission.MANAGE_PEOPLE)
    found = await person(means.store, actor.merchant_id, person_id)
    if found is None or found.state != ACTIVE:
        raise PERSON_UNKNOWN(number="")
    demand_covers(actor, await held_by(means.store, actor.merchant_id, person_id))
    return found


async def _free(means: Means, merchant_id: int, email: str, person_id: str) -> None:
    found = await find_login(means.store, merchant_id, digest_of(means, merchant_id, email))
    if found is not None and found[0]["person_id"] != person_id:
        raise EMAIL_TAKEN(field="email")

"""改自己的密码: whoever is signed in shows their present password and sets another, at a till or in the office.

The present password is the proof, and no second factor beside it: whoever has one has shown it for this session, and
whoever has none could not confirm anything. It also tells the person from somebody who found the screen unlocked.
"""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Secret
from counterfoil.people.facts import LOGIN_PASSWORD_SET, PERSON_PASSWORD_CHANGED
from counterfoil.people.faults import SESSION_ENDED
from counterfoil.people.logins.reading import login_of, login_row
from counterfoil.people.logins.strength import office_password
from counterfoil.people.means import Means
from counterfoil.people.person import SET_BY_SELF, Person, Session
from counterfoil.people.prove import own_password, prove
from counterfoil.people.reading import person, person_row, terminal
from counterfoil.people.roles.held import demand_long, held_now
from counterfoil.people.session import DROPS_MAX, end_sessions, session_guard, sessions_of
from counterfoil.people.shapes import digest, new_token
from counterfoil.people.tables import login as login_table
from counterfoil.people.tables import person as person_table
from counterfoil.people.till_password import till_password
from counterfoil.store import ChangePart, Guard

OWN: Final = "own"


async def change_password(
    means: Means,
    session: Session,
    *,
    password: Secret[str],
    new: Secret[str],
    address: str | None = None,
    enrolled: bool = False,
) -> Secret[str]:
    """Set the password of the login in the office, of the till number at a till; the session goes on under the answer.

    A reset that was begun is void, and all other sessions of the person end. ``enrolled`` as in ``sign_in``.
    Raises Refused CF-2046 (present one wrong; it counts as at a sign-in), CF-2002, CF-2020 and CF-2030 (a pause),
    CF-2005, CF-2042, CF-2137 and CF-2138 (the new one), CF-2003 (ended meanwhile); Trouble CF-2010.
    """
    # 1 what shall be, before a try is spent on it, and what is shown
    fit = await fit_for(means, session, new, enrolled=enrolled)
    proof = await own_password(means, session, password, address=address, enrolled=enrolled)
    token = new_token(means.entropy, session.merchant_id)

    # 2 the new hash, the session's new token, the end of the others and the fact are one Change
    async def change(who: Person, now: int) -> tuple[ChangePart, None]:
        if session.terminal_id is None:
            changed = await _in_office(means, who, fit, now)
        else:
            changed = await own_at_till(means, session.terminal_id, who, fit, now)
        return await goes_on_with(means, session, token, changed), None

    await prove(means, proof, change)
    # 3 a sign-in with the old password may have been committed just before; from here on none can be
    await end_sessions(means, session.merchant_id, but=session.id, person_id=session.person_id)
    # 4 answer
    return token


async def goes_on_with(means: Means, session: Session, token: Secret[str], changed: ChangePart) -> ChangePart:
    """``changed`` with this session under a new token and the end of all others. Raises Refused CF-2003 (it ended)."""
    goes_on = await session_guard(means, session, {"token_sha256": digest(token)})
    if goes_on is None:
        raise SESSION_ENDED()
    theirs = await sessions_of(means, session.merchant_id, person_id=session.person_id)
    others = tuple(one for one in theirs if one.before["id"] != session.id)
    return ChangePart(
        guards=(*changed.guards, goes_on),
        requires=changed.requires,
        drops=others[:DROPS_MAX],
        facts=changed.facts,
    )


async def fit_for(means: Means, session: Session, new: Secret[str], *, enrolled: bool) -> Secret[str]:
    """The password as it is set, fit for where the session is. Raises Refused for one that is not."""
    who = await person(means.store, session.merchant_id, session.person_id)
    name, number = (who and who.name) or "", (who and who.number) or ""
    if session.terminal_id is not None:
        at = await terminal(means.store, session.merchant_id, session.terminal_id)
        return till_password(new, number, name, at.number if at else "", enrolled=enrolled)
    login = await login_of(means.store, session.merchant_id, session.person_id)
    return office_password(new, (login and login.email) or "", name)


async def _in_office(means: Means, who: Person, new: Secret[str], now: int) -> ChangePart:
    before = await login_row(means.store, who.merchant_id, who.id)
    if before is None:
        raise SESSION_ENDED()
    values = {"password_hash": await means.hasher.hash(new), "reset_sha256": None, "reset_until": None}
    fact = LOGIN_PASSWORD_SET.fact(at=now, actor=who.id, subject=who.id, how=OWN)
    return ChangePart(guards=(Guard(login_table, before, values),), facts=(fact,))


async def own_at_till(means: Means, terminal_id: str, who: Person, new: Secret[str], now: int) -> ChangePart:
    """The till password that is theirs alone from now on, and its fact."""
    held, unchanged = await held_now(means, who.merchant_id, who.id)
    demand_long(held, new)
    before = await person_row(means.store, who.merchant_id, who.number or "")
    if before is None:
        raise SESSION_ENDED()
    values = {"password_hash": await means.hasher.hash(new), "password_state": SET_BY_SELF}
    fact = PERSON_PASSWORD_CHANGED.fact(at=now, actor=who.id, subject=who.id, terminal=terminal_id)
    return ChangePart(guards=(Guard(person_table, before, values),), requires=(unchanged,), facts=(fact,))

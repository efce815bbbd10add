"""The row of a session: found by its token's digest, changed under its version; all of a person or terminal ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select

from counterfoil.people.begin_session import At
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.person import Person, Session
from counterfoil.people.shapes import Shown
from counterfoil.people.tables import person, session, terminal
from counterfoil.store import Change, ChangePart, Drop, Guard, Row, Stale

ROUNDS_MAX: Final = 12
DROPS_MAX: Final = 64
_PERSON_NAMES: Final = ("number", "name", "state", "made_at", "version", "password_state")
_BY_ID: Final = (
    select(session).where(session.c.merchant_id == bindparam("merchant_id")).where(session.c.id == bindparam("id"))
)
_OF: Final = {
    name: select(session).where(
        session.c.merchant_id == bindparam("merchant_id"), session.c[name] == bindparam("value")
    )
    for name in ("person_id", "terminal_id")
}
_BY_TOKEN: Final = (
    select(
        session,
        terminal.c.shop_id.label("shop_id"),
        *(person.c[name].label(f"person_{name}") for name in _PERSON_NAMES),
    )
    .join(person, (person.c.merchant_id == session.c.merchant_id) & (person.c.id == session.c.person_id))
    .join(
        terminal,
        (terminal.c.merchant_id == session.c.merchant_id) & (terminal.c.id == session.c.terminal_id),
        isouter=True,
    )
    .where(session.c.merchant_id == bindparam("merchant_id"))
    .where(session.c.token_sha256 == bindparam("token_sha256"))
)


async def session_of(means: Means, shown: Shown) -> tuple[Session, Person, At] | None:
    """The session of a token, its person and where, living or not; None where there is none."""
    row = await means.store.fetch_one(_BY_TOKEN, {"merchant_id": shown.merchant_id, "token_sha256": shown.sha256})
    if row is None:
        return None
    who = {name: row[f"person_{name}"] for name in _PERSON_NAMES}
    who = {**who, "merchant_id": row["merchant_id"], "id": row["person_id"]}
    return as_session(row), Person(**who), At(row["terminal_id"], row["shop_id"])


async def change_session(means: Means, of: Session, values: Mapping[str, Any], part: ChangePart | None = None) -> bool:
    """Write ``values``, and ``part`` with them, while the session lives. Whether anything was written.

    Raises Trouble CF-2010 where others change the same session without end.
    """
    for _ in range(ROUNDS_MAX):
        row = await means.store.fetch_one(_BY_ID, {"merchant_id": of.merchant_id, "id": of.id})
        if row is None or not as_session(row).lives(means.clock.now()):
            return False
        change = Change(
            change_id=means.ids.uuid(), merchant_id=of.merchant_id, guards=(Guard(session, row, dict(values)),)
        )
        try:
            await means.store.commit(change.plus(part) if part else change)
        except Stale:
            continue
        return True
    raise SIGN_IN_BUSY()


async def sessions_of(means: Means, merchant_id: int, **of: str) -> tuple[Drop, ...]:
    """The dropping of every session of ``person_id=…`` or ``terminal_id=…``."""
    ((name, value),) = of.items()
    rows = await means.store.fetch(_OF[name], {"merchant_id": merchant_id, "value": value})
    return tuple(Drop(session, row) for row in rows)


async def session_guard(means: Means, of: Session, values: Mapping[str, Any]) -> Guard | None:
    """The writing of ``values`` while the session lives, for a Change of its own; None where it does not."""
    row = await means.store.fetch_one(_BY_ID, {"merchant_id": of.merchant_id, "id": of.id})
    if row is None or not as_session(row).lives(means.clock.now()):
        return None
    return Guard(session, row, dict(values))


async def living_sessions(means: Means, merchant_id: int, person_id: str) -> list[Session]:
    """The sessions of a person that live, the one used last first."""
    rows = await means.store.fetch(_OF["person_id"], {"merchant_id": merchant_id, "value": person_id})
    living = [one for row in rows if (one := as_session(row)).lives(means.clock.now())]
    return sorted(living, key=lambda one: (-one.seen_at, one.id))


async def end_sessions(
    means: Means, merchant_id: int, *, office: bool = False, but: str | None = None, **of: str
) -> None:
    """End every session of a person or terminal; ``office``: only those in the office, ``but``: not the one of that id.

    Raises Trouble CF-2010 where new ones begin without end.
    """
    for _ in range(ROUNDS_MAX):
        found = await sessions_of(means, merchant_id, **of)
        ends = (each for each in found if each.before["id"] != but)
        drops = tuple(each for each in ends if not (office and each.before["terminal_id"]))
        if not drops:
            return
        some = tuple(drops[:DROPS_MAX])
        try:
            await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=merchant_id, drops=some))
        except Stale:
            continue
    raise SIGN_IN_BUSY()


def as_session(row: Row) -> Session:
    """The record of a row of ``session``."""
    return Session(**{name: row[name] for name in Session.__dataclass_fields__})

"""登录: an operator number and a password become a session, at a terminal or, without one, in the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.basis import Language, Secret, insist
from counterfoil.people.facts import PERSON_SIGNED_IN
from counterfoil.people.faults import OFFICE_CLOSED
from counterfoil.people.means import Means
from counterfoil.people.permission import ALLOWED, Actor, Permission
from counterfoil.people.person import SESSION_LIFE_MICROS, Person, Session
from counterfoil.people.prove import at_office, at_terminal, prove
from counterfoil.people.shapes import digest, new_csrf, new_token
from counterfoil.people.tables import session as session_table
from counterfoil.store import ChangePart, Insert

CAME_FROM_MAX: Final = 96


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. ``token`` is shown once, here: only its SHA-256 is kept."""

    token: Secret[str]
    session: Session
    actor: Actor
    person: Person


async def sign_in(
    means: Means,
    *,
    merchant_id: int,
    terminal_id: str | None,
    number: str,
    password: Secret[str],
    language: Language = "zh-CN",
    came_from: str = "",
) -> SignedIn:
    """Sign a person in at a terminal, or in the office where ``terminal_id`` is None; a new token each time.

    ``came_from`` names the browser and address, for the list of one's own sessions.

    Raises Refused CF-2001 (wrong; tries left), CF-2002 (locked until), CF-2007 (no operator number), CF-2008 (no such
    terminal); in the office CF-2019 (a cashier), CF-2020 (locked until); Trouble CF-2010.
    """
    # 1 where, and what is shown
    if terminal_id is None:
        proof = await at_office(means, merchant_id, number=number, password=password)
    else:
        proof = await at_terminal(means, merchant_id, terminal_id, number=number, password=password)
    token = new_token(means.entropy, merchant_id)

    # 2 the session, if the password is right: it and its fact are committed with the reset of the count
    async def start(person: Person, now: int) -> tuple[ChangePart, SignedIn]:
        if terminal_id is None and Permission.OFFICE not in ALLOWED[person.role]:
            raise OFFICE_CLOSED()
        session = new_session(
            means, person, terminal_id=proof.place.terminal_id, language=language, came_from=came_from, now=now
        )
        fact = PERSON_SIGNED_IN.fact(at=now, actor=person.id, subject=person.id, terminal=session.terminal_id)
        part = ChangePart(inserts=(session_insert(session, token),), facts=(fact,))
        return part, SignedIn(token, session, actor_of(person, session.terminal_id), person)

    made = await prove(means, proof, start)
    # 3 the answer
    insist(made.session.merchant_id == merchant_id, "the session is of the merchant asked")
    insist(made.session.person_id == made.actor.person_id, "the session is the proven person's")
    return made


def actor_of(person: Person, terminal_id: str | None, auth: str | None = None) -> Actor:
    """A proven person as an actor at a terminal, or in the office, with what their role allows.

    ``auth`` is what their session says was shown; None: number and password just now.
    """
    return Actor(
        merchant_id=person.merchant_id,
        person_id=person.id,
        permissions=ALLOWED[person.role],
        auth=auth or plain_auth(terminal_id),
        terminal_id=terminal_id,
    )


def plain_auth(terminal_id: str | None) -> str:
    """What is written of a number and a password, at a terminal or in the office."""
    return "pin+term" if terminal_id else "pin"


def new_session(
    means: Means,
    person: Person,
    *,
    terminal_id: str | None,
    language: Language,
    now: int,
    came_from: str = "",
    auth: str | None = None,
) -> Session:
    """A session to be, not yet written."""
    return Session(
        merchant_id=person.merchant_id,
        id=means.ids.uuid(),
        csrf=new_csrf(means.entropy),
        person_id=person.id,
        terminal_id=terminal_id,
        language=language,
        auth=auth or plain_auth(terminal_id),
        came_from=came_from[:CAME_FROM_MAX],
        made_at=now,
        seen_at=now,
        ends_at=now + SESSION_LIFE_MICROS,
    )


def session_insert(session: Session, token: Secret[str]) -> Insert:
    """The row of a new session, by the digest of its token."""
    names = Session.__dataclass_fields__
    row = {**{name: getattr(session, name) for name in names}, "token_sha256": digest(token)}
    return Insert(session_table, row)

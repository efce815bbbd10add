"""A session of somebody who has proven who they are, and what they may as an actor in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.basis import Language, Secret
from counterfoil.people.facts import PERSON_SIGNED_IN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Held
from counterfoil.people.person import SESSION_LIFE_MICROS, Person, Session
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


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody stands: a terminal and its shop; both None in the office."""

    terminal_id: str | None = None
    shop_id: str | None = None


IN_OFFICE = At()


def begin_session(
    means: Means,
    person: Person,
    held: Held,
    at: At,
    *,
    language: Language,
    now: int,
    auth: str | None = None,
    came_from: str = "",
) -> tuple[ChangePart, SignedIn]:
    """The part of a Change that begins a session with a new token, and what its bearer is told.

    ``auth``: what was shown, where that is not a password; ``came_from``: browser and address, for its owner.
    """
    token = new_token(means.entropy, person.merchant_id)
    session = Session(
        merchant_id=person.merchant_id,
        id=means.ids.uuid(),
        csrf=new_csrf(means.entropy),
        person_id=person.id,
        terminal_id=at.terminal_id,
        language=language,
        auth=auth or _plain_auth(at),
        came_from=came_from[:CAME_FROM_MAX],
        made_at=now,
        seen_at=now,
        ends_at=now + SESSION_LIFE_MICROS,
    )
    fact = PERSON_SIGNED_IN.fact(at=now, actor=person.id, subject=person.id, terminal=at.terminal_id)
    part = ChangePart(inserts=(Insert(session_table, _row(session, token)),), facts=(fact,))
    return part, SignedIn(token, session, actor_of(person, held, at, session.auth), person)


def actor_of(person: Person, held: Held, at: At, auth: str | None = None) -> Actor:
    """A proven person as an actor at a terminal, or in the office, with what they hold at this moment.

    ``auth`` is what their session says was shown; None: a password just now.
    """
    return Actor(
        merchant_id=person.merchant_id,
        person_id=person.id,
        permissions=held.everywhere,
        in_shops=held.in_shops,
        auth=auth or _plain_auth(at),
        terminal_id=at.terminal_id,
        here=at.shop_id,
    )


def _plain_auth(at: At) -> str:
    return "pin+term" if at.terminal_id else "pin"


def _row(session: Session, token: Secret[str]) -> dict[str, object]:
    names = Session.__dataclass_fields__
    return {**{name: getattr(session, name) for name in names}, "token_sha256": digest(token)}

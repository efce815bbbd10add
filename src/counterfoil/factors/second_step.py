"""The second step of a sign-in, and the sign-in without a password: what is shown raises the session or makes one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.basis import Language, Secret
from counterfoil.factors.assertion import assertion_of
from counterfoil.factors.facts import FACTOR_SHOWN
from counterfoil.factors.faults import ANSWER_WRONG, CONFIRMATION_OVER, SECOND_FACTOR_NEEDED, SECOND_FACTOR_TO_SET_UP
from counterfoil.factors.means import Means
from counterfoil.factors.reading import factors_of
from counterfoil.factors.show import PASSKEY, Proven, Shown, Who, passkey_of, proven_by, shown
from counterfoil.factors.site import Site
from counterfoil.factors.tables import spent_ticket
from counterfoil.factors.ticket import Ticket, read
from counterfoil.people import (
    ACTIVE,
    IN_OFFICE,
    OFFICE_CLOSED,
    SESSION_ENDED,
    SIGN_IN_BUSY,
    Actor,
    Permission,
    Session,
    SignedIn,
    begin_session,
    held_by,
    new_token,
    person,
    session_guard,
    token_digest,
)
from counterfoil.store import Change, ChangePart, Repeated, Stale

SECOND: Final = "second"
FIRST: Final = "first"
RESET: Final = "pin+reset"
ROUNDS_MAX: Final = 12
_PLAIN: Final = frozenset({"pin", RESET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """How a browser that signs in without a password wants its session."""

    language: Language
    came_from: str = ""


def is_proven(session: Session) -> bool:
    """Whether more than a password was shown for this session."""
    return session.auth not in _PLAIN


async def demand_second_factor(means: Means, session: Session, actor: Actor) -> None:
    """Go on only where what must be shown was shown.

    Raises Refused CF-2050 (there is a factor, and it was not shown), CF-2051 (there must be one, and there is none).
    """
    if is_proven(session):
        return
    has = await factors_of(means.store, actor.merchant_id, actor.person_id)
    if has.count and session.auth != RESET:
        raise SECOND_FACTOR_NEEDED()
    if has.count or session.auth == RESET or actor.may_do_dangerous:
        raise SECOND_FACTOR_TO_SET_UP()


async def second_step(means: Means, site: Site, session: Session, ticket: str, given: Shown) -> Secret[str]:
    """The session goes on under a new token, which is the answer; the old one is worth nothing any more.

    Raises Refused CF-2052 (the ticket is over), CF-2053 to CF-2059, CF-2068, CF-2069, CF-2071, CF-2003.
    """
    # 1 what was asked, of this session
    asked = read(means, ticket, SECOND, session.merchant_id, session=session)
    who = Who(merchant_id=session.merchant_id, person_id=session.person_id)
    for _ in range(ROUNDS_MAX):
        # 2 it holds
        proven = await shown(means, who, given, site=site, challenge=asked.challenge)
        # 3 it is used up, the ticket too, and the session has a new token: one Change
        raised = await raising(means, session, f"pin+{proven.method}")
        try:
            await commit_once(means, session.merchant_id, (raised.part, proven.part, _told(means, who, proven)), asked)
        except Stale:
            continue
        return raised.token
    raise SIGN_IN_BUSY()


async def sign_in_with_passkey(
    means: Means, site: Site, merchant_id: int, *, ticket: str, answer: str, coming: Coming
) -> SignedIn:
    """A new session in the office for whom the passkey belongs to, whose device verified the person.

    Raises Refused CF-2052 to CF-2056, CF-2019 (not for the office).
    """
    # 1 what was asked, of nobody yet
    asked, given = read(means, ticket, FIRST, merchant_id), assertion_of(answer)
    for _ in range(ROUNDS_MAX):
        # 2 whose passkey it is, and that it holds
        row = await passkey_of(means, merchant_id, given)
        proven = await proven_by(means, row, given, site=site, challenge=asked.challenge)
        who = await person(means.store, merchant_id, row["person_id"])
        if who is None or who.state != ACTIVE:
            raise ANSWER_WRONG()
        held = await held_by(means.store, merchant_id, who.id)
        if Permission.OFFICE not in held.anywhere():
            raise OFFICE_CLOSED()
        # 3 the session, the ticket and the count in one Change
        part, made = begin_session(
            means.people,
            who,
            held,
            IN_OFFICE,
            language=coming.language,
            now=means.clock.now(),
            auth=PASSKEY,
            came_from=coming.came_from,
        )
        whose = Who(merchant_id=merchant_id, person_id=who.id)
        try:
            await commit_once(means, merchant_id, (part, proven.part, _told(means, whose, proven)), asked)
        except Stale:
            continue
        return made
    raise SIGN_IN_BUSY()


@dataclass(frozen=True, slots=True)
class Raised:
    """A session under a new token; ``part`` writes it."""

    token: Secret[str]
    session: Session
    part: ChangePart


async def raising(means: Means, session: Session, auth: str) -> Raised:
    """The session with another token and ``auth``. Raises Refused CF-2003 where it ended meanwhile."""
    token = new_token(means.entropy, session.merchant_id)
    guard = await session_guard(means.people, session, {"token_sha256": token_digest(token), "auth": auth})
    if guard is None:
        raise SESSION_ENDED()
    return Raised(token, replace(session, auth=auth), ChangePart(guards=(guard,)))


async def commit_once(means: Means, merchant_id: int, parts: tuple[ChangePart, ...], asked: Ticket) -> None:
    """All of it at once, or, where the ticket was used before, nothing: CF-2052. Raises Stale."""
    change = Change(change_id=means.ids.uuid(), merchant_id=merchant_id, inserts=(asked.spent(),))
    for part in parts:
        change = change.plus(part)
    try:
        await means.store.commit(change)
    except Repeated as error:
        if error.table == spent_ticket.name:
            raise CONFIRMATION_OVER() from error
        raise Stale from error


def _told(means: Means, who: Who, proven: Proven) -> ChangePart:
    fact = FACTOR_SHOWN.fact(
        at=means.clock.now(),
        actor=who.person_id,
        subject=who.person_id,
        method=proven.method,
        passkey=proven.passkey["id"] if proven.passkey else None,
        left=proven.left,
    )
    return ChangePart(facts=(fact,))

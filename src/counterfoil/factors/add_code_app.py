"""Set up a code app: its secret is shown once, as a picture and as text, and counts once a code of it was typed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import Secret
from counterfoil.factors.code import SECRET_BYTES, address_of, sealed, secret_text, step_shown
from counterfoil.factors.enrolling import Enrolled, code_app_gone, demand_enrolling, enrol
from counterfoil.factors.facts import CODE_APP_ADDED
from counterfoil.factors.faults import CODE_WRONG
from counterfoil.factors.means import Means
from counterfoil.factors.reading import ACTIVE, code_app_row
from counterfoil.factors.second_step import RESET
from counterfoil.factors.show import TOTP
from counterfoil.factors.tables import code_app
from counterfoil.factors.ticket import Ticket, issue, read
from counterfoil.factors.tries import after_wrong
from counterfoil.people import SIGN_IN_BUSY, Actor, Session
from counterfoil.store import ChangePart, Insert, Stale

PURPOSE: Final = "code_app"
ROUNDS_MAX: Final = 12
_ISSUER: Final = "Counterfoil"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOffer:
    """What a page shows: the ``otpauth://`` address for a QR code and the secret as text; and the ticket."""

    ticket: str
    address: Secret[str]
    secret: Secret[str]


async def offer_code_app(means: Means, session: Session, actor: Actor, *, account: str) -> CodeOffer:
    """Begin to set one up; ``account`` is what the app shows. Raises Refused CF-2050 (confirm it first)."""
    await demand_enrolling(means, session, actor)
    secret = secret_text(means.entropy.bytes(SECRET_BYTES))
    text, _ = issue(means, PURPOSE, actor.merchant_id, session=session, secret=secret)
    return _offer(text, secret, account)


def same_offer(means: Means, session: Session, actor: Actor, *, ticket: str, account: str) -> CodeOffer:
    """The offer of a ticket again, for whoever mistyped a code. Raises Refused CF-2052 where it is over."""
    asked = read(means, ticket, PURPOSE, actor.merchant_id, session=session)
    return _offer(ticket, asked.secret or "", account)


async def add_code_app(means: Means, session: Session, actor: Actor, *, ticket: str, code: str) -> Enrolled:
    """Keep it, once ``code`` shows that the app has the secret; it takes the place of one before.

    Raises Refused CF-2050, CF-2052 (the offer is over), CF-2057 (wrong code), CF-2059, CF-2003; Trouble CF-2010.
    """
    asked = read(means, ticket, PURPOSE, actor.merchant_id, session=session)
    step = step_shown(asked.secret or "", code, means.clock.now())
    if step is None:
        raise await after_wrong(means, actor.merchant_id, actor.person_id, CODE_WRONG)
    for _ in range(ROUNDS_MAX):
        part = await _part(means, actor, asked, step, replaced=session.auth != RESET)
        try:
            return await enrol(means, session, actor, asked=asked, method=TOTP, part=part)
        except Stale:
            continue
    raise SIGN_IN_BUSY()


async def _part(means: Means, actor: Actor, asked: Ticket, step: int, *, replaced: bool) -> ChangePart:
    now, app_id, secret = means.clock.now(), means.ids.uuid(), asked.secret or ""
    row: dict[str, Any] = {
        "merchant_id": actor.merchant_id,
        "id": app_id,
        "person_id": actor.person_id,
        "secret_sha256": hashlib.sha256(secret.encode()).hexdigest(),
        "state": ACTIVE,
        "made_at": now,
        "sealed_secret": sealed(means.vault, actor.merchant_id, app_id, secret),
        "last_step": step,
        "used_at": now,
    }
    fact = CODE_APP_ADDED.fact(
        at=now,
        actor=actor.person_id,
        subject=app_id,
        person=actor.person_id,
        secret_sha256=row["secret_sha256"],
    )
    before = await code_app_row(means.store, actor.merchant_id, actor.person_id) if replaced else None
    gone = code_app_gone(before, actor, now, "replaced") if before else ChangePart()
    return ChangePart(inserts=(Insert(code_app, row),), guards=gone.guards, facts=(fact, *gone.facts))


def _offer(ticket: str, secret: str, account: str) -> CodeOffer:
    address = address_of(secret, account=account, issuer=_ISSUER)
    return CodeOffer(ticket=ticket, address=Secret(address), secret=Secret(secret))

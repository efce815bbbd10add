"""What adding a passkey and setting up a code app have in common: who may, and what comes with the first one."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import Secret
from counterfoil.factors.facts import CODE_APP_REMOVED, PASSKEY_REMOVED
from counterfoil.factors.faults import SECOND_FACTOR_NEEDED
from counterfoil.factors.means import Means
from counterfoil.factors.reading import REMOVED, Factors, code_app_row, factors_of, passkey_rows
from counterfoil.factors.recovery import new_codes_part
from counterfoil.factors.reset import finishing
from counterfoil.factors.second_step import RESET, commit_once, is_proven, raising
from counterfoil.factors.show import Who
from counterfoil.factors.tables import code_app, passkey
from counterfoil.factors.ticket import Ticket
from counterfoil.people import Actor, Session
from counterfoil.store import ChangePart, Fact, Guard, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """It is set up. ``token``: the session goes on under this one; ``codes``: recovery codes, shown once, here."""

    token: Secret[str] | None
    codes: tuple[Secret[str], ...]


async def demand_enrolling(means: Means, session: Session, actor: Actor) -> Factors:
    """Go on only for whoever may add a factor; what they have so far.

    That is: somebody who has none, who finishes a reset, or who has just confirmed it. Raises Refused CF-2050.
    """
    has = await factors_of(means.store, actor.merchant_id, actor.person_id)
    if has.count and session.auth != RESET and actor.deed_sha256 is None:
        raise SECOND_FACTOR_NEEDED()
    return has


async def enrol(
    means: Means, session: Session, actor: Actor, *, asked: Ticket, method: str, part: ChangePart
) -> Enrolled:
    """Write ``part``, the new factor, with all that comes with it. Raises Refused CF-2050, CF-2052, CF-2003; Stale."""
    has = await factors_of(means.store, actor.merchant_id, actor.person_id)
    reset = session.auth == RESET
    # A ticket of the time before there was a factor adds none afterwards.
    if has.count and not reset and not is_proven(session):
        raise SECOND_FACTOR_NEEDED()
    parts = [part]
    codes: tuple[Secret[str], ...] = ()
    token: Secret[str] | None = None
    if reset:
        parts.append(await _all_gone(means, actor))
        parts.append(await finishing(means, Who(merchant_id=actor.merchant_id, person_id=actor.person_id)))
    if reset or not has.codes_left:
        made, codes = await new_codes_part(means, actor)
        parts.append(made)
    if not is_proven(session):
        raised = await raising(means, session, f"pin+{method}")
        parts.append(raised.part)
        token = raised.token
    await commit_once(means, actor.merchant_id, tuple(parts), asked)
    return Enrolled(token=token, codes=codes)


def passkey_gone(row: Row, actor: Actor, now: int, why: str) -> ChangePart:
    """The part that removes a passkey."""
    fact = PASSKEY_REMOVED.fact(at=now, actor=actor.person_id, subject=row["id"], person=row["person_id"], why=why)
    return ChangePart(guards=(Guard(passkey, row, {"state": REMOVED}),), facts=(fact,))


def code_app_gone(row: Row, actor: Actor, now: int, why: str) -> ChangePart:
    """The part that removes a code app; its secret goes."""
    fact = CODE_APP_REMOVED.fact(at=now, actor=actor.person_id, subject=row["id"], person=row["person_id"], why=why)
    return ChangePart(guards=(Guard(code_app, row, {"state": REMOVED, "sealed_secret": None}),), facts=(fact,))


async def _all_gone(means: Means, actor: Actor) -> ChangePart:
    """What was there before a reset."""
    now = means.clock.now()
    guards: tuple[Guard, ...] = ()
    facts: tuple[Fact, ...] = ()
    gone = [passkey_gone(row, actor, now, "reset") for row in await _passkeys(means, actor)]
    app = await code_app_row(means.store, actor.merchant_id, actor.person_id)
    for one in [*gone, *([code_app_gone(app, actor, now, "reset")] if app else [])]:
        guards, facts = guards + one.guards, facts + one.facts
    return ChangePart(guards=guards, facts=facts)


async def _passkeys(means: Means, actor: Actor) -> list[Row]:
    return list(await passkey_rows(means.store, actor.merchant_id, actor.person_id))

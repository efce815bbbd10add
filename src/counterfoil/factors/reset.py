"""All of somebody's factors are lost: an administrator begins a reset, the person finishes it by enrolling anew.

The administrator is shown a code, once, and hands it over in person; with it and the password the person comes as far
as the page that enrols, and no further. What was there before goes when the new factor stands, in one Change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import MICROS, Secret, rfc3339
from counterfoil.evidence import SYSTEM, FactKind
from counterfoil.factors.facts import RESET_AT_MACHINE, RESET_BEGUN, RESET_FINISHED
from counterfoil.factors.faults import FACTOR_UNKNOWN, NOT_YOUR_OWN_RESET, NOTHING_TO_RESET, RESET_WRONG
from counterfoil.factors.means import Means
from counterfoil.factors.reading import factors_of, of_merchant
from counterfoil.factors.recovery import new_code
from counterfoil.factors.second_step import RESET, raising
from counterfoil.factors.show import Who, code_digest
from counterfoil.factors.tables import factor_reset
from counterfoil.factors.tries import after_wrong, begun_anew, tries_of
from counterfoil.people import (
    ACTIVE,
    SIGN_IN_BUSY,
    Act,
    Actor,
    Permission,
    Session,
    demand,
    demand_covers,
    demand_second,
    email_of,
    held_by,
    in_service,
    logins,
    person,
)
from counterfoil.store import Change, ChangePart, Fact, Guard, Insert, Lost, Require, Row, Stale

LIFE_MICROS: Final = 24 * 3600 * MICROS
BEGUN: Final = "begun"
FINISHED: Final = "finished"
REPLACED: Final = "replaced"
ROUNDS_MAX: Final = 12
# Stands in a row where the id of an administrator would, for a reset that was begun on the machine itself.
MACHINE: Final = "00000000-0000-4000-8000-00000000000c"
_OPEN: Final = of_merchant(factor_reset, "person_id").where(factor_reset.c.state == BEGUN)


async def begin_reset(means: Means, actor: Actor, person_id: str) -> Secret[str]:
    """Begin it: the code that the administrator hands over. One begun before is worth nothing any more.

    Raises Refused CF-2021 (may not), CF-2067 (one's own), CF-2065 (nobody of that id, or nothing to
    reset), CF-2035 (they hold more than the actor), CF-2150 (nobody else approved it).
    """
    # 1 may this person do it, for whom
    demand(actor, Permission.RESET_FACTOR)
    if person_id == actor.person_id:
        raise NOT_YOUR_OWN_RESET()
    whose = await person(means.store, actor.merchant_id, person_id)
    if whose is None or not (await factors_of(means.store, actor.merchant_id, person_id)).count:
        raise FACTOR_UNKNOWN()
    demand_covers(actor, await held_by(means.store, actor.merchant_id, person_id))
    await demand_second(means.store, actor, Act.RESET_FACTORS)
    begun = _Begun(actor.merchant_id, person_id, actor.person_id, RESET_BEGUN)
    # 2 committed by an administrator who is in service
    return await _begin(means, begun, lambda: in_service(means.people, actor))


async def begin_reset_at_machine(means: Means, merchant_id: int, email: str) -> Secret[str]:
    """The same for whoever has the machine itself: the way back of an administrator who is alone and lost everything.

    The code opens no more than an administrator's does: the password and a new factor are asked for as well. The fact
    says where it came from. Raises Refused CF-2031 (no address), CF-2073 (nobody's, or nothing to reset).
    """
    plain = email_of(email)
    known = (await logins(means.store, merchant_id)).values()
    person_id = next((one.person_id for one in known if one.email == plain and one.state == ACTIVE), None)
    if person_id is None or not (await factors_of(means.store, merchant_id, person_id)).count:
        raise NOTHING_TO_RESET(field="email")
    return await _begin(means, _Begun(merchant_id, person_id, SYSTEM, RESET_AT_MACHINE), None)


@dataclass(frozen=True, slots=True)
class _Begun:
    """Whose reset is begun, by whom, and the kind of its fact."""

    merchant_id: int
    person_id: str
    by: str
    kind: FactKind


async def _begin(means: Means, begun: _Begun, still: Callable[[], Awaitable[Require]] | None) -> Secret[str]:
    """The code, in place of one before; committed with its fact and what ``still`` relies on."""
    for _ in range(ROUNDS_MAX):
        code, now = new_code(means), means.clock.now()
        before = await _open(means, begun.merchant_id, begun.person_id)
        row: dict[str, Any] = {
            "merchant_id": begun.merchant_id,
            "id": means.ids.uuid(),
            "person_id": begun.person_id,
            "begun_by": MACHINE if begun.by == SYSTEM else begun.by,
            "begun_at": now,
            "ends_at": now + LIFE_MICROS,
            "state": BEGUN,
            "code_sha256": code_digest(code.reveal()),
        }
        ends = rfc3339(now + LIFE_MICROS)
        fact = begun.kind.fact(at=now, actor=begun.by, subject=begun.person_id, reset=row["id"], ends=ends)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=begun.merchant_id,
            inserts=(Insert(factor_reset, row),),
            guards=tuple(Guard(factor_reset, one, {"state": REPLACED}) for one in before),
            requires=(await still(),) if still else (),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return code
    raise SIGN_IN_BUSY()


async def use_reset(means: Means, session: Session, code: str) -> Secret[str]:
    """The code lets the session go as far as the page that enrols, under a new token.

    Raises Refused CF-2059, CF-2066.
    """
    who = Who(merchant_id=session.merchant_id, person_id=session.person_id)
    for _ in range(ROUNDS_MAX):
        row, _tries = await tries_of(means, who.merchant_id, who.person_id)
        sha256, now = code_digest(code), means.clock.now()
        begun = [one for one in await _open(means, who.merchant_id, who.person_id) if _counts(one, now)]
        if not any(one["code_sha256"] == sha256 for one in begun):
            raise await after_wrong(means, who.merchant_id, who.person_id, RESET_WRONG)
        raised = await raising(means, session, RESET)
        part = begun_anew(row, who.merchant_id, who.person_id, now)
        change = Change(
            change_id=means.ids.uuid(), merchant_id=who.merchant_id, inserts=part.inserts, guards=part.guards
        )
        try:
            await means.store.commit(change.plus(raised.part))
        except Lost:
            continue
        return raised.token
    raise SIGN_IN_BUSY()


async def finishing(means: Means, who: Who) -> ChangePart:
    """The part that ends the reset once a new factor stands. Raises Refused CF-2066 where it is over."""
    now = means.clock.now()
    begun = [one for one in await _open(means, who.merchant_id, who.person_id) if _counts(one, now)]
    if not begun:
        raise RESET_WRONG(left=0)
    guards = tuple(Guard(factor_reset, one, {"state": FINISHED}) for one in begun)
    return ChangePart(guards=guards, facts=tuple(_finished(one, who, now) for one in begun))


def _finished(row: Row, who: Who, now: int) -> Fact:
    return RESET_FINISHED.fact(
        at=now, actor=who.person_id, subject=who.person_id, reset=row["id"], begun_by=row["begun_by"]
    )


def _counts(row: Row, now: int) -> bool:
    return bool(row["begun_at"] <= now < row["ends_at"])


async def _open(means: Means, merchant_id: int, person_id: str) -> list[Row]:
    return list(await means.store.fetch(_OPEN, {"merchant_id": merchant_id, "person_id": person_id}))

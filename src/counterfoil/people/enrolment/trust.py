"""Confirm the key that was handed in, revoke the one there is, and say whether a terminal must have one."""

from __future__ import annotations

import hmac
from typing import Final

from sqlalchemy import Table

from counterfoil.people.alter import in_service
from counterfoil.people.demand import demand
from counterfoil.people.enrol_faults import NOT_ENROLLED, NOTHING_TO_CONFIRM
from counterfoil.people.enrolment.reading import ENROLLED, REVOKED, key_in, row_of, rule_row
from counterfoil.people.enrolment.window import committed_now, terminal_for
from counterfoil.people.facts import TERMINAL_ENROLLED, TERMINAL_REVOKED, TILL_RULE_SET
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.session import ROUNDS_MAX, end_sessions
from counterfoil.people.tables import enrol_window, enrolment, signed_counter, till_rule
from counterfoil.store import ChangePart, Drop, Guard, Insert, Row

NO_COUNTER: Final = {"counter": 0, "recent": ""}


async def confirm_key(means: Means, actor: Actor, terminal_id: str, key_sha256: str) -> None:
    """The terminal is known by that key from now on, and by no earlier one; who was signed in there is signed out.

    Raises Refused CF-2008, CF-2012, CF-2021, CF-2130 (no such key waits any more); Trouble CF-2010.
    """
    await terminal_for(means, actor, terminal_id)
    for _ in range(ROUNDS_MAX):
        still = await in_service(means, actor)
        # 1 that very key still waits
        waiting, now = await row_of(means.store, "enrol_window", actor.merchant_id, terminal_id), means.clock.now()
        if waiting is None or now >= waiting["until_at"] or waiting["public_key"] is None:
            raise NOTHING_TO_CONFIRM()
        key = key_in(waiting)
        if not hmac.compare_digest(key.sha256, key_sha256):
            raise NOTHING_TO_CONFIRM()
        # 2 the window ends, the key is the terminal's, and its counter begins
        fact = TERMINAL_ENROLLED.fact(
            at=now, actor=actor.person_id, subject=terminal_id, algorithm=key.algorithm, key_sha256=key.sha256
        )
        part = ChangePart(drops=(Drop(enrol_window, waiting),), requires=(still,), facts=(fact,))
        if await committed_now(means, actor.merchant_id, part, *await _in_force(means, waiting, now)):
            await end_sessions(means, actor.merchant_id, terminal_id=terminal_id)
            return
    raise SIGN_IN_BUSY()


async def revoke_key(means: Means, actor: Actor, terminal_id: str) -> None:
    """The terminal's key is worth nothing any more, whoever has it; who was signed in there is signed out.

    Raises Refused CF-2008, CF-2012, CF-2021, CF-2139 (it has none); Trouble CF-2010.
    """
    await terminal_for(means, actor, terminal_id)
    for _ in range(ROUNDS_MAX):
        still = await in_service(means, actor)
        before = await row_of(means.store, "enrolment", actor.merchant_id, terminal_id)
        if before is None or before["state"] == REVOKED:
            raise NOT_ENROLLED()
        window = await row_of(means.store, "enrol_window", actor.merchant_id, terminal_id)
        fact = TERMINAL_REVOKED.fact(
            at=means.clock.now(), actor=actor.person_id, subject=terminal_id, key_sha256=key_in(before).sha256
        )
        part = ChangePart(
            guards=(Guard(enrolment, before, {"state": REVOKED}),),
            drops=(Drop(enrol_window, window),) if window else (),
            requires=(still,),
            facts=(fact,),
        )
        if await committed_now(means, actor.merchant_id, part):
            await end_sessions(means, actor.merchant_id, terminal_id=terminal_id)
            return
    raise SIGN_IN_BUSY()


async def set_only_enrolled(means: Means, actor: Actor, *, on: bool) -> None:
    """Whether people sign in at enrolled terminals only. Raises Refused CF-2021; Trouble CF-2010."""
    demand(actor, Permission.MANAGE_SETTINGS)
    for _ in range(ROUNDS_MAX):
        still = await in_service(means, actor)
        before = await rule_row(means.store, actor.merchant_id)
        if before is not None and bool(before["only_enrolled"]) == on:
            return
        fact = TILL_RULE_SET.fact(at=means.clock.now(), actor=actor.person_id, only_enrolled=on)
        part = _written(till_rule, before, {"merchant_id": actor.merchant_id}, {"only_enrolled": int(on)})
        if await committed_now(means, actor.merchant_id, part, ChangePart(requires=(still,), facts=(fact,))):
            return
    raise SIGN_IN_BUSY()


async def _in_force(means: Means, waiting: Row, now: int) -> tuple[ChangePart, ChangePart]:
    """The handed-in key as the terminal's, and a counter that begins anew."""
    merchant_id, terminal_id = waiting["merchant_id"], waiting["terminal_id"]
    key = {"merchant_id": merchant_id, "terminal_id": terminal_id}
    known = await row_of(means.store, "enrolment", merchant_id, terminal_id)
    counted = await row_of(means.store, "signed_counter", merchant_id, terminal_id)
    said = {name: waiting[name] for name in ("algorithm", "public_key")}
    begun = _written(enrolment, known, key, {**said, "state": ENROLLED, "made_at": now})
    return begun, _written(signed_counter, counted, key, NO_COUNTER)


def _written(table: Table, before: Row | None, key: Row, values: Row) -> ChangePart:
    if before is None:
        return ChangePart(inserts=(Insert(table, {**key, **values}),))
    return ChangePart(guards=(Guard(table, before, dict(values)),))

"""End a request before it is carried out: whoever asked withdraws it, somebody else declines it or objects."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Fault
from counterfoil.factors import Means
from counterfoil.people import Actor, Permission, demand_there, in_service
from counterfoil.second_person.facts import REQUEST_DECLINED, REQUEST_WITHDRAWN
from counterfoil.second_person.faults import NOT_WITHDRAWABLE, WHY_NOT
from counterfoil.second_person.may import demand_may_approve
from counterfoil.second_person.moving import legal, move, moving
from counterfoil.second_person.request import Request
from counterfoil.second_person.states import REQUEST, RequestEvent
from counterfoil.store import ChangePart

REASON_MAX: Final = 200


async def withdraw(means: Means, actor: Actor, request_id: str) -> Request:
    """撤回: whoever asked does not want it any more.

    Raises Refused CF-2161 (another asked), CF-2155, CF-2156, CF-2160 (not there, decided, over); Trouble CF-2163.
    """

    async def part(found: Request, now: int) -> ChangePart:
        if found.asked_by != actor.person_id:
            raise NOT_WITHDRAWABLE()
        legal(found, RequestEvent.WITHDRAW, now)
        fact = REQUEST_WITHDRAWN.fact(
            at=now,
            actor=actor.person_id,
            subject=found.id,
            act=found.act.value,
            request_sha256=found.request_sha256,
        )
        values = {"ended_by": actor.person_id, "ended_at": now}
        return moving(found, RequestEvent.WITHDRAW, values, fact)

    return await move(means.people, actor.merchant_id, request_id, part)


async def decline(means: Means, actor: Actor, request_id: str, reason: str) -> Request:
    """不批准, by somebody who may approve it; 反对, by anybody else who holds the right to approve things.

    Raises Refused CF-2021 (may neither), CF-2162 (no reason, or too long), CF-2155, CF-2156, CF-2160 (not there,
    decided, over); Trouble CF-2163.
    """
    text = reason.strip()
    if not 0 < len(text) <= REASON_MAX or not text.isprintable():
        raise WHY_NOT(field="reason", most=REASON_MAX)

    async def part(found: Request, now: int) -> ChangePart:
        event = await _event(means, actor, found)
        legal(found, event, now)
        fact = REQUEST_DECLINED.fact(
            at=now,
            actor=actor.person_id,
            subject=found.id,
            act=found.act.value,
            request_sha256=found.request_sha256,
            state=REQUEST.moves[found.state, event].value,
        )
        values = {"ended_by": actor.person_id, "ended_at": now, "reason": text}
        made = moving(found, event, values, fact)
        relied = await in_service(means.people, actor)
        return ChangePart(guards=made.guards, requires=(relied,), facts=made.facts)

    return await move(means.people, actor.merchant_id, request_id, part)


async def _event(means: Means, actor: Actor, found: Request) -> RequestEvent:
    try:
        await demand_may_approve(means.people, actor, found)
    except Fault:
        demand_there(actor, Permission.APPROVE, found.shop_id)
        return RequestEvent.OBJECT
    return RequestEvent.DECLINE

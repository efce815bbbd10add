"""The end of an approved request: it was carried out, or it could not be."""

from __future__ import annotations

from counterfoil.factors import Means
from counterfoil.second_person.facts import REQUEST_DONE, REQUEST_FAILED
from counterfoil.second_person.moving import legal, move, moving
from counterfoil.second_person.request import Request
from counterfoil.second_person.states import RequestEvent
from counterfoil.store import ChangePart


async def carried_out(means: Means, request: Request) -> Request:
    """It was done. Raises Refused CF-2156 where that was said already."""

    async def part(found: Request, now: int) -> ChangePart:
        legal(found, RequestEvent.CARRY_OUT, now)
        fact = REQUEST_DONE.fact(
            at=now,
            actor=found.asked_by,
            subject=found.id,
            act=found.act.value,
            request_sha256=found.request_sha256,
            approver=found.approved_by,
        )
        return moving(found, RequestEvent.CARRY_OUT, {"ended_at": now}, fact)

    return await move(means.people, request.merchant_id, request.id, part)


async def failed(means: Means, request: Request, code: str) -> Request:
    """It was refused when it was to be done, with that fault. Raises Refused CF-2156 where its end was said already."""

    async def part(found: Request, now: int) -> ChangePart:
        legal(found, RequestEvent.FAIL, now)
        fact = REQUEST_FAILED.fact(
            at=now,
            actor=found.asked_by,
            subject=found.id,
            act=found.act.value,
            request_sha256=found.request_sha256,
            approver=found.approved_by,
            code=code,
        )
        return moving(found, RequestEvent.FAIL, {"ended_at": now, "why": code}, fact)

    return await move(means.people, request.merchant_id, request.id, part)

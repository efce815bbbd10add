"""Approve a request (批准): what somebody else asked for, confirmed by this person as the very same deed."""

from __future__ import annotations

import json
from typing import Any

from counterfoil.basis import local_time
from counterfoil.factors import Means, approval
from counterfoil.people import Actor, held_now, in_service, merchant
from counterfoil.second_person.facts import REQUEST_APPROVED
from counterfoil.second_person.faults import OTHER_DEVICE, REQUEST_CHANGED, RULE_STRICTER, TOO_EARLY
from counterfoil.second_person.may import demand_may_approve
from counterfoil.second_person.moving import legal, move, moving
from counterfoil.second_person.request import Request
from counterfoil.second_person.states import RequestEvent
from counterfoil.second_person.terms import Terms, terms_now
from counterfoil.store import ChangePart


async def approve_request(
    means: Means, actor: Actor, request_id: str, approval_id: str, *, made: bool = False
) -> Request:
    """The request with this approval on it; ``approved`` once as many have approved as it takes.

    ``actor`` has confirmed the deed (``actor.deed_sha256``), kept as ``approval_id``; ``made``: they had made the
    payment it is about. Raises Refused CF-2155, CF-2156, CF-2160 (not there, decided, over), CF-2152, CF-2153 (not
    they), CF-2157 (it is another deed by now), CF-2158, CF-2159 (fewer than the rule asks for: too early,
    or the same device), CF-2165 (more is needed by now); Trouble CF-2163.
    """

    async def part(found: Request, now: int) -> ChangePart:
        # 1 is it still to be decided, and as it was asked for
        legal(found, RequestEvent.APPROVE, now)
        terms = await terms_now(means, found)
        first = terms.persons > 1 and found.first_by is None
        event = RequestEvent.APPROVE_FIRST if first else RequestEvent.APPROVE
        if actor.deed_sha256 != found.request_sha256:
            raise REQUEST_CHANGED()
        # 2 may this person
        await _demand_approver(means, actor, found, terms, now)
        await _another_device(means, found, approval_id)
        _, unchanged = await held_now(means.people, actor.merchant_id, actor.person_id)
        relied = (unchanged, await in_service(means.people, actor))
        # 3 the row with its fact
        fact = REQUEST_APPROVED.fact(
            at=now,
            actor=actor.person_id,
            subject=found.id,
            act=found.act.value,
            request_sha256=found.request_sha256,
            approval=approval_id,
            state="half" if first else "approved",
            made=made,
            alone=found.alone,
            persons=terms.persons,
        )
        values = {"first_by" if first else "approved_by": actor.person_id, "persons": terms.persons}
        moved = moving(found, event, values, fact)
        return ChangePart(guards=moved.guards, requires=relied, facts=moved.facts)

    return await move(means.people, actor.merchant_id, request_id, part)


async def demand_approvable(means: Means, actor: Actor, found: Request) -> None:
    """Go on only if it waits, and for this person: what a page asks before it puts a question.

    Raises Refused CF-2156, CF-2160 (decided, over), CF-2152, CF-2153 (not they), CF-2158 (too early), CF-2165.
    """
    now = means.clock.now()
    legal(found, RequestEvent.APPROVE, now)
    await _demand_approver(means, actor, found, await terms_now(means, found), now)


async def _demand_approver(means: Means, actor: Actor, found: Request, terms: Terms, now: int) -> None:
    await demand_may_approve(means.people, actor, found)
    # It would have to cool off by now, and its life, as it was asked for, is too short for that.
    if terms.cools and not found.cools:
        raise RULE_STRICTER()
    # Of a shop that has become two persons meanwhile, the other is all the rule asks for, and need not wait.
    waits = actor.person_id == found.asked_by or terms.cools or not found.alone
    if waits and now < found.ripe_at:
        whose = await merchant(means.store, actor.merchant_id)
        zone = whose.zone if whose else "UTC"
        raise TOO_EARLY(until=local_time(found.ripe_at, zone).strftime("%m-%d %H:%M"))


async def _another_device(means: Means, found: Request, approval_id: str) -> None:
    """Refuse what was approved with what it was asked with: the same passkey, or the same code app."""
    asked, given = [await _device(means, found.merchant_id, one) for one in (found.asked_approval_id, approval_id)]
    if asked is not None and asked == given:
        raise OTHER_DEVICE()


async def _device(means: Means, merchant_id: int, approval_id: str | None) -> tuple[Any, ...] | None:
    kept = await approval(means.store, merchant_id, approval_id) if approval_id else None
    if kept is None or kept.evidence is None:
        return None
    said = json.loads(kept.evidence)
    credential = said.get("credential_id")
    return ("passkey", credential) if credential else ("code", kept.person_id)

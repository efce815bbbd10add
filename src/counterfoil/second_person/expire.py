"""What nobody decided in time says so in the log, and what was sealed for it goes; so does what was left undone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import and_, bindparam, or_, select

from counterfoil.evidence import SYSTEM
from counterfoil.factors import Means
from counterfoil.people import WITH_CODE
from counterfoil.second_person.carry_out import failed
from counterfoil.second_person.facts import REQUEST_EXPIRED
from counterfoil.second_person.faults import REQUEST_OVER
from counterfoil.second_person.moving import change_of, moving
from counterfoil.second_person.reading import is_open
from counterfoil.second_person.request import OFFICE_LIFE_MICROS, as_request
from counterfoil.second_person.states import RequestEvent, RequestState
from counterfoil.second_person.tables import second_request

ROWS_MAX: Final = 64
_OVER: Final = (
    select(second_request)
    .where(
        or_(
            and_(is_open(), second_request.c.ends_at <= bindparam("now")),
            and_(
                second_request.c.state == RequestState.APPROVED.value,
                or_(*(second_request.c.act == act.value for act in sorted(WITH_CODE))),
                second_request.c.ends_at <= bindparam("left"),
            ),
        )
    )
    .order_by(second_request.c.merchant_id, second_request.c.ends_at, second_request.c.id)
    .limit(ROWS_MAX)
)


async def expire(means: Means) -> int:
    """End at most 64 that are over; how many. Raises Stale where one is just being decided; it is looked at again."""
    now = means.clock.now()
    rows = await means.store.fetch(_OVER, {"now": now, "left": now - OFFICE_LIFE_MICROS})
    for found in map(as_request, rows):
        if found.left(now):
            await failed(means, found, REQUEST_OVER.code)
            continue
        fact = REQUEST_EXPIRED.fact(
            at=now, actor=SYSTEM, subject=found.id, act=found.act.value, request_sha256=found.request_sha256
        )
        part = moving(found, RequestEvent.EXPIRE, {"ended_at": now}, fact)
        await means.store.commit(change_of(means.people, found.merchant_id, part))
    return len(rows)

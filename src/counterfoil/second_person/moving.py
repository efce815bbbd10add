"""What every move of a request has in common: the request as it is, that the move is legal, and the row it writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from counterfoil.people import Means
from counterfoil.second_person.faults import REQUEST_BUSY, REQUEST_MOVED, REQUEST_OVER, REQUEST_UNKNOWN
from counterfoil.second_person.reading import request_by_id
from counterfoil.second_person.request import Request
from counterfoil.second_person.states import REQUEST, RequestEvent, RequestState
from counterfoil.second_person.tables import second_request
from counterfoil.store import Change, ChangePart, Fact, Guard, Stale

# In each round somebody wins, so this many at once all come to their turn.
TRIES: Final = 12
# What was asked for is of no use any more.
_SEALED_NO_MORE: Final = REQUEST.final


def legal(found: Request, event: RequestEvent, now: int) -> None:
    """Go on only if ``event`` may happen to it now. Raises Refused CF-2160 (expired), CF-2156 (decided)."""
    if found.state_at(now) is RequestState.EXPIRED and event is not RequestEvent.EXPIRE:
        raise REQUEST_OVER()
    if REQUEST.move(found.state, event) is None:
        raise REQUEST_MOVED()


def moving(found: Request, event: RequestEvent, values: Mapping[str, Any], fact: Fact) -> ChangePart:
    """Let ``event`` happen, with ``values`` beside the state, and its fact."""
    to = REQUEST.moves[found.state, event]
    gone = {"sealed": None} if to in _SEALED_NO_MORE else {}
    guard = Guard(second_request, found.row, {"state": to.value, **gone, **values})
    return ChangePart(guards=(guard,), facts=(fact,))


def change_of(means: Means, merchant_id: int, part: ChangePart) -> Change:
    """The Change of a move alone."""
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=merchant_id,
        guards=part.guards,
        requires=part.requires,
        facts=part.facts,
    )


async def move(
    means: Means, merchant_id: int, request_id: str, part: Callable[[Request, int], Awaitable[ChangePart]]
) -> Request:
    """Commit what ``part`` makes of the request as it is, asked again where somebody was faster; how it stands then.

    Raises Refused CF-2155 (there is none), what ``part`` raises; Trouble CF-2163.
    """
    for _ in range(TRIES):
        found = await request_by_id(means.store, merchant_id, request_id)
        if found is None:
            raise REQUEST_UNKNOWN()
        made = await part(found, means.clock.now())
        try:
            await means.store.commit(change_of(means, merchant_id, made))
        except Stale:
            continue
        after = await request_by_id(means.store, merchant_id, request_id)
        return after or found
    raise REQUEST_BUSY()

"""Whether a request comes from where this merchant lets such a thing be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from counterfoil.doors.shell import caller_of
from counterfoil.people import trusted

if TYPE_CHECKING:
    from counterfoil.app import App


async def hold_place(app: App, request: Request, merchant_id: int, purpose: str) -> None:
    """Go on only from there. Raises Refused CF-2120, CF-2121, CF-2122 by ``purpose``, one of ``people.PURPOSES``."""
    found = await trusted(app.store, merchant_id, purpose)
    caller = caller_of(request)
    if not found.lets_in(caller, app.clock.now()):
        raise found.refusal(caller)

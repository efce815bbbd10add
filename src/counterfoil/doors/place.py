"""Whether a request comes from where this merchant lets such a thing be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from counterfoil.doors.shell import caller_of
from counterfoil.people import DANGER, PLACED, Permission, trusted

if TYPE_CHECKING:
    from counterfoil.app import App


async def hold_place(app: App, request: Request, merchant_id: int, purpose: str) -> None:
    """Go on only from there. Raises Refused CF-2120, CF-2121, CF-2122 by ``purpose``, one of ``people.PURPOSES``."""
    await _hold(app, request, merchant_id, purpose)


async def hold_act(app: App, request: Request, merchant_id: int, permission: Permission) -> None:
    """Go on with an act of that permission only from where dangerous ones are done, if the merchant named that.

    The same for the till, the API and the office. What the office has confirmed with a second factor goes through
    ``hold_place`` instead: there the default counts too. Raises Refused CF-2122.
    """
    if permission in PLACED:
        await _hold(app, request, merchant_id, DANGER, only_if_named=True)


async def _hold(app: App, request: Request, merchant_id: int, purpose: str, *, only_if_named: bool = False) -> None:
    found = await trusted(app.store, merchant_id, purpose)
    caller = caller_of(request)
    if not found.lets_in(caller, app.clock.now(), only_if_named=only_if_named):
        raise found.refusal(caller)

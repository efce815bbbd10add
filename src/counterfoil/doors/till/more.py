"""更多: what is not needed with every customer: the last receipt again, the network, how this device looks, help."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import THEMES
from counterfoil.doors.screen.pages import go
from counterfoil.doors.till.cookies import KEY_SIZES, KEYPADS, key_size_kept, keypad_kept
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.payments import Payment
from counterfoil.people import Permission, demand
from counterfoil.records import NO_RECEIPT, Find, find, has_receipt, reprint

# The last payment that has a receipt is looked for among so many.
_LOOKED_AT: Final = 20


def routes(app: App) -> list[BaseRoute]:
    """One page, and the last receipt once more."""
    return [at_desk(app, "/till/more", more), at_desk(app, "/till/more/reprint", None, reprint_last)]


async def more(desk: Desk) -> Response:
    """What there is, with the payment whose receipt would be printed again."""
    return render(
        desk,
        "more.html",
        done=desk.request.query_params.get("done") == "password",
        last=await _last(desk) if desk.actor.may(Permission.READ) else None,
        themes=THEMES,
        keypads=KEYPADS,
        keypad=keypad_kept(desk.request),
        key_sizes=KEY_SIZES,
        key_size=key_size_kept(desk.request),
    )


async def reprint_last(desk: Desk, _: Form) -> Response:
    """重打印上一笔: count one more copy of this terminal's last receipt and show it. Raises Refused CF-3204."""
    demand(desk.actor, Permission.READ)
    last = await _last(desk)
    if last is None:
        raise NO_RECEIPT()
    await reprint(desk.app.records, desk.actor, last)
    return go(f"/till/payments/{last.id}/receipt")


async def _last(desk: Desk) -> Payment | None:
    page = await find(desk.app.records, desk.merchant_id, Find(terminal_id=desk.terminal.id, limit=_LOOKED_AT))
    return next((payment for payment in page.items if has_receipt(payment)), None)

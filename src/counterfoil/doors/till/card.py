"""银行卡: the amount goes to the provider's card terminal beside the till, where the customer pays."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.take import WAIT_SECONDS, act_id, amount_of, keypad, refused, scan_page
from counterfoil.payments import AT_CARD_TERMINAL, TakeAsk, take


def routes(app: App) -> list[BaseRoute]:
    """From the keypad, and from the page that waits for a code."""
    return [
        at_desk(app, "/till/take/card", None, amount_given),
        at_desk(app, "/till/take/{id}/card", None, charge),
    ]


async def amount_given(desk: Desk, form: Form) -> Response:
    """Send the amount on the keypad to the card terminal."""
    typed, payment_id = form.get("amount", ""), act_id(form.get("id", ""))
    try:
        amount = amount_of(typed)
    except Fault as fault:
        desk.note("take", fault)
        return await keypad(desk, typed, fault)
    return await _charge(desk, payment_id, amount)


async def charge(desk: Desk, form: Form) -> Response:
    """Send the amount to the card terminal under the id in the address."""
    return await _charge(desk, act_id(desk.request.path_params["id"]), amount_of(form.get("amount", "")))


async def _charge(desk: Desk, payment_id: str, amount: Money) -> Response:
    ask = TakeAsk(
        id=payment_id,
        shop_id=desk.shop.id,
        terminal_id=desk.terminal.id,
        method="card",
        entry=AT_CARD_TERMINAL,
        amount=amount,
        wait_seconds=WAIT_SECONDS,
    )
    try:
        await take(desk.app.payments, desk.actor, ask)
    except Fault as fault:
        desk.note("take", fault)
        return await refused(desk, payment_id, fault) or await scan_page(desk, payment_id, amount, fault)
    return go(f"/till/payments/{payment_id}")

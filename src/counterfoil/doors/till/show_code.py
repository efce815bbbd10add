"""出示收款码: a code made for this bill, which the customer scans. The wallet is chosen where there are several."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import payment_in_sight
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import WAIT_SECONDS, act_id, amount_of, keypad, refused
from counterfoil.payments import METHOD_NOT_OFFERED, SHOWN_CODE, TakeAsk, code_wallets, take


def routes(app: App) -> list[BaseRoute]:
    """From the keypad, and the page that asks for which wallet."""
    return [
        at_desk(app, "/till/take/code", None, amount_given),
        at_desk(app, "/till/take/{id}/code", ask_wallet, show),
    ]


async def amount_given(desk: Desk, form: Form) -> Response:
    """Go on to the choice of a wallet; where there is only one, show its code at once."""
    typed, payment_id = form.get("amount", ""), act_id(form.get("id", ""))
    try:
        amount = amount_of(typed)
        wallets = await _wallets(desk)
    except Fault as fault:
        desk.note("take", fault)
        return await keypad(desk, typed, fault)
    if len(wallets) == 1:
        return await _show(desk, payment_id, amount, wallets[0])
    return go(f"/till/take/{payment_id}/code", amount=amount.decimal())


async def ask_wallet(desk: Desk) -> Response:
    """Whose code: one touch. An act that was done already is shown, not asked for again."""
    payment_id = act_id(desk.request.path_params["id"])
    if await payment_in_sight(desk, payment_id) is not None:
        return go(f"/till/payments/{payment_id}")
    typed = desk.request.query_params.get("amount", "")
    try:
        return await _page(desk, payment_id, amount_of(typed))
    except Fault as fault:
        return await keypad(desk, typed, fault)


async def show(desk: Desk, form: Form) -> Response:
    """Have the code made under the id in the address."""
    payment_id = act_id(desk.request.path_params["id"])
    return await _show(desk, payment_id, amount_of(form.get("amount", "")), form.get("wallet", ""))


async def _show(desk: Desk, payment_id: str, amount: Money, wallet: str) -> Response:
    ask = TakeAsk(
        id=payment_id,
        shop_id=desk.shop.id,
        terminal_id=desk.terminal.id,
        method="qr",
        entry=SHOWN_CODE,
        amount=amount,
        wallet=wallet,
        wait_seconds=WAIT_SECONDS,
    )
    try:
        await take(desk.app.payments, desk.actor, ask)
    except Fault as fault:
        desk.note("take", fault)
        return await refused(desk, payment_id, fault) or await _page(desk, payment_id, amount, fault)
    return go(f"/till/payments/{payment_id}")


async def _wallets(desk: Desk) -> tuple[str, ...]:
    """The wallets a code can be shown for. Raises METHOD_NOT_OFFERED where there is none."""
    wallets = await code_wallets(desk.app.payments, desk.merchant_id)
    if not wallets:
        raise METHOD_NOT_OFFERED(field="entry")
    return wallets


async def _page(desk: Desk, payment_id: str, amount: Money, fault: Fault | None = None) -> Response:
    return render(
        desk,
        "show_code.html",
        status_of(fault),
        amount=amount,
        act_id=payment_id,
        wallets=await _wallets(desk),
        here=link(f"/till/take/{payment_id}/code", amount=amount.decimal()),
        **tell(desk, fault),
    )

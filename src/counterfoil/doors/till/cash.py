"""现金: what the customer hands over, and the change."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import WAIT_SECONDS, act_id, amount_of, refused
from counterfoil.payments import TakeAsk, load, take

# The notes people hand over, and how many of the next larger sums are offered, one touch each.
NOTES_MINOR: Final = (1000, 2000, 5000, 10000, 20000)
_OFFERED_MAX: Final = 3


def routes(app: App) -> list[BaseRoute]:
    """One page: how much was handed over."""
    return [at_desk(app, "/till/take/{id}/cash", ask_tendered, take_cash)]


async def ask_tendered(desk: Desk) -> Response:
    """The keypad for the cash handed over."""
    payment_id = act_id(desk.request.path_params["id"])
    if await load(desk.app.store, desk.merchant_id, payment_id) is not None:
        return go(f"/till/payments/{payment_id}")
    return _page(desk, payment_id, amount_of(desk.request.query_params.get("amount", "")))


async def take_cash(desk: Desk, form: Form) -> Response:
    """Book the cash under the id in the address; the result shows the change."""
    payment_id = act_id(desk.request.path_params["id"])
    amount = amount_of(form.get("amount", ""))
    try:
        await take(desk.app.payments, desk.actor, _ask(desk, payment_id, amount, amount_of(form.get("tendered", ""))))
    except Fault as fault:
        desk.note("take", fault)
        return await refused(desk, payment_id, fault) or _page(desk, payment_id, amount, fault)
    return go(f"/till/payments/{payment_id}")


def larger_sums(due: Money) -> tuple[Money, ...]:
    """Sums people are likely to hand over for ``due``: the next full multiple of each note, smallest first."""
    sums = {-(-due.minor // note) * note for note in NOTES_MINOR}
    return tuple(Money(minor, due.currency) for minor in sorted(sums - {due.minor})[:_OFFERED_MAX])


def _ask(desk: Desk, payment_id: str, amount: Money, tendered: Money) -> TakeAsk:
    return TakeAsk(
        id=payment_id,
        shop_id=desk.shop.id,
        terminal_id=desk.terminal.id,
        method="cash",
        entry=desk.app.manifests["cash"].entries[0],
        amount=amount,
        tendered=tendered,
        wait_seconds=WAIT_SECONDS,
    )


def _page(desk: Desk, payment_id: str, amount: Money, fault: Fault | None = None) -> Response:
    return render(
        desk,
        "cash.html",
        status_of(fault),
        amount=amount,
        act_id=payment_id,
        sums=larger_sums(amount),
        here=link(f"/till/take/{payment_id}/cash", amount=amount.decimal()),
        **tell(desk, fault),
    )

"""现金: what the customer hands over, and the change."""

from __future__ import annotations

from typing import Final

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
from counterfoil.doors.till.take import WAIT_SECONDS, act_id, amount_of, refused
from counterfoil.payments import TakeAsk, rounded_down, take

# The notes people hand over, and how many of the next larger sums are offered, one touch each.
NOTES_MINOR: Final = (500, 1000, 2000, 5000, 10000)
_OFFERED_MAX: Final = 4


def routes(app: App) -> list[BaseRoute]:
    """One page: how much was handed over."""
    return [at_desk(app, "/till/take/{id}/cash", ask_tendered, take_cash)]


async def ask_tendered(desk: Desk) -> Response:
    """The keypad for the cash handed over."""
    payment_id = act_id(desk.request.path_params["id"])
    if await payment_in_sight(desk, payment_id) is not None:
        return go(f"/till/payments/{payment_id}")
    return _page(desk, payment_id, amount_of(desk.request.query_params.get("amount", "")))


async def take_cash(desk: Desk, form: Form) -> Response:
    """Book the cash under the id in the address; the result shows the change."""
    payment_id = act_id(desk.request.path_params["id"])
    due = amount_of(form.get("amount", ""))
    try:
        charged = amount_of(form.get("charged") or due.decimal())
        ask = _ask(desk, payment_id, due, charged, amount_of(form.get("tendered", "")))
        await take(desk.app.payments, desk.actor, ask)
    except Fault as fault:
        desk.note("take", fault)
        return await refused(desk, payment_id, fault) or _page(desk, payment_id, due, fault)
    return go(f"/till/payments/{payment_id}")


def larger_sums(due: Money) -> tuple[Money, ...]:
    """Sums people are likely to hand over for ``due``: the next full multiple of each note, smallest first."""
    sums = {-(-due.minor // note) * note for note in NOTES_MINOR}
    return tuple(Money(minor, due.currency) for minor in sorted(sums - {due.minor})[:_OFFERED_MAX])


def _ask(desk: Desk, payment_id: str, due: Money, charged: Money, tendered: Money) -> TakeAsk:
    """What the page showed is what is asked for: where the shop rounds otherwise meanwhile, it is refused."""
    return TakeAsk(
        id=payment_id,
        shop_id=desk.shop.id,
        terminal_id=desk.terminal.id,
        method="cash",
        entry=desk.app.manifests["cash"].entries[0],
        amount=charged,
        tendered=tendered,
        rounding=due - charged if charged != due else None,
        wait_seconds=WAIT_SECONDS,
    )


def _page(desk: Desk, payment_id: str, due: Money, fault: Fault | None = None) -> Response:
    charged = rounded_down(due, desk.shop.rounding)
    return render(
        desk,
        "cash.html",
        status_of(fault),
        due=due,
        amount=charged,
        waived=due - charged,
        act_id=payment_id,
        sums=larger_sums(charged),
        here=link(f"/till/take/{payment_id}/cash", amount=due.decimal()),
        **tell(desk, fault),
    )

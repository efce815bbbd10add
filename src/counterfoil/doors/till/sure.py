"""确实再收一笔？Between the amount and the charge, where the same was just taken or it is far more than usual.

A code that was scanned with the amount goes no further than this: it is neither kept nor put into a page, and is
scanned again once the cashier is sure.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Money
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import go, link
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.take import act_id, amount_of, doubts_at
from counterfoil.payments import SAME_SECONDS


def routes(app: App) -> list[BaseRoute]:
    """One page; the way on is the page that asks for the code."""
    return [at_desk(app, "/till/take/{id}/sure", ask)]


async def ask(desk: Desk) -> Response:
    """What speaks against it; where nothing does any more, on to the code."""
    payment_id, query = act_id(desk.request.path_params["id"]), desk.request.query_params
    amount = amount_of(query.get("amount", ""))
    doubts = await doubts_at(desk, payment_id, amount)
    if not doubts:
        return go(f"/till/take/{payment_id}", amount=amount.decimal())
    same = doubts.same
    return render(
        desk,
        "sure.html",
        amount=amount,
        minutes=SAME_SECONDS // 60,
        same=same,
        mark=None if same is None else mark_of(desk, same),
        most=doubts.usual_most,
        scanned="scanned" in query,
        on=_on(payment_id, amount, in_cash=query.get("way") == "cash"),
        here=link(f"/till/take/{payment_id}/sure", amount=amount.decimal()),
    )


def _on(payment_id: str, amount: Money, *, in_cash: bool) -> str:
    return link(f"/till/take/{payment_id}{'/cash' if in_cash else ''}", amount=amount.decimal())

"""首页: today against the same day last week, what waits for a person, and what looks odd."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.attention import SHOWN, Known, looks_odd, percent, voids_link, waiting
from counterfoil.doors.office.compared import compared
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.pages import go
from counterfoil.people import Permission, persons, terminals
from counterfoil.records import MONTH_DAYS, ever_taken, month_of, odd

# How an owner begins, each with its page.
STEPS: Final = (("places", "/office/terminals"), ("people", "/office/operators"), ("take", "/till"))


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/home", home)]


async def home(desk: Desk) -> Response:
    """The day at a glance; how to begin where nothing was ever taken.

    It sums over all shops, so whoever sees some of them only begins with the records of those.
    """
    if desk.actor.shops_for(Permission.READ) is not None:
        return go("/office/records")
    store, merchant_id = desk.app.store, desk.merchant_id
    if not await ever_taken(desk.app.records, merchant_id):
        return render(desk, "begin.html", steps=STEPS)
    known = Known(await persons(store, merchant_id), await terminals(store, merchant_id))
    waits = await waiting(desk, known)
    month = await month_of(desk.app.records, merchant_id, desk.now)
    return render(
        desk,
        "home.html",
        compared=await compared(desk),
        waits=waits,
        places={one.id: (one, shop) for one, shop in known.places},
        notices=looks_odd(desk, month, waits, known),
        voids=month.voids[:SHOWN],
        odd={one.operator_id for one in odd(month.voids)},
        operators={one.id: one for one in known.people},
        voids_link=lambda operator_id: voids_link(desk, operator_id),
        percent=percent,
        days=MONTH_DAYS,
    )

"""交易记录: find by kind, state, time, amount or any number; the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.filters import STATES, day_begins, minor_of, ranges
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.people import Permission, demand, persons, terminals
from counterfoil.records import METHODS, WALLETS, Find, Page, day_so_far, find

ROWS: Final = 30
_FIELDS: Final = ("from", "to", "min", "max", "kind", "status", "number", "where")
ANYWHERE: Final = "all"


@dataclass(frozen=True, slots=True)
class Sums:
    """A shop's business day: what was taken in ``count`` payments, and what went back, in minor units."""

    count: int
    taken: int
    back: int


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/till/records", records)]


async def records(desk: Desk) -> Response:
    """The list, newest first. Anything wrong in the filters is said above an empty list."""
    demand(desk.actor, Permission.READ)
    query = desk.request.query_params
    typed = {name: query.get(name, "").strip() for name in _FIELDS}
    try:
        asked = find_of(desk, typed, query.get("after"))
        page = await find(desk.app.records, desk.merchant_id, asked)
    except Fault as fault:
        return await _page(desk, typed, Page((), None), fault)
    return await _page(desk, typed, page)


def find_of(desk: Desk, typed: Mapping[str, str], after: str | None) -> Find:
    """What the filters ask for; this shop unless all are asked for. Raises Refused CF-1801, CF-1806."""
    zone, ends = desk.shop.zone, desk.shop.day_ends_minute
    group, _, kind = typed["kind"].partition(".")
    return Find(
        from_=day_begins(typed["from"], zone, ends) if typed["from"] else None,
        to=day_begins(typed["to"], zone, ends, days=1) if typed["to"] else None,
        amount_min=minor_of(typed["min"]),
        amount_max=minor_of(typed["max"]),
        wallet=kind if group == "wallet" else None,
        method=kind if group == "method" else None,
        status=typed["status"] or None,
        shop_id=None if typed["where"] == ANYWHERE else desk.shop.id,
        number="".join(typed["number"].split()) or None,
        limit=ROWS,
        after=after or None,
    )


async def sums_of(desk: Desk, typed: Mapping[str, str]) -> Sums | None:
    """The sums of this shop's day where the dates name one day and nothing else is set."""
    if not typed["from"] or typed["from"] != typed["to"] or any(typed[name] for name in _FIELDS[2:]):
        return None
    totals = await day_so_far(desk.app.records, desk.merchant_id, desk.shop.id, typed["from"])
    taken = [total for total in totals if total.kind == "sale"]
    back = sum(total.minor for total in totals if total.kind != "sale")
    return Sums(sum(total.count for total in taken), sum(total.minor for total in taken), back)


async def _page(desk: Desk, typed: dict[str, str], page: Page, fault: Fault | None = None) -> Response:
    numbers = {one.id: one.number for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: one.number for one, _ in await terminals(desk.app.store, desk.merchant_id)}
    rows = [(payment, mark_of(desk, payment)) for payment in page.items]
    paged = "after" in desk.request.query_params
    return render(
        desk,
        "records.html",
        status_of(fault),
        rows=rows,
        more=link("/till/records", **typed, after=page.next) if page.next else None,
        newest=link("/till/records", **typed) if paged else None,
        typed=typed,
        ranges=ranges(desk.business_day),
        filtered=any(typed.values()),
        choices={"wallets": WALLETS, "methods": METHODS, "states": [state.value for state in STATES]},
        operators=numbers,
        places=places,
        totals=await sums_of(desk, typed) if fault is None else None,
        **tell(desk, fault),
    )

"""查单: the customer says it is paid. Scan the bill or the receipt, say the amount, or look at the last ones."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.doors.till.scanned import NUMBER_MAX, kind_of, number_of
from counterfoil.doors.till.take import amount_of
from counterfoil.people import Permission, demand, terminals
from counterfoil.records import Find, Page, find

SHOP: Final = "shop"
_RECENT: Final = 8
_SEVERAL: Final = 20
# A customer stands there with a bill of today, after midnight of yesterday.
_DAYS_BACK: Final = 2
_NOTHING: Final = Page((), None)


def routes(app: App) -> list[BaseRoute]:
    """One page; what is sought stands in the address."""
    return [at_desk(app, "/till/find", look_up)]


async def look_up(desk: Desk) -> Response:
    """The payment of that number, those of that amount in this shop, or the last ones."""
    demand(desk.actor, Permission.READ)
    query = desk.request.query_params
    number = number_of(query.get("number", ""))
    return await _by_number(desk, number) if number else await _by_amount(desk, query.get("amount", "").strip())


async def _by_number(desk: Desk, number: str) -> Response:
    page = _NOTHING
    if kind_of(number) != "link":
        asked = Find(number=number, shop_ids=desk.actor.shops_for(Permission.READ), limit=_SEVERAL)
        page = await find(desk.app.records, desk.merchant_id, asked)
    if len(page.items) == 1:
        return go(f"/till/find/{page.items[0].id}", number=number)
    return await _page(desk, page, number=number)


async def _by_amount(desk: Desk, typed: str) -> Response:
    in_shop = typed != "" or desk.request.query_params.get("where") == SHOP
    place = Find(shop_id=desk.shop.id) if in_shop else Find(terminal_id=desk.terminal.id)
    try:
        amount = amount_of(typed) if typed else None
    except Fault as fault:
        return await _page(desk, _NOTHING, typed=typed, fault=fault)
    asked = Find(
        shop_id=place.shop_id,
        terminal_id=place.terminal_id,
        first_day=_first_day(desk) if amount else None,
        amount_min=amount.minor if amount else None,
        amount_max=amount.minor if amount else None,
        limit=_SEVERAL if amount else _RECENT,
    )
    page = await find(desk.app.records, desk.merchant_id, asked)
    return await _page(desk, page, typed=typed, amount=amount, in_shop=in_shop)


def _first_day(desk: Desk) -> str:
    return (date.fromisoformat(desk.business_day) - timedelta(days=_DAYS_BACK)).isoformat()


async def _page(
    desk: Desk,
    page: Page,
    *,
    number: str = "",
    typed: str = "",
    amount: Money | None = None,
    in_shop: bool = False,
    fault: Fault | None = None,
) -> Response:
    return render(
        desk,
        "find.html",
        status_of(fault),
        number=number[:NUMBER_MAX],
        typed=typed,
        amount=amount,
        in_shop=in_shop,
        kind=kind_of(number) if number else "",
        rows=[(payment, mark_of(desk, payment)) for payment in page.items],
        places={one.id: one.number for one, _ in await terminals(desk.app.store, desk.merchant_id)},
        wheres=[("here", "/till/find", not in_shop), (SHOP, link("/till/find", where=SHOP), in_shop)],
        **tell(desk, fault),
    )

"""交易记录 over all shops: the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.filters import STATES, date_shown, day_begins, minor_of, ranges
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.people import Permission, Shop, demand, persons, shops, terminals
from counterfoil.records import METHODS, WALLETS, Find, Page, find

ROWS: Final = 50
_FIELDS: Final = ("from", "to", "min", "max", "kind", "status", "number", "shop", "terminal", "operator")


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/records", records)]


async def records(desk: Desk) -> Response:
    """The list, newest first. Anything wrong in the filters is said above an empty list."""
    demand(desk.actor, Permission.READ)
    query = desk.request.query_params
    typed = {name: query.get(name, "").strip()[:64] for name in _FIELDS}
    where = await shops(desk.app.store, desk.merchant_id)
    try:
        page = await find(desk.app.records, desk.merchant_id, find_of(desk, typed, where, query.get("after")))
    except Fault as fault:
        return await _page(desk, typed, Page((), None), fault)
    return await _page(desk, typed, page)


def find_of(desk: Desk, typed: Mapping[str, str], where: list[Shop], after: str | None) -> Find:
    """What the filters ask for; a day is the chosen shop's, else the merchant's. Raises Refused CF-1801, CF-1806."""
    chosen = next((shop for shop in where if shop.id == typed["shop"]), None)
    zone, ends = (chosen.zone, chosen.day_ends_minute) if chosen else (desk.zone, 0)
    group, _, kind = typed["kind"].partition(".")
    return Find(
        from_=day_begins(typed["from"], zone, ends) if typed["from"] else None,
        to=day_begins(typed["to"], zone, ends, days=1) if typed["to"] else None,
        amount_min=minor_of(typed["min"]),
        amount_max=minor_of(typed["max"]),
        wallet=kind if group == "wallet" else None,
        method=kind if group == "method" else None,
        status=typed["status"] or None,
        shop_id=typed["shop"] or None,
        terminal_id=typed["terminal"] or None,
        operator_id=typed["operator"] or None,
        number="".join(typed["number"].split()) or None,
        limit=ROWS,
        after=after or None,
    )


async def _page(desk: Desk, typed: dict[str, str], page: Page, fault: Fault | None = None) -> Response:
    people = await persons(desk.app.store, desk.merchant_id)
    places = await terminals(desk.app.store, desk.merchant_id)
    where = await shops(desk.app.store, desk.merchant_id)
    return render(
        desk,
        "records.html",
        status_of(fault),
        rows=[(payment, mark_of(desk, payment)) for payment in page.items],
        more=link("/office/records", **typed, after=page.next) if page.next else None,
        newest=link("/office/records", **typed) if "after" in desk.request.query_params else None,
        typed=typed,
        ranges=ranges(desk.day),
        dates={name: date_shown(typed[name]) for name in ("from", "to")},
        filtered=any(typed.values()),
        chips=_chips(desk, typed, _names(desk, where, places, people)),
        choices={"wallets": WALLETS, "methods": METHODS, "states": [state.value for state in STATES]},
        shops=where,
        terminals=places,
        people=people,
        operators={one.id: one.number for one in people},
        places={one.id: (one, shop) for one, shop in places},
        **tell(desk, fault),
    )


def _names(desk: Desk, where: list[Shop], places: list[Any], people: list[Any]) -> dict[str, str]:
    """What stands for an id in a chip."""
    return {
        **{shop.id: shop.name for shop in where},
        **{one.id: desk.t("bar.terminal", number=one.number) for one, _ in places},
        **{one.id: desk.t("bar.operator", number=one.number) for one in people},
    }


def _chips(desk: Desk, typed: Mapping[str, str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each filter that is set, in words, with the address without it."""
    return [
        (_words(desk, name, value, names), link("/office/records", **{**typed, name: ""}))
        for name, value in typed.items()
        if value
    ]


def _words(desk: Desk, name: str, value: str, names: Mapping[str, str]) -> str:
    if name in ("from", "to"):
        return f"{desk.t('records.from' if name == 'from' else 'records.to')} {value}"
    if name in ("min", "max"):
        return f"{'≥' if name == 'min' else '≤'} {value}"
    if name == "kind" and value in _kinds():
        return desk.t(value)
    if name == "status" and value in [state.value for state in STATES]:
        return desk.t(f"state.{value}")
    return names.get(value, value)


def _kinds() -> set[str]:
    return {f"wallet.{one}" for one in WALLETS} | {f"method.{one}" for one in METHODS}

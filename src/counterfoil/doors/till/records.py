"""交易记录: find by kind, state, time, amount or any number; the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen.filters import STATES, day_of, minor_of, ranges
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.spreadsheet import MEDIA, file_name
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.people import Permission, demand, persons, terminals
from counterfoil.records import ENTRIES, METHODS, WALLETS, Find, Format, Page, Totals, export, find, totals

ROWS: Final = 30
_FIELDS: Final = ("from", "to", "min", "max", "kind", "entry", "status", "number", "where")
# As a place: every shop. As a state: also what ended without money, which is hidden unless it is asked for.
ALL: Final = "all"


def routes(app: App) -> list[BaseRoute]:
    """The list, and the list as a file."""
    return [at_desk(app, "/till/records", records), at_desk(app, "/till/records/export", exported)]


async def records(desk: Desk) -> Response:
    """The list, newest first. Anything wrong in the filters is said above an empty list."""
    demand(desk.actor, Permission.READ)
    typed = typed_in(desk)
    try:
        asked = find_of(desk, typed, desk.request.query_params.get("after"))
        page = await find(desk.app.records, desk.merchant_id, asked)
        summed = await totals(desk.app.records, desk.merchant_id, asked)
    except Fault as fault:
        return await _page(desk, typed, Page((), None), None, fault)
    return await _page(desk, typed, page, summed)


async def exported(desk: Desk) -> Response:
    """Everything the filters mean, as CSV or XLSX. Raises Refused CF-1801, CF-1806, CF-32xx."""
    demand(desk.actor, Permission.READ)
    form: Format = "xlsx" if desk.request.query_params.get("format") == "xlsx" else "csv"
    asked = find_of(desk, typed_in(desk), None)
    pieces = export(desk.app.records, desk.merchant_id, asked, form, desk.language, now=desk.now)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(form)}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, 200, headers, MEDIA[form])


def typed_in(desk: Desk) -> dict[str, str]:
    """What stands in the filters."""
    query = desk.request.query_params
    return {name: query.get(name, "").strip() for name in _FIELDS}


def find_of(desk: Desk, typed: Mapping[str, str], after: str | None) -> Find:
    """What the filters ask for; this shop unless all are asked for. Raises Refused CF-1801, CF-1806.

    A number that somebody holds in the hand is found whatever became of it; else what ended without money is hidden.
    """
    group, _, kind = typed["kind"].partition(".")
    return Find(
        first_day=day_of(typed["from"], "from"),
        last_day=day_of(typed["to"], "to"),
        amount_min=minor_of(typed["min"]),
        amount_max=minor_of(typed["max"]),
        wallet=kind if group == "wallet" else None,
        method=kind if group == "method" else None,
        entry=typed["entry"] or None,
        status=None if typed["status"] == ALL else typed["status"] or None,
        hide_unpaid=not typed["status"] and not typed["number"],
        shop_id=None if typed["where"] == ALL else desk.shop.id,
        number="".join(typed["number"].split()) or None,
        limit=ROWS,
        after=after or None,
    )


async def _page(
    desk: Desk, typed: dict[str, str], page: Page, summed: Totals | None, fault: Fault | None = None
) -> Response:
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
        choices={
            "wallets": WALLETS,
            "methods": METHODS,
            "entries": ENTRIES,
            "states": [state.value for state in STATES],
        },
        operators=numbers,
        places=places,
        totals=summed,
        show_all=link("/till/records", **{**typed, "status": ALL}),
        files=[(form, link("/till/records/export", **typed, format=form)) for form in MEDIA],
        **tell(desk, fault),
    )

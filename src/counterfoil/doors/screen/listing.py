"""交易记录: the list, its filters in the address, its totals above it, and one record beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.screen import columns as choosing
from counterfoil.doors.screen.chips import chips
from counterfoil.doors.screen.columns import COLUMNS, FIXED, choice_of, chosen, width_class
from counterfoil.doors.screen.cookies import YEAR_SECONDS, keep
from counterfoil.doors.screen.exporting import ways_out
from counterfoil.doors.screen.filters import ALL, MORE, STATES, date_shown, ranges, time_shown, typed_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.naming import Names, names_of
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.record import side_of
from counterfoil.doors.screen.room import D, Room, asked_by
from counterfoil.doors.screen.saving import undoable
from counterfoil.people import Permission, demand_somewhere
from counterfoil.records import ENTRIES, METHODS, WALLETS, Page, Totals, find, saved_filters, totals

_CHOICES = {"wallets": WALLETS, "methods": METHODS, "entries": ENTRIES, "states": [state.value for state in STATES]}


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """The list, and the choice of its columns."""

    async def records(desk: D) -> Response:
        return await show(room, desk)

    async def choose(desk: D, form: Form) -> Response:
        shown = choice_of(shown_to(room, desk), form)
        response = go(room.path("records"), **typed_in(form), columns="open")
        keep(response, desk.request, choosing.COOKIE, ".".join(shown), seconds=YEAR_SECONDS)
        return response

    return [
        room.route(app, "records", records),
        room.route(app, "records/columns", None, choose),
    ]


async def show(room: Room[D], desk: D) -> Response:
    """The list, newest first. Anything wrong in the filters is said above an empty list."""
    demand_somewhere(desk.actor, Permission.READ)
    query = desk.request.query_params
    typed = typed_in(query)
    try:
        asked = replace(asked_by(room, desk, typed), after=query.get("after") or None, limit=room.rows)
        page = await find(desk.app.records, desk.merchant_id, asked)
        summed = await totals(desk.app.records, desk.merchant_id, asked)
    except Fault as fault:
        return await _page(room, desk, typed, Page((), None), None, fault)
    return await _page(room, desk, typed, page, summed)


def shown_to(room: Room[D], desk: D) -> tuple[str, ...]:
    """The columns this person chose, or the usual ones."""
    return chosen(desk.request.cookies.get(choosing.COOKIE), room.columns)


async def _page(
    room: Room[D], desk: D, typed: dict[str, str], page: Page, summed: Totals | None, fault: Fault | None = None
) -> Response:
    names, here, query = await names_of(desk), room.path("records"), desk.request.query_params
    shown = shown_to(room, desk)
    side = None if fault else await side_of(desk, query.get("open", ""))
    return room.page(
        desk,
        "records.html",
        status_of(fault),
        **_filters(room, desk, typed, names),
        **_table(desk, page, names, shown),
        more=link(here, **typed, after=page.next) if page.next else None,
        newest=link(here, **typed) if "after" in query else None,
        seen_to=page.seen_to,
        totals=summed,
        show_all=link(here, **{**typed, "status": ALL}),
        ways_out=ways_out(room, desk, typed, summed),
        saved=await saved_filters(desk.app.records, desk.actor),
        asked=urlencode({name: value for name, value in typed.items() if value}),
        side=side is not None,
        **(side or {}),
        undoable=undoable(desk),
        choosing=query.get("columns") == "open",
        **tell(desk, fault),
    )


def _filters(room: Room[D], desk: D, typed: dict[str, str], names: Names) -> dict[str, Any]:
    """What the bar of filters is made of."""
    return {
        "typed": typed,
        "shown": {name: date_shown(typed[name]) for name in ("from", "to")}
        | {name: time_shown(typed[name]) for name in ("since", "until")},
        "ranges": ranges(room.today(desk)),
        "filtered": any(typed.values()),
        "more_set": any(typed[name] for name in MORE),
        "chips": chips(desk, typed, names, room.path("records")),
        "choices": _CHOICES,
        "names": names,
        "our_shop": room.shop_of(desk),
    }


def _table(desk: D, page: Page, names: Names, shown: tuple[str, ...]) -> dict[str, Any]:
    """The rows with their cells, and which further columns one may choose."""
    heads = [(name, COLUMNS[name], width_class(place)) for place, name in enumerate(shown)]
    return {
        "columns": heads,
        "fixed": FIXED,
        "left_out": [(name, column) for name, column in COLUMNS.items() if name not in shown],
        "rows": [
            (payment, mark_of(desk, payment), [column.text(desk, payment, names) for _, column, _ in heads])
            for payment in page.items
        ],
    }

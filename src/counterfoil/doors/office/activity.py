"""活动: who did what, where and when, with what was before and after; also what was refused. Read from the evidence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.activity import GROUPS, Asked, Stretch, activity, note_export
from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.day_range import DayRange, range_in
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.told_acts import Act, Called, act_of, called_at
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.filters import date_shown
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.spreadsheet import MEDIA
from counterfoil.locale import full_time
from counterfoil.people import Permission, demand_somewhere
from counterfoil.records import Cell, csv_of

PATH: Final = "/office/activity"
DAYS: Final = 7
_ROWS: Final = 50
_ROWS_OF_FILE: Final = 500
_FIELDS: Final = ("from", "to", "person", "act", "place")
_TYPED_MAX: Final = 80
_NOTHING: Final = Stretch(leaves=(), older=None, reached=None, full=False)
_COLUMNS: Final = ("time", "entry", "who", "what", "where", "details")


def routes(app: App) -> list[BaseRoute]:
    """The page, and the same as a file."""
    return [at_desk(app, PATH, page), at_desk(app, f"{PATH}/export", export)]


async def page(desk: Desk) -> Response:
    """The acts that were asked for, newest first; before which entry to go on stands in the address."""
    demand_somewhere(desk.actor, Permission.READ_ACTIVITY)
    typed, called = _typed(desk), await called_at(desk)
    try:
        days = range_in(typed, today=desk.day, zone=desk.zone, days=DAYS)
        asked = asked_in(desk, typed, days, called)
        before = whole(desk.request.query_params.get("before", ""))
        found = await activity(desk.app.store, desk.merchant_id, asked, before=before, rows=_ROWS)
    except Fault as fault:
        return _page(desk, typed, None, called, _NOTHING, fault)
    return _page(desk, typed, days, called, found)


async def export(desk: Desk) -> Response:
    """The same as CSV, newest first. Raises Refused CF-1806, CF-2021."""
    demand_somewhere(desk.actor, Permission.READ_ACTIVITY)
    typed, called = _typed(desk), await called_at(desk)
    days = range_in(typed, today=desk.day, zone=desk.zone, days=DAYS)
    asked = to_export(desk, asked_in(desk, typed, days, called))
    await note_export(desk.app.people, desk.actor, form="activity", first=days.first, last=days.last)
    headers = {
        "Content-Disposition": f'attachment; filename="activity-{days.first}-{days.last}.csv"',
        "Cache-Control": "no-store",
    }
    lines = csv_of([desk.t(f"activity.column.{name}") for name in _COLUMNS], _lines(desk, asked, called))
    return StreamingResponse(lines, 200, headers, MEDIA["csv"])


def asked_in(desk: Desk, typed: Mapping[str, str], days: DayRange, called: Called) -> Asked:
    """What was typed. A place is a shop or a terminal; what is none of the merchant's finds nothing."""
    place = typed.get("place", "")
    return Asked(
        since=days.since,
        until=days.until,
        person_id=typed.get("person") or None,
        group=typed.get("act") or None,
        shop_id=place if place and place not in called.terminals else None,
        terminal_id=place if place in called.terminals else None,
        shops=desk.actor.shops_for(Permission.READ_ACTIVITY),
        shop_of=called.shop_of,
    )


def to_export(desk: Desk, asked: Asked) -> Asked:
    """The same, in no other shops than those that may be exported from."""
    shops = desk.actor.shops_for(Permission.EXPORT)
    both = asked.shops if shops is None else shops if asked.shops is None else asked.shops & shops
    return replace(asked, shops=both)


async def _lines(desk: Desk, asked: Asked, called: Called) -> AsyncIterator[list[tuple[Cell, ...]]]:
    older: int | None = None
    while True:
        found = await activity(desk.app.store, desk.merchant_id, asked, before=older, rows=_ROWS_OF_FILE)
        yield [_cells(desk, act_of(desk, called, leaf)) for leaf in found.leaves]
        older = found.older
        if older is None:
            return


def _cells(desk: Desk, act: Act) -> tuple[Cell, ...]:
    details = "; ".join(f"{one.name}: {one.value}" for one in act.said)
    return (full_time(act.at, zone=desk.zone), str(act.position), act.who, act.what, act.where, details)


def _typed(desk: Desk) -> dict[str, str]:
    return {name: desk.request.query_params.get(name, "").strip()[:_TYPED_MAX] for name in _FIELDS}


def _page(
    desk: Desk,
    typed: dict[str, str],
    days: DayRange | None,
    called: Called,
    found: Stretch,
    fault: Fault | None = None,
) -> Response:
    span = (days.first, days.last) if days else (typed["from"], typed["to"])
    kept = {**typed, "from": span[0], "to": span[1]}
    seen = desk.actor.shops_for(Permission.READ_ACTIVITY)
    return render(
        desk,
        "activity.html",
        status_of(fault),
        typed=typed,
        shown={"from": date_shown(span[0]), "to": date_shown(span[1])},
        people=sorted(((one, called.people[one]) for one in called.staff), key=lambda item: item[1]),
        groups=tuple(GROUPS),
        shops=[(shop, name, _terminals_of(called, shop)) for shop, name in called.shops.items() if _in(shop, seen)],
        acts=[act_of(desk, called, leaf) for leaf in found.leaves],
        found=found,
        paged="before" in desk.request.query_params,
        first_page=link(PATH, **kept),
        older=None if found.older is None else link(PATH, **kept, before=str(found.older)),
        file=link(f"{PATH}/export", **kept) if desk.actor.may_somewhere(Permission.EXPORT) else None,
        **tell(desk, fault),
    )


def _terminals_of(called: Called, shop: str) -> list[tuple[str, str]]:
    return [(terminal, number) for terminal, (number, where) in called.terminals.items() if where == shop]


def _in(shop: str, seen: frozenset[str] | None) -> bool:
    return seen is None or shop in seen

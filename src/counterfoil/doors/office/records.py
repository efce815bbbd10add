"""交易记录 over all shops: the filters stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.filters import STATES, date_shown, day_of, minor_of, ranges
from counterfoil.doors.screen.looks import mark_of
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.spreadsheet import MEDIA, file_name
from counterfoil.people import Permission, Shop, demand, persons, shops, terminals
from counterfoil.records import ENTRIES, METHODS, WALLETS, Find, Format, Page, Totals, export, find, totals

ROWS: Final = 50
# As a state: also what ended without money, which is hidden unless it is asked for.
ALL: Final = "all"
_FIELDS: Final = ("from", "to", "min", "max", "kind", "entry", "status", "number", "shop", "terminal", "operator")


def routes(app: App) -> list[BaseRoute]:
    """The list, and the list as a file."""
    return [at_desk(app, "/office/records", records), at_desk(app, "/office/records/export", exported)]


async def records(desk: Desk) -> Response:
    """The list, newest first. Anything wrong in the filters is said above an empty list."""
    demand(desk.actor, Permission.READ)
    typed = typed_in(desk)
    try:
        asked = find_of(typed, desk.request.query_params.get("after"))
        page = await find(desk.app.records, desk.merchant_id, asked)
        summed = await totals(desk.app.records, desk.merchant_id, asked)
    except Fault as fault:
        return await _page(desk, typed, Page((), None), None, fault)
    return await _page(desk, typed, page, summed)


async def exported(desk: Desk) -> Response:
    """Everything the filters mean, as CSV or XLSX. Raises Refused CF-1801, CF-1806, CF-32xx."""
    demand(desk.actor, Permission.READ)
    form: Format = "xlsx" if desk.request.query_params.get("format") == "xlsx" else "csv"
    asked = find_of(typed_in(desk), None)
    pieces = export(desk.app.records, desk.merchant_id, asked, form, desk.language, now=desk.now)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(form)}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, 200, headers, MEDIA[form])


def typed_in(desk: Desk) -> dict[str, str]:
    """What stands in the filters."""
    query = desk.request.query_params
    return {name: query.get(name, "").strip()[:64] for name in _FIELDS}


def find_of(typed: Mapping[str, str], after: str | None) -> Find:
    """What the filters ask for; a day is each shop's business day. Raises Refused CF-1801, CF-1806."""
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
        shop_id=typed["shop"] or None,
        terminal_id=typed["terminal"] or None,
        operator_id=typed["operator"] or None,
        number="".join(typed["number"].split()) or None,
        limit=ROWS,
        after=after or None,
    )


async def _page(
    desk: Desk, typed: dict[str, str], page: Page, summed: Totals | None, fault: Fault | None = None
) -> Response:
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
        totals=summed,
        show_all=link("/office/records", **{**typed, "status": ALL}),
        files=[(form, link("/office/records/export", **typed, format=form)) for form in MEDIA],
        chips=_chips(desk, typed, _names(desk, where, places, people)),
        choices={
            "wallets": WALLETS,
            "methods": METHODS,
            "entries": ENTRIES,
            "states": [state.value for state in STATES],
        },
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
    """One filter in words; what was typed where it is none that there is."""
    signs = {"from": desk.t("records.from") + " ", "to": desk.t("records.to") + " ", "min": "≥ ", "max": "≤ "}
    if name in signs:
        return signs[name] + value
    texts = {
        **{kind: kind for kind in _kinds()},
        **{entry: f"entry.{entry}" for entry in ENTRIES if name == "entry"},
        **{state.value: f"state.{state.value}" for state in STATES if name == "status"},
        **({ALL: "records.status.all"} if name == "status" else {}),
    }
    return desk.t(texts[value]) if value in texts else names.get(value, value)


def _kinds() -> set[str]:
    return {f"wallet.{one}" for one in WALLETS} | {f"method.{one}" for one in METHODS}

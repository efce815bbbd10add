"""人员对比: what each person voided, refunded, and was refused, beside their colleagues; a picture, a table, a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.activity import (
    ACTS_LEAST,
    COLLEAGUES_LEAST,
    TAKEN_LEAST,
    Outlier,
    PersonSums,
    note_export,
    outliers,
    sums_by_person,
)
from counterfoil.app import App
from counterfoil.basis import Fault, Money
from counterfoil.doors.office.activity import PATH as ACTIVITY
from counterfoil.doors.office.activity import asked_in, to_export
from counterfoil.doors.office.day_range import DayRange, range_in
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.people_chart import Figure, people_chart
from counterfoil.doors.office.told_acts import Called, called_at
from counterfoil.doors.screen.filters import date_shown
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.doors.spreadsheet import MEDIA
from counterfoil.people import Permission, demand_somewhere
from counterfoil.records import Cell, csv_of

PATH: Final = f"{ACTIVITY}/people"
DAYS: Final = 7
_REASONS: Final = 3
_TYPED_MAX: Final = 80
_COLUMNS: Final = (
    *("who", "taken", "voids", "voided", "refunds", "refunded", "per_hundred"),
    *("not_done", "under_way", "holds_placed", "holds_lifted", "locked", "lifted", "refused", "approved_own"),
    *("reasons", "apart"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A person's line: their sums, what they are called, their reasons in words, and why they stand apart, if so."""

    sums: PersonSums
    who: str
    reasons: str
    apart: str


def routes(app: App) -> list[BaseRoute]:
    """The page, and the same as a file."""
    return [at_desk(app, PATH, page), at_desk(app, f"{PATH}/export", export)]


async def page(desk: Desk) -> Response:
    """Everybody over some days."""
    demand_somewhere(desk.actor, Permission.READ_ACTIVITY)
    called = await called_at(desk)
    try:
        days = _days(desk)
        found = await _sums(desk, days, called)
    except Fault as fault:
        return _page(desk, None, called, [], fault)
    return _page(desk, days, called, found)


async def export(desk: Desk) -> Response:
    """The same as CSV. Raises Refused CF-1806, CF-2021, CF-2180."""
    demand_somewhere(desk.actor, Permission.READ_ACTIVITY)
    days, called = _days(desk), await called_at(desk)
    told = _told(desk, called, await _sums(desk, days, called, exported=True))
    await note_export(desk.app.people, desk.actor, form="people", first=days.first, last=days.last, count=len(told))
    headers = {
        "Content-Disposition": f'attachment; filename="people-{days.first}-{days.last}.csv"',
        "Cache-Control": "no-store",
    }
    lines = csv_of([desk.t(f"people.column.{name}") for name in _COLUMNS], _lines(told))
    return StreamingResponse(lines, 200, headers, MEDIA["csv"])


async def _lines(told: Sequence[Told]) -> AsyncIterator[list[tuple[Cell, ...]]]:
    yield [_cells(one) for one in told]


def _cells(one: Told) -> tuple[Cell, ...]:
    sums = one.sums
    return (
        one.who,
        str(sums.taken),
        str(sums.voids),
        Money(sums.voided_minor),
        str(sums.refunds),
        Money(sums.refunded_minor),
        f"{sums.per_hundred:.1f}",
        str(sums.not_done),
        str(sums.under_way),
        str(sums.holds_placed),
        str(sums.holds_lifted),
        str(sums.locked),
        str(sums.lifted),
        str(sums.refused),
        str(sums.approved_own),
        one.reasons,
        one.apart,
    )


def _days(desk: Desk) -> DayRange:
    return range_in(desk.request.query_params, today=desk.day, zone=desk.zone, days=DAYS)


def _shop(desk: Desk) -> str:
    return desk.request.query_params.get("shop", "").strip()[:_TYPED_MAX]


async def _sums(desk: Desk, days: DayRange, called: Called, *, exported: bool = False) -> list[PersonSums]:
    asked = asked_in(desk, {"place": _shop(desk)}, days, called)
    asked = to_export(desk, asked) if exported else asked
    return await sums_by_person(desk.app.store, desk.merchant_id, asked)


def _told(desk: Desk, called: Called, found: Sequence[PersonSums]) -> list[Told]:
    apart = {one.person_id: _why(desk, one) for one in outliers(found)}
    return [
        Told(
            sums=one,
            who=called.people.get(one.person_id, "—"),
            reasons=" · ".join(
                f"{desk.t(f'reason.{reason}')} {count}" for reason, count in one.reasons.most_common(_REASONS)
            ),
            apart=apart.get(one.person_id, ""),
        )
        for one in found
    ]


def _why(desk: Desk, one: Outlier) -> str:
    figures = {"figure": f"{one.figure:.1f}", "usual": f"{one.usual:.1f}", "bound": f"{one.bound:.1f}"}
    return desk.t("people.why", **figures)


def _page(
    desk: Desk, days: DayRange | None, called: Called, found: Sequence[PersonSums], fault: Fault | None = None
) -> Response:
    told, seen = _told(desk, called, found), desk.actor.shops_for(Permission.READ_ACTIVITY)
    compared = sorted((one for one in told if one.sums.taken), key=lambda one: -one.sums.per_hundred)
    middle = median(one.sums.per_hundred for one in compared) if compared else 0.0
    figures = [
        Figure(
            name=one.who,
            per_hundred=one.sums.per_hundred,
            not_done=one.sums.not_done_per_hundred,
            apart=bool(one.apart),
        )
        for one in compared
    ]
    query = desk.request.query_params
    span = (days.first, days.last) if days else (query.get("from", "")[:10], query.get("to", "")[:10])
    kept = {"shop": _shop(desk), "from": span[0], "to": span[1]}
    return render(
        desk,
        "people_report.html",
        status_of(fault),
        shown={"from": date_shown(span[0]), "to": date_shown(span[1])},
        shop=kept["shop"],
        shops=[(shop, name) for shop, name in called.shops.items() if seen is None or shop in seen],
        told=told,
        chart=people_chart(figures, middle) if figures else None,
        middle=f"{middle:.1f}",
        rule={"taken": TAKEN_LEAST, "acts": ACTS_LEAST, "people": COLLEAGUES_LEAST},
        acts_of=lambda one: link(ACTIVITY, **{"from": span[0], "to": span[1], "person": one, "act": "money_back"}),
        file=link(f"{PATH}/export", **kept) if desk.actor.may_somewhere(Permission.EXPORT) else None,
        **tell(desk, fault),
    )

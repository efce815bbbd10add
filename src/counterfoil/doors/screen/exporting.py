"""导出: a small selection as a file at once, a large one made beside the pages, with its progress and a way back to it.

Every file is written into the log before its first byte is given: who, when, how many records, of which question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.filters import typed_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.pages import go, link
from counterfoil.doors.screen.room import D, Room, asked_by
from counterfoil.doors.spreadsheet import MEDIA, file_name
from counterfoil.people import Permission, demand_somewhere
from counterfoil.records import EXPORT_GONE, Find, Format, Totals, export, note_export, totals

# What is written in well under a second; more is made beside the pages.
DIRECT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class WayOut:
    """A file one may ask for. ``address`` gives it at once; None: a form asks for it, and it is made meanwhile."""

    form: str
    address: str | None


def ways_out(room: Room[D], desk: D, typed: dict[str, str], summed: Totals | None) -> list[WayOut]:
    """The files of a selection, for whoever may have them."""
    if not desk.actor.may_somewhere(Permission.EXPORT):
        return []
    at_once = summed is not None and summed.count <= DIRECT_MAX
    path = room.path("records/export")
    return [WayOut(form, link(path, **typed, format=form) if at_once else None) for form in MEDIA]


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """The file, the list of one's own prepared files, and each of them."""

    async def exported(desk: D) -> Response:
        return await _streamed(room, desk)

    async def prepare(desk: D, form: Form) -> Response:
        return await _prepared(room, desk, form)

    async def exports(desk: D) -> Response:
        template = "exports_list.html" if "hx-request" in desk.request.headers else "exports.html"
        return room.page(desk, template, **_given(desk))

    async def drop(desk: D, form: Form) -> Response:
        desk.app.records.exports.drop(desk.actor, form.get("id", ""))
        return go(room.path("exports"))

    return [
        room.route(app, "records/export", exported, prepare),
        room.route(app, "exports", exports, drop),
        room.route(app, "exports/{id}", download),
    ]


async def download(desk: Signed) -> Response:
    """A prepared file, to whoever asked for it. Raises Refused CF-3208."""
    demand_somewhere(desk.actor, Permission.EXPORT)
    one = desk.app.records.exports.one(desk.actor, desk.request.path_params["id"])
    if one.state != "ready":
        raise EXPORT_GONE()
    form = _form_of(one.form)
    return FileResponse(one.path, 200, {"Cache-Control": "no-store"}, MEDIA[form], filename=file_name(form))


async def _streamed(room: Room[D], desk: D) -> Response:
    """Everything the filters mean, as CSV or XLSX. Raises Refused CF-1801, CF-1806, CF-32xx."""
    form = _form_of(desk.request.query_params.get("format", ""))
    asked = asked_by(room, desk, typed_in(desk.request.query_params), Permission.EXPORT)
    await _noted(desk, asked, form)
    pieces = export(desk.app.records, desk.merchant_id, asked, form, desk.language, now=desk.now)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(form)}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, 200, headers, MEDIA[form])


async def _prepared(room: Room[D], desk: D, sent: Form) -> Response:
    """Begin the file and show how far it is. Raises the same, and CF-3209."""
    form = _form_of(sent.get("format", ""))
    asked = asked_by(room, desk, typed_in(sent), Permission.EXPORT)
    count = await _noted(desk, asked, form)
    making = partial(_making, desk, asked, form)
    desk.app.records.exports.begin(desk.actor, form, count, making)
    return go(room.path("exports"))


def _making(desk: Signed, asked: Find, form: Format, wrote: Any) -> Any:
    return export(desk.app.records, desk.merchant_id, asked, form, desk.language, now=desk.now, wrote=wrote)


async def _noted(desk: Signed, asked: Find, form: Format) -> int:
    demand_somewhere(desk.actor, Permission.EXPORT)
    count = (await totals(desk.app.records, desk.merchant_id, asked)).count
    await note_export(desk.app.records, desk.actor, asked, form, count)
    return count


def _given(desk: Signed) -> dict[str, Any]:
    demand_somewhere(desk.actor, Permission.EXPORT)
    own = desk.app.records.exports.of(desk.actor)
    return {"exports": own, "under_way": any(one.open for one in own)}


def _form_of(text: str) -> Format:
    return "xlsx" if text == "xlsx" else "csv"

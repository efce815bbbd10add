"""Saved filters as tabs above the list: kept, renamed and deleted by whoever owns them, with a way to undo."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.screen.filters import typed_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.room import D, Room
from counterfoil.records import drop_filter, rename_filter, save_filter


def routes(app: App, room: Room[D]) -> list[BaseRoute]:
    """Three forms of the list."""

    async def save(desk: D, form: Form) -> Response:
        await save_filter(desk.app.records, desk.actor, form.get("name", ""), query_of(form))
        return _back(room, form)

    async def rename(desk: D, form: Form) -> Response:
        await rename_filter(desk.app.records, desk.actor, form.get("id", ""), form.get("name", ""))
        return _back(room, form)

    async def drop(desk: D, form: Form) -> Response:
        gone = await drop_filter(desk.app.records, desk.actor, form.get("id", ""))
        return go(room.path("records"), **typed_in(dict(parse_qsl(query_of(form)))), gone=gone.name, undo=gone.query)

    return [
        room.route(app, "records/saved", None, save),
        room.route(app, "records/saved/rename", None, rename),
        room.route(app, "records/saved/drop", None, drop),
    ]


def query_of(form: Form) -> str:
    """The question a form carries, in the one way an address says it: only filters that there are."""
    typed = typed_in(dict(parse_qsl(form.get("query", ""), max_num_fields=50)))
    return urlencode({name: value for name, value in typed.items() if value})


def _back(room: Room[D], form: Form) -> Response:
    return go(room.path("records"), **typed_in(dict(parse_qsl(query_of(form)))))


def undoable(desk: Signed) -> tuple[str, str] | None:
    """Name and question of the filter that was deleted a moment ago, by the address."""
    query = desk.request.query_params
    return (query["gone"], query.get("undo", "")) if query.get("gone") else None

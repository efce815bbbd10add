"""存证: how long the log is, what is signed, verified now, and the proof of any entry."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault
from counterfoil.doors.office.chart import growth_of
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.verifying import FINDINGS_SHOWN, Run, Runs
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.faults import NO_SUCH_ENTRY, NO_SUCH_PAYMENT
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.doors.screen.record import said, steps_of
from counterfoil.evidence import checkpoint_of, checkpoints, growth, log_size, origin_of, proof, written_at
from counterfoil.people import Permission, demand
from counterfoil.records import Find, find

_CHECKPOINTS: Final = 12
_IN_TABLE: Final = 12
_NUMBER_MAX: Final = 64
# A merchant is signed within a minute of its newest leaf; twice that is late.
_LATE: Final = 120 * MICROS


def routes(app: App) -> list[BaseRoute]:
    """The page, the run that goes on, and one entry's proof."""
    runs = Runs(app)
    return [
        _page(app, "/office/evidence", partial(evidence, runs=runs), partial(begin, runs=runs)),
        _page(app, "/office/evidence/run", partial(run, runs=runs)),
        _page(app, "/office/evidence/entry", entry),
        _page(app, "/office/evidence/entry/{position}", download),
        _page(app, "/office/evidence/record", of_record),
        _page(app, "/office/evidence/checkpoint/{size}", checkpoint),
        _page(app, "/office/evidence/key", key),
    ]


def _page(
    app: App,
    path: str,
    view: Callable[[Desk], Awaitable[Response]],
    act: Callable[[Desk, Form], Awaitable[Response]] | None = None,
) -> BaseRoute:
    """A page for whoever may look at the evidence, which is of all shops at once."""

    async def shown(desk: Desk) -> Response:
        demand(desk.actor, Permission.READ_EVIDENCE)
        return await view(desk)

    async def sent(desk: Desk, form: Form) -> Response:
        demand(desk.actor, Permission.READ_EVIDENCE)
        return await act(desk, form) if act else go("/office/evidence")

    return at_desk(app, path, shown, sent if act else None)


async def evidence(desk: Desk, runs: Runs, fault: Fault | None = None) -> Response:
    """The log at a glance; in the address, before which checkpoint the list goes on."""
    store, merchant_id = desk.app.store, desk.merchant_id
    before = whole(desk.request.query_params.get("before", ""))
    kept = await checkpoints(store, merchant_id, _CHECKPOINTS + 1, before)
    newest = kept[:1] if before is None else await checkpoints(store, merchant_id, 1)
    size = await log_size(store, merchant_id)
    signed = newest[0].size if newest else 0
    grown = await growth(store, merchant_id)
    unsigned_since = await written_at(store, merchant_id, signed)
    return render(
        desk,
        "evidence.html",
        status_of(fault),
        size=size,
        signed=signed,
        newest=newest[0] if newest else None,
        late=unsigned_since is not None and desk.now - unsigned_since > _LATE,
        checkpoints=kept[:_CHECKPOINTS],
        older=kept[_CHECKPOINTS - 1].size if len(kept) > _CHECKPOINTS else None,
        paged=before is not None,
        chart=growth_of(grown, desk.now) if grown else None,
        grown=grown[:: max(1, len(grown) // _IN_TABLE)],
        vkey=desk.app.log_key.verifier(_origin(desk)).vkey,
        run=runs.newest(merchant_id),
        findings=_findings(desk, runs.newest(merchant_id)),
        **tell(desk, fault),
    )


async def begin(desk: Desk, _: Form, runs: Runs) -> Response:
    """立即核验: begin, and go on looking."""
    runs.begin(desk.merchant_id)
    return go("/office/evidence")


async def run(desk: Desk, runs: Runs) -> Response:
    """How the run stands; the page asks by itself while it goes on."""
    newest = runs.newest(desk.merchant_id)
    return render(desk, "run.html", run=newest, findings=_findings(desk, newest))


async def entry(desk: Desk) -> Response:
    """One entry proven step by step. Raises Refused CF-1809 where there is none there, CF-5005 not signed yet."""
    asked = "".join(desk.request.query_params.get("position", "").split()).replace(",", "")
    position = await _there(desk, asked)
    steps = await steps_of(desk, position)
    return render(desk, "verify.html", steps=steps, said=said(steps), back="/office/evidence")


async def of_record(desk: Desk) -> Response:
    """From any number of a record to its timeline, where each entry has its proof; to the list of several."""
    number = "".join(desk.request.query_params.get("number", "").split())[:_NUMBER_MAX]
    if not number:
        raise NO_SUCH_PAYMENT()
    asked = Find(number=number, shop_ids=desk.actor.shops_for(Permission.READ), limit=2)
    page = await find(desk.app.records, desk.merchant_id, asked)
    if not page.items:
        raise NO_SUCH_PAYMENT()
    if len(page.items) > 1:
        return go("/office/records", number=number)
    return go(f"/office/records/{page.items[0].id}")


async def checkpoint(desk: Desk) -> Response:
    """A checkpoint as it was signed: a note that C2SP tools read."""
    size = whole(desk.request.path_params["size"])
    note = None if size is None else await checkpoint_of(desk.app.store, desk.merchant_id, size)
    if note is None:
        raise NO_SUCH_ENTRY(field="size")
    return _file(note, f"{desk.merchant_id}-{size}.checkpoint", "text/plain; charset=utf-8")


async def download(desk: Desk) -> Response:
    """The ``.tlog-proof`` of any entry of this merchant's log."""
    position = await _there(desk, desk.request.path_params["position"])
    body = await proof(desk.app.archive, desk.merchant_id, position)
    return _file(body, f"{desk.merchant_id}-{position}.tlog-proof", "application/octet-stream")


async def key(desk: Desk) -> Response:
    """The public key of this merchant's log, as C2SP tools take it."""
    vkey = desk.app.log_key.verifier(_origin(desk)).vkey
    return _file(f"{vkey}\n".encode(), f"counterfoil-{desk.merchant_id}.vkey", "text/plain; charset=utf-8")


async def _there(desk: Desk, asked: str) -> int:
    position = whole(asked)
    if position is None or position >= await log_size(desk.app.store, desk.merchant_id):
        raise NO_SUCH_ENTRY(field="position")
    return position


def _file(body: bytes, name: str, media_type: str) -> Response:
    return Response(body, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, media_type)


def _origin(desk: Desk) -> str:
    return origin_of(desk.app.store.installation.uuid, desk.merchant_id)


def _findings(desk: Desk, newest: Run | None) -> list[str]:
    if newest is None or newest.report is None:
        return []
    return [finding.tell(desk.language) for finding in newest.report.findings[:FINDINGS_SHOWN]]

"""确认记录: what was confirmed with a second factor, by whom, and the file with which anybody can check one."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.factors import approvals, export_approval
from counterfoil.people import Permission, demand, persons

PATH = "/office/approvals"


def routes(app: App) -> list[BaseRoute]:
    """The list, and one as a file."""
    return [at_desk(app, PATH, listed), at_desk(app, f"{PATH}/{{id}}/file", file)]


async def listed(desk: Desk) -> Response:
    """The newest hundred."""
    demand(desk.actor, Permission.READ_EVIDENCE)
    numbers = {one.id: desk.operator(one.called) for one in await persons(desk.app.store, desk.merchant_id)}
    rows = await approvals(desk.app.store, desk.merchant_id)
    return render(desk, "approvals.html", rows=rows, numbers=numbers)


async def file(desk: Desk) -> Response:
    """Everything that ``tools/verify_approval.py`` needs. Raises CF-2021, CF-2070, CF-5005."""
    demand(desk.actor, Permission.EXPORT_EVIDENCE)
    body = await export_approval(desk.app.store, desk.app.archive, desk.merchant_id, id_in(desk))
    headers = {"Content-Disposition": f'attachment; filename="approval-{id_in(desk)}.json"'}
    return Response(body, media_type="application/json", headers=headers)

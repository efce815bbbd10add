"""收款通道: through which accounts money is taken, their state, and when each last worked. Only to be read."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.shops import day_end
from counterfoil.doors.office.things import state_mark
from counterfoil.doors.screen.looks import Mark
from counterfoil.providers import accounts as accounts_of
from counterfoil.records import MONTH_DAYS, last_captured


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as it stands in the list; ``last`` is when it last took money within thirty days."""

    id: str
    name: str
    provider: str
    environment: str
    merchant_no: str
    cut: str
    mark: Mark
    last: int | None


def routes(app: App) -> list[BaseRoute]:
    """One page."""
    return [at_desk(app, "/office/accounts", accounts)]


async def accounts(desk: Desk) -> Response:
    """All accounts of this merchant."""
    rows = []
    for row in await accounts_of(desk.app.store, desk.merchant_id):
        manifest = desk.app.manifests[row["provider"]]
        rows.append(
            Account(
                id=row["id"],
                name=row["name"],
                provider=manifest.name_zh if desk.language == "zh-CN" else manifest.name_en,
                environment=desk.t(f"office.account.{row['environment']}"),
                merchant_no=row["merchant_no"] or "—",
                cut=day_end(row["cut_minute"]),
                mark=state_mark(desk, row["state"]),
                last=await last_captured(desk.app.records, desk.merchant_id, row["id"], desk.now),
            )
        )
    return render(desk, "accounts.html", rows=rows, days=MONTH_DAYS)

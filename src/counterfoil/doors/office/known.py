"""渠道登记的资料: what an account's provider knows about us, asked for one record at a time, as it answers."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.channels import tells_what_it_knows, what_it_knows
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.pages import tell
from counterfoil.people import Permission, demand
from counterfoil.providers import ACCOUNT_UNKNOWN, account_by_id


def routes(app: App) -> list[BaseRoute]:
    """One page an account: which records there are, and the one that was asked for."""
    return [at_desk(app, "/office/accounts/{id}/known", known)]


async def known(desk: Desk) -> Response:
    """What the provider answers to the read that the address names; without one, what can be asked."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    row = await account_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if row is None or not tells_what_it_knows(desk.app.accounts, row["provider"]):
        raise ACCOUNT_UNKNOWN()
    manifest, at = desk.app.accounts.manifest(row["provider"]), 0 if desk.language == "zh-CN" else 1
    asked, said, fault = desk.request.query_params.get("read", ""), None, None
    if asked in {one.key for one in manifest.reads}:
        try:
            said = await what_it_knows(desk.app.people, desk.app.accounts, desk.actor, row["id"], asked)
        except Fault as wrong:
            fault = wrong
    return render(
        desk,
        "known.html",
        row=row,
        asked=asked,
        reads=[(one.key, one.words[at]) for one in manifest.reads],
        said=said if said is None else [(one.name, one.word.words[at] if one.word else "", one.value) for one in said],
        **tell(desk, fault),
    )

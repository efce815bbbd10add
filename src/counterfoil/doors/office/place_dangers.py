"""What is shown before a shop or a terminal is disabled or enabled."""

from __future__ import annotations

from collections.abc import Mapping

from counterfoil.basis import JSON
from counterfoil.doors.office.danger import Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.people import SHOP_UNKNOWN, TERMINAL_UNKNOWN, Deed, Permission, demand, shop, terminal


async def switching_shop(desk: Desk, form: Form) -> Told:
    """A shop with all its terminals. Raises Refused CF-2021, CF-2009."""
    demand(desk.actor, Permission.MANAGE_PLACES)
    found = await shop(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise SHOP_UNKNOWN()
    return _told(desk, form, "shop", found.name, {"shop": found.id, "state": found.state})


async def switching_terminal(desk: Desk, form: Form) -> Told:
    """A terminal. Raises Refused CF-2021, CF-2008."""
    demand(desk.actor, Permission.MANAGE_PLACES)
    found = await terminal(desk.app.store, desk.merchant_id, id_in(desk))
    where = await shop(desk.app.store, desk.merchant_id, found.shop_id) if found else None
    if found is None or where is None:
        raise TERMINAL_UNKNOWN()
    called = f"{where.name} · {found.number}"
    return _told(desk, form, "terminal", called, {"terminal": found.id, "state": found.state})


def _told(desk: Desk, form: Form, kind: str, called: str, what: Mapping[str, JSON]) -> Told:
    on = form.get("on") == "yes"
    key = f"office.{kind}.{'enable' if on else 'disable'}"
    return Told(
        deed=Deed(act=f"switch_{kind}", merchant_id=desk.merchant_id, by=desk.person.id, what={**what, "on": on}),
        title=desk.t(key),
        lines=((desk.t(f"office.{kind}s"), called), (desk.t("danger.account.on"), desk.t(key))),
        means=desk.t(f"{key}.means"),
        button=desk.t(f"{key}.do", thing=called),
        back=f"/office/{kind}s/{id_in(desk)}",
    )

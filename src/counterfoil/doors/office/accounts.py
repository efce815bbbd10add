"""收款通道: through which accounts money is taken and when each last worked; one of them, deactivated, reinstated.

Whoever sees channels in some shops only is shown those that take these shops' payments, by name and whether they are
in use: when one last worked, its figures and its agreement are of all shops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.health import channel_of
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.shops import day_end
from counterfoil.doors.office.things import Kind, Named, history_of, id_in, state_mark, switch_page
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import account_in_sight, accounts_in_sight
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go
from counterfoil.people import ACTIVE, SETTING_WRONG, Deed, Permission, demand, demand_somewhere
from counterfoil.providers import ACCOUNT_UNKNOWN, account_by_id
from counterfoil.records import MONTH_DAYS, last_captured
from counterfoil.retirement import REASONS, REINSTATED, switch_account
from counterfoil.store import Row

_AGREEMENT: Final = ("provider", "environment", "merchant_no", "cut")
KIND: Final = Kind(name="account", path="/office/accounts", icon="bank", renamed=False)


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
    """The list, one of them, and the page before one is deactivated."""
    return [
        at_desk(app, "/office/accounts", accounts),
        at_desk(app, "/office/accounts/{id}", one),
        at_desk(
            app,
            "/office/accounts/{id}/switch",
            ask_switch,
            SWITCHING,
        ),
    ]


async def accounts(desk: Desk) -> Response:
    """The accounts that take payments where one may see channels."""
    demand_somewhere(desk.actor, Permission.READ_CHANNELS)
    rows = [await _account(desk, row) for row in await accounts_in_sight(desk)]
    may = desk.actor.may(Permission.MANAGE_ACCOUNTS)
    return render(desk, "accounts.html", rows=rows, days=MONTH_DAYS, may=may, whole=_sees_whole(desk))


async def one(desk: Desk) -> Response:
    """The account, what it is an agreement for, and its history."""
    demand_somewhere(desk.actor, Permission.READ_CHANNELS)
    row = await account_in_sight(desk, id_in(desk))
    found, whole = await _account(desk, row), _sees_whole(desk)
    return render(
        desk,
        "thing.html",
        kind=KIND,
        title=found.name,
        mark=found.mark,
        active=row["state"] == ACTIVE,
        facts=_agreement(desk, found) if whole else [(desk.t("office.account.provider"), found.provider)],
        records={"account": found.id},
        history=await history_of(desk, found.id) if whole else None,
        may=desk.actor.may(Permission.SWITCH_ACCOUNT),
        path=f"{KIND.path}/{found.id}",
        itself=False,
        reset=False,
        channel=await channel_of(desk, row) if whole and not desk.app.manifests[row["provider"]].instant else None,
    )


def _agreement(desk: Desk, found: Account) -> list[tuple[str, str]]:
    return [(desk.t(f"office.account.{name}"), getattr(found, name)) for name in _AGREEMENT]


def _sees_whole(desk: Desk) -> bool:
    return desk.actor.shops_for(Permission.READ_CHANNELS) is None


async def ask_switch(desk: Desk) -> Response:
    """What deactivating means and why it is done, before it is done."""
    demand(desk.actor, Permission.SWITCH_ACCOUNT)
    return await _asked(desk)


async def switch(desk: Desk, form: Form) -> Response:
    """Deactivate it, or take it into use again."""
    on = form.get("on") == "yes"
    try:
        await switch_account(desk.app.people, desk.actor, id_in(desk), on=on, reason=form.get("reason", ""))
    except Fault as fault:
        desk.note("switch_account", fault)
        if fault.field != "reason":
            raise
        return await _asked(desk, fault)
    return go(f"{KIND.path}/{id_in(desk)}", done="enabled" if on else "disabled")


async def _switching(desk: Desk, form: Form) -> Told:
    """What it would do. Raises what ``switch_account`` would refuse."""
    demand(desk.actor, Permission.SWITCH_ACCOUNT)
    on, row = form.get("on") == "yes", await _row(desk)
    reason = REINSTATED if on else form.get("reason", "")
    if not on and reason not in REASONS:
        raise SETTING_WRONG(field="reason")
    what = {"account": row["id"], "on": on, "reason": reason, "state": row["state"]}
    lines = [
        (desk.t("office.accounts"), row["name"]),
        (desk.t("danger.account.on"), desk.t(f"danger.account.on.{'yes' if on else 'no'}")),
    ]
    if not on:
        lines.append((desk.t("danger.account.reason"), desk.t(f"office.switch.why.{reason}")))
    key = "enable" if on else "disable"
    return Told(
        deed=Deed(act="switch_account", merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(f"office.account.{key}"),
        lines=tuple(lines),
        means=desk.t(f"office.account.{key}.means"),
        button=desk.t(f"office.account.{key}.do", thing=row["name"]),
        back=f"{KIND.path}/{row['id']}",
    )


async def _not_switched(desk: Desk, _: Form, fault: Fault) -> Response:
    if fault.field != "reason":
        raise fault
    return await _asked(desk, fault)


async def _asked(desk: Desk, fault: Fault | None = None) -> Response:
    row = await _row(desk)
    named = Named(f"{KIND.path}/{row['id']}", row["name"], row["name"])
    return await switch_page(
        desk, KIND, named, lambda payment: payment.account_id == row["id"], reasons=REASONS, fault=fault
    )


async def _row(desk: Desk) -> Row:
    found = await account_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise ACCOUNT_UNKNOWN()
    return found


async def _account(desk: Desk, row: Row) -> Account:
    manifest = desk.app.manifests[row["provider"]]
    return Account(
        id=row["id"],
        name=row["name"],
        provider=manifest.name_zh if desk.language == "zh-CN" else manifest.name_en,
        environment=desk.t(f"office.account.{row['environment']}"),
        merchant_no=row["merchant_no"] or "—",
        cut=day_end(row["cut_minute"]),
        mark=state_mark(desk, row["state"]),
        last=await _last(desk, row),
    )


async def _last(desk: Desk, row: Row) -> int | None:
    return await last_captured(desk.app.records, desk.merchant_id, row["id"], desk.now) if _sees_whole(desk) else None


SWITCHING: Final = Danger(act="switch_account", tell=_switching, carry_out=switch, otherwise=_not_switched)

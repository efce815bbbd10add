"""收款路由: which accounts take the payments of a shop or terminal, in which order; added, moved up and taken away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.channels import METHODS, check_route, set_route
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.health import line_mark
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import accounts_in_sight, routes_in_sight, shops_in_sight, terminals_in_sight
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import ACTIVE, Deed, Permission, demand, demand_somewhere
from counterfoil.providers import accounts as accounts_of
from counterfoil.providers import accounts_in
from counterfoil.providers import routes as routes_of
from counterfoil.store import Row

_WIDE: Final = "merchant"


@dataclass(frozen=True, slots=True)
class Step:
    """One account of a route, in its turn."""

    id: str
    name: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The route of a place and method; ``rank`` is how it stands in the list: the whole, shops, terminals."""

    scope: str
    place: str
    method: str
    steps: tuple[Step, ...]
    rank: tuple[int, str, str]


def routes(app: App) -> list[BaseRoute]:
    """One page with its act."""
    return [at_desk(app, "/office/routes", listed, ROUTING)]


async def listed(desk: Desk) -> Response:
    """All routes, and how to add one."""
    return await _page(desk)


async def change(desk: Desk, form: Form) -> Response:
    """Add an account to a route, move one up, or take one away."""
    scope, method, _, told = await _asked(desk, form)
    try:
        await set_route(desk.app.people, desk.app.accounts, desk.actor, scope, method, told)
    except Fault as fault:
        desk.note("set_route", fault)
        return await _page(desk, fault)
    return go("/office/routes", done="set")


async def _telling(desk: Desk, form: Form) -> Told:
    """The order so far and the order from now on. Raises Refused CF-2021, CF-4281."""
    demand(desk.actor, Permission.MANAGE_ROUTES)
    scope, method, now, told = await _asked(desk, form)
    await check_route(desk.app.people, desk.app.accounts, desk.actor, scope, method, told)
    names = {row["id"]: row["name"] for row in await accounts_of(desk.app.store, desk.merchant_id)}
    return Told(
        deed=Deed(
            act="set_route",
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what={"scope": scope, "method": method, "route": list(now), "accounts": list(told)},
        ),
        title=desk.t("act.set_route"),
        lines=(
            (desk.t("office.route.place"), (await _places(desk)).get(scope, "—")),
            (desk.t("office.route.method"), desk.t(f"method.{method}")),
            (desk.t("policy.so_far"), _in_order(desk, now, names)),
            (desk.t("policy.from_now"), _in_order(desk, told, names)),
        ),
        means=desk.t("office.route.means"),
        button=desk.t("office.route.do"),
        back="/office/routes",
    )


async def _asked(desk: Desk, form: Form) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """The place, the method, its accounts in the order of now and in that of the form."""
    scope, method = form.get("scope", ""), form.get("method", "")
    rows = await routes_of(desk.app.store, desk.merchant_id)
    now = next((accounts_in(row) for row in rows if (row["scope"], row["method"]) == (scope, method)), ())
    return scope, method, now, _changed(now, form.get("do", "add"), form.get("account", ""))


def _in_order(desk: Desk, account_ids: tuple[str, ...], names: dict[str, str]) -> str:
    numbered = [f"{nth}. {names.get(one, '—')}" for nth, one in enumerate(account_ids, 1)]
    return " · ".join(numbered) or desk.t("office.route.unset")


async def _not_set(desk: Desk, _: Form, fault: Fault) -> Response:
    return await _page(desk, fault)


def _changed(now: tuple[str, ...], what: str, account: str) -> tuple[str, ...]:
    """The accounts in their new order. What is not there is neither moved nor taken away."""
    if what == "add":
        return (*now, account)
    if account not in now:
        return now
    if what == "remove":
        return tuple(each for each in now if each != account)
    at = now.index(account)
    return now if at == 0 else (*now[: at - 1], account, now[at - 1], *now[at + 1 :])


async def _page(desk: Desk, fault: Fault | None = None) -> Response:
    demand_somewhere(desk.actor, Permission.READ_CHANNELS)
    all_ = [row for row in await accounts_in_sight(desk) if not _instant(desk, row)]
    places = await _places(desk)
    by_id = {row["id"]: row for row in all_}
    found = [
        _shown(desk, row, places, by_id)
        for row in await routes_in_sight(desk)
        if any(account in by_id for account in accounts_in(row))
    ]
    taken = {method for row in all_ for method in desk.app.manifests[row["provider"]].methods}
    return render(
        desk,
        "routes.html",
        status_of(fault),
        rows=sorted(found, key=lambda one: one.rank),
        places=places,
        methods=[method for method in METHODS if method in taken],
        accounts=all_,
        may=desk.actor.may(Permission.MANAGE_ROUTES),
        **tell(desk, fault),
    )


def _shown(desk: Desk, row: Row, places: dict[str, str], by_id: dict[str, Row]) -> Shown:
    kind = row["scope"].partition(":")[0]
    rank = (_WIDE, "shop", "terminal").index(kind)
    place = places.get(row["scope"], "—")
    steps = tuple(
        Step(account, by_id[account]["name"], _mark(desk, by_id[account]))
        for account in accounts_in(row)
        if account in by_id
    )
    return Shown(scope=row["scope"], place=place, method=row["method"], steps=steps, rank=(rank, place, row["method"]))


def _mark(desk: Desk, row: Row) -> Mark:
    """Whether it is in use, and if so how its line is."""
    if row["state"] != ACTIVE:
        return Mark("quiet", "cross", desk.t("office.state.disabled"))
    return line_mark(desk, row)


async def _places(desk: Desk) -> dict[str, str]:
    """Every place in sight a route can be for, by its scope: the whole, each shop, each terminal."""
    named = {_WIDE: desk.t("office.route.everywhere")}
    named |= {f"shop:{one.id}": one.name for one in await shops_in_sight(desk)}
    both = await terminals_in_sight(desk)
    return named | {f"terminal:{one.id}": f"{shop.name} · {one.number}" for one, shop in both}


def _instant(desk: Desk, row: Row) -> bool:
    return desk.app.manifests[row["provider"]].instant


ROUTING: Final = Danger(act="set_route", tell=_telling, carry_out=change, otherwise=_not_set)

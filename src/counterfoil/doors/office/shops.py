"""门店: the list, one with its history, a new one; disabled and enabled by an administrator."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.changing import Changing
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.place_dangers import switching_shop
from counterfoil.doors.office.things import (
    Cell,
    Field,
    Kind,
    Named,
    Thing,
    add_page,
    history_of,
    id_in,
    list_page,
    state_mark,
)
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import shop_in_sight, shops_in_sight, terminals_in_sight
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.people import (
    ROUNDINGS,
    NewShop,
    Permission,
    add_shop,
    demand,
    rename_shop,
    set_rounding,
    switch_shop,
    terminals,
)

KIND: Final = Kind(name="shop", path="/office/shops", icon="shop")
_DAY_ENDS: Final = (-120, -60, 0, 60, 120, 180, 240, 300, 360)


def routes(app: App) -> list[BaseRoute]:
    """The list, the form, and one of them."""
    return [
        at_desk(app, "/office/shops", listed),
        at_desk(app, "/office/shops/add", form, ADDING),
        at_desk(app, "/office/shops/{id}", one),
        *Changing(
            kind=KIND,
            permission=Permission.MANAGE_PLACES,
            named=_named,
            rename=rename_shop,
            switch=switch_shop,
            tell=switching_shop,
        ).routes(app),
        at_desk(app, "/office/shops/{id}/rounding", None, ROUNDING),
    ]


async def listed(desk: Desk) -> Response:
    """The shops in which they have a role."""
    places = [where.id for _, where in await terminals_in_sight(desk)]
    rows = [
        Thing(
            f"/office/shops/{each.id}",
            (
                Cell(each.name),
                Cell(str(places.count(each.id))),
                Cell(day_end(each.day_ends_minute)),
                Cell("", state_mark(desk, each.state)),
            ),
        )
        for each in await shops_in_sight(desk)
    ]
    columns = [desk.t(f"office.shop.{name}") for name in ("name", "terminals", "day_end", "state")]
    return list_page(desk, KIND, columns, rows, may=desk.manages_places)


async def form(desk: Desk) -> Response:
    """What a new shop needs."""
    demand(desk.actor, Permission.MANAGE_PLACES)
    return add_page(desk, KIND, _fields(desk), {"day_ends": "0"})


async def add(desk: Desk, form: Form) -> Response:
    """Add it and show it."""
    ends = form.get("day_ends", "0")
    try:
        new = NewShop(
            name=form.get("name", ""),
            zone=desk.merchant.zone,
            day_ends_minute=int(ends) if ends in map(str, _DAY_ENDS) else 9999,
        )
        made = await add_shop(desk.app.people, desk.actor, new)
    except Fault as fault:
        desk.note("add_shop", fault)
        return add_page(desk, KIND, _fields(desk), form, fault)
    return go(f"/office/shops/{made.id}", done="added")


async def one(desk: Desk) -> Response:
    """The shop, its terminals and its history."""
    found = await shop_in_sight(desk, id_in(desk))
    here = [each for each, where in await terminals(desk.app.store, desk.merchant_id) if where.id == found.id]
    return render(
        desk,
        "thing.html",
        kind=KIND,
        title=found.name,
        mark=state_mark(desk, found.state),
        active=found.state == "active",
        facts=[
            (desk.t("office.shop.terminals"), " · ".join(each.number for each in here) or "—"),
            (desk.t("office.shop.day_end"), day_end(found.day_ends_minute)),
            (desk.t("office.shop.zone"), found.zone),
            (desk.t("office.shop.rounding"), desk.t(f"office.rounding.{found.rounding}")),
        ],
        records={"shop": found.id},
        history=await history_of(desk, found.id),
        may=desk.manages_places,
        path=f"/office/shops/{found.id}",
        itself=False,
        reset=False,
        rounding=found.rounding,
        roundings=ROUNDINGS,
    )


async def round_cash(desk: Desk, form: Form) -> Response:
    """Set to what cash is rounded down (抹零)."""
    await set_rounding(desk.app.people, desk.actor, id_in(desk), form.get("rounding", ""))
    return go(f"/office/shops/{id_in(desk)}", done="rounding")


def day_end(minute: int) -> str:
    """``04:00``: when the shop's business day ends."""
    return f"{minute % 1440 // 60:02}:{minute % 60:02}"


async def _named(desk: Desk) -> tuple[Named, tuple[str, ...]]:
    found = await shop_in_sight(desk, id_in(desk))
    here = [each.id for each, where in await terminals(desk.app.store, desk.merchant_id) if where.id == found.id]
    return Named(f"/office/shops/{found.id}", found.name, found.name), tuple(here)


def _fields(desk: Desk) -> tuple[Field, ...]:
    ends = tuple((str(minute), day_end(minute)) for minute in _DAY_ENDS)
    return (
        Field(name="name", label=desk.t("office.shop.name"), hint=desk.t("office.shop.name.hint")),
        Field(
            name="day_ends", label=desk.t("office.shop.day_end"), hint=desk.t("office.shop.day_end.hint"), options=ends
        ),
    )


async def _not_added(desk: Desk, form: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.MANAGE_PLACES)
    return add_page(desk, KIND, _fields(desk), form, fault)


ADDING: Final = Placed(permission=Permission.MANAGE_PLACES, name=always("add_shop"), act=add, otherwise=_not_added)
ROUNDING: Final = Placed(permission=Permission.MANAGE_PLACES, name=always("set_rounding"), act=round_cash)

"""终端: the list, one with its history, a new one; disabled and enabled by an administrator."""

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
from counterfoil.doors.office.place_dangers import switching_terminal
from counterfoil.doors.office.terminal_key import key_mark
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
from counterfoil.doors.screen.in_sight import terminal_in_sight, terminals_in_sight
from counterfoil.doors.screen.pages import go
from counterfoil.doors.screen.placed import Placed, always
from counterfoil.people import (
    ACTIVE,
    TERMINAL_UNKNOWN,
    NewTerminal,
    Permission,
    add_terminal,
    demand,
    enrolments,
    rename_terminal,
    shop,
    shops,
    switch_terminal,
)

KIND: Final = Kind(name="terminal", path="/office/terminals", icon="terminal")


def routes(app: App) -> list[BaseRoute]:
    """The list, the form, and one of them."""
    return [
        at_desk(app, "/office/terminals", listed),
        at_desk(app, "/office/terminals/add", form, ADDING),
        at_desk(app, "/office/terminals/{id}", one),
        *Changing(
            kind=KIND,
            permission=Permission.MANAGE_PLACES,
            named=_named,
            rename=rename_terminal,
            switch=switch_terminal,
            tell=switching_terminal,
        ).routes(app),
    ]


async def listed(desk: Desk) -> Response:
    """The terminals of the shops in which they have a role."""
    keys = await enrolments(desk.app.store, desk.merchant_id)
    rows = [
        Thing(
            f"/office/terminals/{each.id}",
            (
                Cell(each.number),
                Cell(each.label),
                Cell(where.name),
                Cell("", state_mark(desk, each.state)),
                Cell("", key_mark(desk, keys.get(each.id))),
            ),
        )
        for each, where in await terminals_in_sight(desk)
    ]
    columns = [desk.t(f"office.terminal.{name}") for name in ("number", "label", "shop", "state", "key")]
    return list_page(desk, KIND, columns, rows, may=desk.manages_places)


async def form(desk: Desk) -> Response:
    """What a new terminal needs."""
    demand(desk.actor, Permission.MANAGE_PLACES)
    return add_page(desk, KIND, await _fields(desk), {})


async def add(desk: Desk, form: Form) -> Response:
    """Add it and show it."""
    new = NewTerminal(number=form.get("number", ""), label=form.get("label", ""))
    try:
        made = await add_terminal(desk.app.people, desk.actor, form.get("shop_id", ""), new)
    except Fault as fault:
        desk.note("add_terminal", fault)
        return add_page(desk, KIND, await _fields(desk), form, fault)
    return go(f"/office/terminals/{made.id}", done="added")


async def one(desk: Desk) -> Response:
    """The terminal, where it stands, and its history."""
    found = await terminal_in_sight(desk, id_in(desk))
    where = await shop(desk.app.store, desk.merchant_id, found.shop_id)
    if where is None:
        raise TERMINAL_UNKNOWN()
    return render(
        desk,
        "thing.html",
        kind=KIND,
        title=found.number,
        mark=state_mark(desk, found.state),
        active=found.state == ACTIVE,
        facts=[(desk.t("office.terminal.label"), found.label), (desk.t("office.terminal.shop"), where.name)],
        records={"terminal": found.id},
        history=await history_of(desk, found.id),
        may=desk.manages_places,
        key_here=desk.actor.may(Permission.ENROL_TERMINAL, found.shop_id),
        path=f"/office/terminals/{found.id}",
        itself=False,
        reset=False,
    )


async def _named(desk: Desk) -> tuple[Named, tuple[str, ...]]:
    found = await terminal_in_sight(desk, id_in(desk))
    return Named(f"/office/terminals/{found.id}", found.number, found.label), (found.id,)


async def _fields(desk: Desk) -> tuple[Field, ...]:
    where = [each for each in await shops(desk.app.store, desk.merchant_id) if each.state == ACTIVE]
    return (
        Field(
            name="number",
            label=desk.t("office.terminal.number"),
            hint=desk.t("office.terminal.number.hint"),
            most=12,
        ),
        Field(name="label", label=desk.t("office.terminal.label"), hint=desk.t("office.terminal.label.hint")),
        Field(
            name="shop_id",
            label=desk.t("office.terminal.shop"),
            options=tuple((each.id, each.name) for each in where) or (("", "—"),),
        ),
    )


async def _not_added(desk: Desk, form: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.MANAGE_PLACES)
    return add_page(desk, KIND, await _fields(desk), form, fault)


ADDING: Final = Placed(permission=Permission.MANAGE_PLACES, name=always("add_terminal"), act=add, otherwise=_not_added)

"""操作员: the list, one with their history, a new one; disabled, enabled, and given a new password."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.changing import Changing
from counterfoil.doors.office.danger import Danger
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.numbers import hint, suggested
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.people_dangers import adding, setting_password, switching
from counterfoil.doors.office.person_login import code_page
from counterfoil.doors.office.role_names import role_names, roles_of, shop_names
from counterfoil.doors.office.roles import roles_of_everybody
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
from counterfoil.doors.screen.in_sight import people_in_sight, person_in_sight
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ACTIVE,
    EMAIL_CHARACTERS_MAX,
    PERSON_UNKNOWN,
    SECOND_PERSON_NEEDED,
    Login,
    NewPerson,
    Permission,
    Person,
    Role,
    add_operator,
    begin_reset,
    demand,
    demand_somewhere,
    login_of,
    logins,
    person,
    rename_operator,
    reset_confirmed,
    switch_operator,
)

KIND: Final = Kind(name="operator", path="/office/operators", icon="person")


def routes(app: App) -> list[BaseRoute]:
    """The list, the form, one of them, and their new password."""
    return [
        at_desk(app, "/office/operators", listed),
        at_desk(app, "/office/operators/add", form, ADDING),
        at_desk(app, "/office/operators/{id}", one),
        *CHANGING.routes(app),
        at_desk(
            app,
            "/office/operators/{id}/password",
            ask_password,
            SETTING_PASSWORD,
        ),
    ]


async def listed(desk: Desk) -> Response:
    """Everybody who has a role where one may see that, with the ways in and those roles."""
    demand_somewhere(desk.actor, Permission.READ_PEOPLE)
    roles, doors = await roles_of_everybody(desk), await logins(desk.app.store, desk.merchant_id)
    rows = [
        Thing(
            f"/office/operators/{each.id}",
            (
                Cell(desk.operator(each.called)),
                Cell(each.name or "—"),
                Cell(_address(doors.get(each.id)), wide=True),
                Cell(roles.get(each.id, "—")),
                Cell("", state_mark(desk, each.state)),
            ),
        )
        for each in await people_in_sight(desk, Permission.READ_PEOPLE)
    ]
    named = [desk.t(f"office.operator.{name}") for name in ("name", "email", "role", "state")]
    columns = [desk.t("records.column.who"), *named]
    return list_page(desk, KIND, columns, rows, may=desk.manages_people)


async def form(desk: Desk) -> Response:
    """What a new person needs."""
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    return add_page(desk, KIND, await _fields(desk), {"role": Role.CASHIER.value})


async def add(desk: Desk, form: Form) -> Response:
    """Add them and show them; whoever has an address is shown with the code for their first password."""
    new = NewPerson(
        number=form.get("number", "").strip() or None,
        name=form.get("name", ""),
        role=form.get("role", "") or None,
        password=Secret(form.get("password", "")),
        email=form.get("email", "").strip() or None,
        shop_id=form.get("shop_id", "") or None,
    )
    try:
        made = await add_operator(desk.app.people, desk.actor, new)
    except Fault as fault:
        desk.note("add_operator", fault)
        return add_page(desk, KIND, await _fields(desk), form, fault)
    code = await _first_code(desk, made) if new.email else None
    return go(f"/office/operators/{made.id}", done="added") if code is None else await code_page(desk, made, code)


async def _first_code(desk: Desk, made: Person) -> Secret[str] | None:
    """The code for their first password; None where another person has to approve a change of anybody's login."""
    try:
        return await begin_reset(desk.app.people, desk.actor, made.id)
    except Fault as fault:
        if fault.kind is not SECOND_PERSON_NEEDED:
            raise
        return None


async def _again(desk: Desk, form: Form, fault: Fault) -> Response:
    return add_page(desk, KIND, await _fields(desk), form, fault)


async def one(desk: Desk) -> Response:
    """The person and their history."""
    demand_somewhere(desk.actor, Permission.READ_PEOPLE)
    found = await person_in_sight(desk, id_in(desk), Permission.READ_PEOPLE)
    login = await login_of(desk.app.store, desk.merchant_id, found.id)
    roles_had = await roles_of(desk, found, Permission.READ_PEOPLE)
    return render(
        desk,
        "thing.html",
        kind=KIND,
        title=desk.operator(found.called),
        mark=state_mark(desk, found.state),
        active=found.state == ACTIVE,
        facts=[
            (desk.t("office.operator.name"), found.name or "—"),
            (desk.t("office.operator.number"), found.number or "—"),
            (desk.t("office.operator.email"), _address(login)),
            *[(desk.t("office.operator.role"), f"{had.role} · {had.place}") for had in roles_had],
        ],
        records={"operator": found.id},
        history=await history_of(desk, found.id),
        may=desk.manages_people,
        path=f"/office/operators/{found.id}",
        itself=found.id == desk.person.id,
        reset=found.state == ACTIVE and found.number is not None and desk.actor.may(Permission.RESET_PASSWORD),
        roles_here=found.state == ACTIVE and desk.actor.may_somewhere(Permission.GRANT_ROLES),
        number_here=found.state == ACTIVE and found.number is None and desk.manages_people,
        login_here=found.state == ACTIVE and desk.manages_people,
    )


def _address(login: Login | None) -> str:
    return (login.email or "—") if login and login.state == ACTIVE else "—"


async def ask_password(desk: Desk) -> Response:
    """The new password."""
    demand(desk.actor, Permission.RESET_PASSWORD)
    return _password_page(desk, await _person(desk))


async def set_password(desk: Desk, form: Form) -> Response:
    """Set it; all sessions of that operator end."""
    whose = await _person(desk)
    try:
        await reset_confirmed(desk.app.people, desk.actor, whose.number or "", Secret(form.get("new", "")))
    except Fault as fault:
        desk.note("reset_password", fault)
        return _password_page(desk, whose, fault)
    return go(f"/office/operators/{whose.id}" if whose.id != desk.person.id else "/office", done="password")


async def _not_set(desk: Desk, _: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.RESET_PASSWORD)
    return _password_page(desk, await _person(desk), fault)


def _password_page(desk: Desk, whose: Person, fault: Fault | None = None) -> Response:
    return render(desk, "password.html", status_of(fault), kind=KIND, whose=whose, **tell(desk, fault))


async def _person(desk: Desk) -> Person:
    found = await person(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise PERSON_UNKNOWN(number="")
    return found


async def _named(desk: Desk) -> tuple[Named, tuple[str, ...]]:
    found = await _person(desk)
    return Named(f"/office/operators/{found.id}", desk.operator(found.called), found.name or ""), ()


async def _fields(desk: Desk) -> tuple[Field, ...]:
    t, everywhere = desk.t, ("", desk.t("office.grant.everywhere"))
    return (
        Field(name="name", label=t("office.operator.name")),
        Field(
            name="number",
            label=t("office.operator.number"),
            hint=f"{hint(desk)} · {t('office.operator.number.hint')}",
            most=8,
            needed=False,
            suggests=("role", suggested(desk)),
        ),
        Field(
            name="password",
            label=t("office.operator.password"),
            kind="password",
            hint=t("office.operator.password.once"),
            most=128,
            needed=False,
        ),
        Field(
            name="email",
            label=t("office.operator.email"),
            kind="email",
            hint=t("office.operator.email.hint"),
            most=EMAIL_CHARACTERS_MAX,
            needed=False,
        ),
        Field(name="role", label=t("office.operator.role"), options=tuple((await role_names(desk)).items())),
        Field(name="shop_id", label=t("office.grant.where"), options=(everywhere, *(await shop_names(desk)).items())),
    )


ADDING: Final = Danger(act="add_operator", tell=adding, carry_out=add, otherwise=_again)
CHANGING: Final = Changing(
    kind=KIND,
    permission=Permission.MANAGE_PEOPLE,
    named=_named,
    rename=rename_operator,
    switch=switch_operator,
    tell=switching,
)
SWITCHING: Final = CHANGING.switching
SETTING_PASSWORD: Final = Danger(
    act="reset_password", tell=setting_password, carry_out=set_password, otherwise=_not_set
)

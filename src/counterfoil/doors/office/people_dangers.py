"""What is shown before people, their ways in and what they may are changed: each is confirmed before it is done."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from counterfoil.basis import JSON, Secret
from counterfoil.doors.office.danger import Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.numbers import usual_role
from counterfoil.doors.office.role_names import places_for, role_names, roles_of
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import person_in_sight
from counterfoil.people import (
    PERSON_UNKNOWN,
    ROLE_UNKNOWN,
    SHOP_UNKNOWN,
    Deed,
    OwnRole,
    Permission,
    Person,
    check_reset,
    demand,
    demand_somewhere,
    login_of,
    own_role_by_id,
    person,
)

_MAY: Final = "may_"
_LOGIN_ACTS: Final = ("open", "email", "close", "reset")
_PEOPLE: Final = "/office/operators"


async def giving(desk: Desk, form: Form) -> Told:
    """A role to be given. Raises Refused CF-2021, CF-2018, CF-2037 (no such role), CF-2009 (no such shop)."""
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose = await person_in_sight(desk, id_in(desk), Permission.GRANT_ROLES)
    role, place = await _role_at(desk, form, Permission.GRANT_ROLES)
    what = {"person": whose.id, "role": form.get("role", ""), "shop": form.get("shop_id", "")}
    lines = (
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("office.operator.role"), role),
        (desk.t("office.grant.where"), place),
    )
    return _told(desk, "grant_role", what, lines, back=f"{_PEOPLE}/{whose.id}/roles")


async def taking_back(desk: Desk, _: Form) -> Told:
    """A role to be taken back. Raises Refused CF-2021, CF-2018, CF-1804 (they have no such one)."""
    demand_somewhere(desk.actor, Permission.GRANT_ROLES)
    whose, grant = await person_in_sight(desk, id_in(desk), Permission.GRANT_ROLES), desk.request.path_params["grant"]
    had = next((one for one in await roles_of(desk, whose, Permission.GRANT_ROLES) if one.id == grant), None)
    if had is None:
        raise NO_SUCH_PAGE()
    lines = (
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("office.operator.role"), had.role),
        (desk.t("office.grant.where"), had.place),
    )
    return _told(desk, "end_grant", {"person": whose.id, "grant": grant}, lines, back=f"{_PEOPLE}/{whose.id}/roles")


async def adding(desk: Desk, form: Form) -> Told:
    """Somebody new; whether they can be is for the act to say. No deed holds a password. Raises CF-2021, CF-2009."""
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    known = form.get("role", "") in await role_names(desk)
    role, place = await _role_at(desk, form, Permission.MANAGE_PEOPLE) if known else ("—", "—")
    names = ("number", "name", "email")
    what: dict[str, JSON] = {
        "number": form.get("number", "")[:16],
        "role": form.get("role", ""),
        "shop": form.get("shop_id", ""),
    }
    lines = [(desk.t(f"office.operator.{name}"), form.get(name, "")[:64]) for name in names if form.get(name)]
    lines += [(desk.t("office.operator.role"), role), (desk.t("office.grant.where"), place)]
    usual = _usual(desk, form.get("number", ""))
    lines += [line for line in usual if role != line[1]]
    return _told(desk, "add_operator", what, tuple(lines), back=_PEOPLE)


async def numbering(desk: Desk, form: Form) -> Told:
    """A till number for somebody without one; whether it can be is for the act to say. Raises CF-2021, CF-2018."""
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    whose, number = await _person(desk), form.get("number", "")[:16]
    lines = (
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("office.operator.number"), number),
        *_usual(desk, number),
    )
    what: dict[str, JSON] = {"person": whose.id, "number": number}
    return _told(desk, "add_number", what, lines, back=f"{_PEOPLE}/{whose.id}/number")


def _usual(desk: Desk, typed: str) -> tuple[tuple[str, str], ...]:
    """The role that usually goes with a number: a hint on the page, no more."""
    number = unicodedata.normalize("NFKC", typed).strip()
    return ((desk.t("numbers.usually"), usual_role(desk, number)),) if number else ()


async def switching(desk: Desk, form: Form) -> Told:
    """Somebody to be disabled or enabled. Raises Refused CF-2021, CF-2018."""
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    whose, on = await _person(desk), form.get("on") == "yes"
    lines = (
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("danger.account.on"), desk.t("office.operator.enable" if on else "office.operator.disable")),
    )
    what: dict[str, JSON] = {"person": whose.id, "on": on, "state": whose.state}
    return _told(desk, "switch_operator", what, lines, back=f"{_PEOPLE}/{whose.id}")


async def setting_password(desk: Desk, form: Form) -> Told:
    """A new password for the till. No page and no deed holds it. Raises what ``reset_confirmed`` does."""
    demand(desk.actor, Permission.RESET_PASSWORD)
    whose = await _person(desk)
    await check_reset(desk.app.people, desk.actor, whose.number or "", Secret(form.get("new", "")))
    lines = (
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("office.operator.new"), desk.t("danger.account.secret")),
    )
    told = _told(desk, "reset_password", {"person": whose.id}, lines, back=f"{_PEOPLE}/{whose.id}")
    return replace(told, means=desk.t("office.operator.reset.means"), button=desk.t("office.operator.reset.do"))


async def changing_login(desk: Desk, form: Form) -> Told:
    """A way into the office: opened, with another address, closed, or a password reset begun.

    An address is personal, so the deed says only that there is one. Raises Refused CF-2021, CF-2018, CF-1804.
    """
    demand(desk.actor, Permission.MANAGE_PEOPLE)
    whose, act = await _person(desk), form.get("act", "")
    if act not in _LOGIN_ACTS:
        raise NO_SUCH_PAGE()
    login = await login_of(desk.app.store, desk.merchant_id, whose.id)
    lines = [
        (desk.t("records.column.who"), desk.in_full(whose)),
        (desk.t("danger.account.on"), desk.t(f"danger.login.{act}")),
    ]
    if act in ("open", "email"):
        lines.append((desk.t("sign_in.email"), form.get("email", "")[:254]))
    what: dict[str, JSON] = {"person": whose.id, "login": act, "version": login.version if login else 0}
    return _told(desk, "change_login", what, tuple(lines), back=f"{_PEOPLE}/{whose.id}/login")


async def making_role(desk: Desk, form: Form) -> Told:
    """A role of the merchant's own to be made, or altered. Raises Refused CF-2021, CF-2037."""
    demand(desk.actor, Permission.MANAGE_ROLES)
    found = await _own_role(desk) if desk.request.path_params.get("id") else None
    allowed = [one for one in Permission if form.get(_MAY + one.value)]
    name, said = form.get("name", "")[:64], " · ".join(desk.t(f"office.may.{one.value}") for one in allowed)
    what: dict[str, JSON] = {"role": found.id if found else "", "retired": False}
    what |= {"name": name, "permissions": [one.value for one in allowed]}
    lines = ((desk.t("office.operator.role"), name), (desk.t("danger.permissions"), said or "—"))
    back = f"/office/roles/{found.id}" if found else "/office/roles"
    return _told(desk, "change_role", what, lines, back=back)


async def retiring_role(desk: Desk, _: Form) -> Told:
    """A role of the merchant's own to be retired. Raises Refused CF-2021, CF-2037."""
    demand(desk.actor, Permission.MANAGE_ROLES)
    found = await _own_role(desk)
    lines = ((desk.t("office.operator.role"), found.name),)
    what: dict[str, JSON] = {"role": found.id, "retired": True}
    return _told(desk, "retire_role", what, lines, back=f"/office/roles/{found.id}")


async def _own_role(desk: Desk) -> OwnRole:
    found = await own_role_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise ROLE_UNKNOWN()
    return found


def _told(desk: Desk, act: str, what: Mapping[str, JSON], lines: tuple[tuple[str, str], ...], *, back: str) -> Told:
    return Told(
        deed=Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(f"act.{act}"),
        lines=lines,
        means=desk.t("danger.people.means"),
        button=desk.t("danger.people.do"),
        back=back,
    )


async def _role_at(desk: Desk, form: Form, permission: Permission) -> tuple[str, str]:
    """What the role and its place are called."""
    roles, places, shop = await role_names(desk), await places_for(desk, permission), form.get("shop_id", "")
    if form.get("role", "") not in roles:
        raise ROLE_UNKNOWN()
    if shop and shop not in places:
        raise SHOP_UNKNOWN(field="shop_id")
    return roles[form["role"]], places.get(shop) or desk.t("office.grant.everywhere")


async def _person(desk: Desk) -> Person:
    found = await person(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise PERSON_UNKNOWN(number="")
    return found

"""批准规则: which acts need another person, from which amount, which roles may be that person, one or two of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault, Money, NotMoney
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.role_names import role_names
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ALWAYS,
    PERSONS,
    POLICY_WRONG,
    WITH_AMOUNT,
    Act,
    Deed,
    Permission,
    Rule,
    check_rule,
    demand,
    rule_for,
    rules_of,
    set_policy,
)

PATH: Final = "/office/policy"
_ROLE: Final = "role_"


def routes(app: App) -> list[BaseRoute]:
    """The table, and one act's rule."""
    return [at_desk(app, PATH, table), at_desk(app, f"{PATH}/{{act}}", form, SETTING)]


async def table(desk: Desk) -> Response:
    """All of it, for everybody in the office: whoever is asked should know why."""
    roles = await role_names(desk)
    rows = [
        (rule, _said(desk, rule), _called(desk, rule, roles))
        for rule in await rules_of(desk.app.store, desk.merchant_id)
    ]
    return render(desk, "policy.html", rows=rows, may=desk.actor.may(Permission.MANAGE_POLICY))


async def form(desk: Desk) -> Response:
    """One rule, as it is."""
    rule = await rule_for(desk.app.store, desk.merchant_id, _act(desk))
    typed = {"persons": str(rule.persons), "from": Money(rule.from_minor).decimal() if rule.from_minor else ""}
    return await _form(desk, {**typed, **{_ROLE + role: "yes" for role in rule.roles}})


async def save(desk: Desk, form: Form) -> Response:
    """Put it in force."""
    await set_policy(desk.app.people, desk.actor, _typed(desk, form))
    return go(PATH, done="set")


async def _telling(desk: Desk, form: Form) -> Told:
    demand(desk.actor, Permission.MANAGE_POLICY)
    rule, before = _typed(desk, form), await rule_for(desk.app.store, desk.merchant_id, _act(desk))
    await check_rule(desk.app.people, desk.merchant_id, rule)
    roles = await role_names(desk)
    return Told(
        deed=Deed(
            act="set_policy",
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what={
                "act": rule.act.value,
                "persons": rule.persons,
                "from_minor": rule.from_minor,
                "roles": " ".join(rule.roles),
                "rule": f"{before.persons} {before.from_minor} {' '.join(before.roles)}",
            },
        ),
        title=desk.t("act.set_policy"),
        lines=(
            (desk.t("request.act"), desk.t(f"act.{rule.act.value}")),
            (desk.t("policy.so_far"), f"{_said(desk, before)} · {_called(desk, before, roles)}"),
            (desk.t("policy.from_now"), f"{_said(desk, rule)} · {_called(desk, rule, roles)}"),
        ),
        means=desk.t("policy.means"),
        button=desk.t("policy.do"),
        back=f"{PATH}/{rule.act.value}",
    )


async def _not_set(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _form(desk, form, fault)


SETTING: Final = Danger(act="set_policy", tell=_telling, carry_out=save, otherwise=_not_set)


def _act(desk: Desk) -> Act:
    try:
        return Act(desk.request.path_params["act"])
    except ValueError:
        raise NO_SUCH_PAGE() from None


def _typed(desk: Desk, form: Form) -> Rule:
    act, persons = _act(desk), whole(form.get("persons", ""))
    roles = tuple(sorted(name.removeprefix(_ROLE) for name, value in form.items() if name.startswith(_ROLE) and value))
    rule = Rule(act=act, persons=-1 if persons is None else persons, roles=roles)
    if not (text := form.get("from", "").strip()) or act not in WITH_AMOUNT:
        return rule
    try:
        return replace(rule, from_minor=Money.parse(text).minor)
    except NotMoney as error:
        raise POLICY_WRONG(field="from") from error


def _said(desk: Desk, rule: Rule) -> str:
    if not rule.persons:
        return desk.t("policy.none")
    if rule.from_minor is None:
        return desk.t(f"policy.always.{rule.persons}")
    return desk.t(f"policy.from.{rule.persons}", amount=Money(rule.from_minor))


def _called(desk: Desk, rule: Rule, roles: dict[str, str]) -> str:
    return desk.t("policy.comma").join(roles.get(role, "—") for role in rule.roles)


async def _form(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_POLICY)
    act = _act(desk)
    return render(
        desk,
        "policy_form.html",
        status_of(fault),
        act=act.value,
        persons=[str(count) for count in PERSONS if count or act not in ALWAYS],
        has_amount=act in WITH_AMOUNT,
        typed=typed,
        roles=[(_ROLE + role, name, bool(typed.get(_ROLE + role))) for role, name in (await role_names(desk)).items()],
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )

"""操作员号: how many digits they have, which are the special ones, what each kind is called; and what that hints at."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import JSON, Fault
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.number_words import kind_called
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import (
    ACTIVE,
    DIGITS,
    WORD_CHARACTERS_MAX,
    Deed,
    NumberKind,
    NumberRule,
    Permission,
    checked_rule,
    demand,
    persons,
    set_number_rule,
)

PATH: Final = "/office/numbers"


def routes(app: App) -> list[BaseRoute]:
    """One page with its act."""
    act = Danger(act="set_number_rule", tell=_telling, carry_out=_set, otherwise=_not_set)
    return [at_desk(app, PATH, page, act)]


async def page(desk: Desk) -> Response:
    """The rule as it is."""
    return await _page(desk, {name: str(value) for name, value in asdict(desk.number_rule).items()})


def hint(desk: Desk) -> str:
    """The rule in a line, for a form that asks for a number: how many digits, and whose the special ones are."""
    rule = desk.number_rule
    special = [desk.operator(number) for number in (rule.supervisor_number, rule.administrator_number) if number]
    others = desk.t("numbers.others", word=kind_called(desk.t, rule, NumberKind.CASHIER))
    return " · ".join((digits(desk, rule), *special, others))


def suggested(desk: Desk) -> str:
    """The role that usually goes with a number, as JSON: by the number, and "" for all that are not named."""
    rule = desk.number_rule
    special = (number for number in (rule.supervisor_number, rule.administrator_number) if number)
    return json.dumps({number: rule.kind(number).role.value for number in ("", *special)}, separators=(",", ":"))


def usual_role(desk: Desk, number: str) -> str:
    """What the role is called that usually goes with a number."""
    return desk.t(f"office.role.{desk.number_rule.kind(number).role.value}")


def digits(desk: Desk, rule: NumberRule) -> str:
    """How many digits."""
    if rule.number_least == rule.number_most:
        return desk.t("numbers.digits", n=rule.number_least)
    return desk.t("numbers.digits.from", least=rule.number_least, most=rule.number_most)


async def _telling(desk: Desk, form: Form) -> Told:
    """The rule, as it is and as it will be. Raises Refused CF-2021 and what ``checked_rule`` does."""
    demand(desk.actor, Permission.MANAGE_SETTINGS)
    rule, before = checked_rule(_typed(form)), desk.number_rule
    left = await _misfits(desk, rule)
    more = ((desk.t("numbers.misfits"), desk.t("numbers.misfits.count", n=left)),) if left else ()
    now, then = _lines(desk, before), _lines(desk, rule)
    lines = tuple((name, was if was == then[name] else f"{was} → {then[name]}") for name, was in now.items())
    what: dict[str, JSON] = {"rule": asdict(rule), "before": asdict(before)}
    return Told(
        deed=Deed(act="set_number_rule", merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t("act.set_number_rule"),
        lines=lines + more,
        means=desk.t("numbers.means"),
        button=desk.t("act.set_number_rule"),
        back=PATH,
    )


async def _set(desk: Desk, form: Form) -> Response:
    await set_number_rule(desk.app.people, desk.actor, _typed(form))
    return go(PATH, done="set")


async def _not_set(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _page(desk, form, fault)


def _typed(form: Form) -> NumberRule:
    """What was typed; a number of digits that is none is one that cannot be."""
    names = ("supervisor_number", "administrator_number", "supervisor_word", "administrator_word", "cashier_word")
    return NumberRule(
        number_least=whole(form.get("number_least", "")) or 0,
        number_most=whole(form.get("number_most", "")) or 0,
        **{name: form.get(name, "") for name in names},
    )


def _lines(desk: Desk, rule: NumberRule) -> dict[str, str]:
    """What a rule says, by what it is about."""
    return {
        desk.t("numbers.length"): digits(desk, rule),
        desk.t("numbers.supervisor"): _special(desk, rule.supervisor_number, rule.supervisor_word),
        desk.t("numbers.administrator"): _special(desk, rule.administrator_number, rule.administrator_word),
        desk.t("numbers.cashier"): kind_called(desk.t, rule, NumberKind.CASHIER),
    }


def _special(desk: Desk, number: str, word: str) -> str:
    """A special number, with its name where that is not the one it stands under anyway."""
    called = f"{number} · {word}" if word else number
    return called if number else desk.t("numbers.nobody")


async def _misfits(desk: Desk, rule: NumberRule) -> int:
    """How many numbers in use have not as many digits as the rule says."""
    known = await persons(desk.app.store, desk.merchant_id)
    return sum(1 for one in known if one.state == ACTIVE and one.number and not rule.fits(one.number))


async def _page(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_SETTINGS)
    return render(
        desk,
        "numbers.html",
        status_of(fault),
        typed=typed,
        digits=[str(n) for n in DIGITS],
        kinds=[kind.value for kind in NumberKind],
        most=WORD_CHARACTERS_MAX,
        said=_lines(desk, desk.number_rule),
        misfits=await _misfits(desk, desk.number_rule),
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )

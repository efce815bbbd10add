"""What the pages of shops, terminals and operators have in common: a list, one of them, and a form to add one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from counterfoil.basis import Fault, from_rfc3339
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import status_of, tell
from counterfoil.evidence import timeline
from counterfoil.people import ACTIVE, persons, terminals

HISTORY_MAX: Final = 100
_KNOWN: Final = frozenset(
    {
        "shop.opened",
        "shop.disabled",
        "shop.enabled",
        "shop.rounding_set",
        "terminal.opened",
        "terminal.disabled",
        "terminal.enabled",
        "person.added",
        "person.disabled",
        "person.enabled",
        "person.signed_in",
        "person.signed_out",
        "person.locked",
        "person.lock_lifted",
        "person.approved",
        "person.password_reset",
    }
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a row: text, or a state."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of a list: where it leads and what stands in it. The first cell is its name."""

    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. ``options`` (value, text) make it a choice; ``kind`` is the input's type otherwise."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    most: int = 64
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is listed: ``name`` heads its texts (``office.shop.…``), ``path`` its addresses, ``icon`` its sign."""

    name: str
    path: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of a history."""

    at: int
    position: int
    what: str
    who: str
    where: str


def state_mark(desk: Desk, state: str) -> Mark:
    """In use or disabled, as a sign and a word."""
    active = state == ACTIVE
    word = desk.t("office.state.active" if active else "office.state.disabled")
    return Mark("good" if active else "quiet", "tick" if active else "cross", word)


def list_page(desk: Desk, kind: Kind, columns: Sequence[str], rows: Sequence[Thing], *, may: bool) -> Response:
    """The list; with the way to add one for whoever may."""
    return render(desk, "list.html", kind=kind, columns=columns, rows=rows, may=may)


def add_page(desk: Desk, kind: Kind, fields: Sequence[Field], form: Form, fault: Fault | None = None) -> Response:
    """The form, with what was typed (never a password) and the refusal."""
    typed = {field.name: form.get(field.name, "") for field in fields if field.kind != "password"}
    more = {"wrong": fault.field if fault else None, **tell(desk, fault)}
    return render(desk, "add.html", status_of(fault), kind=kind, fields=fields, typed=typed, **more)


async def history_of(desk: Desk, subject: str) -> list[Moment]:
    """What the log says of a shop, terminal or operator, newest first, at most a hundred lines."""
    numbers = {one.id: one.number for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: one.number for one, _ in await terminals(desk.app.store, desk.merchant_id)}
    leaves = await timeline(desk.app.store, desk.merchant_id, subject)
    made = []
    for position, leaf in leaves[: -HISTORY_MAX - 1 : -1]:
        who, where = numbers.get(leaf["actor"], ""), places.get(leaf.get("terminal", ""), "")
        kind = leaf["type"] if leaf["type"] in _KNOWN else "other"
        made.append(
            Moment(
                at=from_rfc3339(leaf["ts"]),
                position=position,
                what=desk.t(f"office.event.{kind}"),
                who=desk.t("bar.operator", number=who) if who else desk.t("record.by_machine"),
                where=desk.t("bar.terminal", number=where) if where else "",
            )
        )
    return made


def id_in(desk: Desk) -> str:
    """The id in the address; what can be none is nobody's."""
    try:
        return str(uuid.UUID(desk.request.path_params["id"]))
    except ValueError:
        return ""

"""What the pages of shops, terminals and operators have in common: a list, one of them, and a form to add one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from counterfoil.basis import JSON, Fault, from_rfc3339
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.in_sight import is_among
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import link, status_of, tell
from counterfoil.evidence import newest_of
from counterfoil.payments import Payment
from counterfoil.people import ACTIVE, persons, terminals
from counterfoil.records import open_now

HISTORY_MAX: Final = 50
ROWS: Final = 50
_ASKED_MAX: Final = 64
_KNOWN: Final = frozenset(
    {
        "factor.shown",
        "recovery.made",
        "factors.reset_begun",
        "factors.reset_finished",
        "shop.opened",
        "shop.disabled",
        "shop.enabled",
        "shop.rounding_set",
        "terminal.opened",
        "terminal.disabled",
        "terminal.enabled",
        "terminal.enrol_opened",
        "terminal.enrol_ended",
        "terminal.enrolled",
        "terminal.revoked",
        "terminal.forked",
        "person.added",
        "person.numbered",
        "person.disabled",
        "person.enabled",
        "person.signed_in",
        "person.signed_out",
        "person.locked",
        "person.lock_lifted",
        "person.approved",
        "person.password_reset",
        "shop.renamed",
        "terminal.renamed",
        "person.renamed",
        "grant.made",
        "grant.ended",
        "login.changed",
        "login.reset_begun",
        "login.password_set",
        "account.opened",
        "account.deactivated",
        "account.reinstated",
        "account.configured",
        "account.key_rotated",
        "account.resealed",
        "account.activating",
        "account.not_activated",
        "route.set",
        "records.exported",
        "days.exported",
        "activity.exported",
        "key.made",
        "key.disabled",
        "key.enabled",
        "notice.kept",
        "notice.ended",
        "notice.closed",
        "txn.recorded",
    }
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a row: text, or a state. ``wide``: shown where there is room for it."""

    text: str
    mark: Mark | None = None
    wide: bool = False

    @property
    def said(self) -> str:
        """What is read."""
        return self.mark.word if self.mark else self.text


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of a list: where it leads and what stands in it. The first cell is its name."""

    href: str
    cells: tuple[Cell, ...]

    @property
    def text(self) -> str:
        """All that is read in the row, in one case."""
        return "\n".join(cell.said for cell in self.cells).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. ``options`` (value, text) make it a choice; ``kind`` is the input's type otherwise.

    One that is not ``needed`` may stay empty. ``suggests``: the choice whose value goes with what is typed here, until
    somebody chooses, and which (a JSON object; "" stands for whatever is not named).
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    most: int = 64
    options: tuple[tuple[str, str], ...] = ()
    needed: bool = True
    suggests: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is listed: ``name`` heads its texts (``office.shop.…``), ``path`` its addresses, ``icon`` its sign.

    ``renamed``: whether that is done here.
    """

    name: str
    path: str
    icon: str
    renamed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of a history."""

    at: int
    position: int
    what: str
    who: str
    where: str


@dataclass(frozen=True, slots=True)
class History:
    """Lines of a history; ``older`` is where it goes on, ``paged`` whether it begins with the newest."""

    lines: tuple[Moment, ...]
    older: int | None
    paged: bool


@dataclass(frozen=True, slots=True)
class Named:
    """One of them on a page of its own: its address, what it is called, and the name that can be changed."""

    path: str
    title: str
    name: str


def state_mark(desk: Desk, state: str) -> Mark:
    """In use or disabled, as a sign and a word."""
    active = state == ACTIVE
    word = desk.t("office.state.active" if active else "office.state.disabled")
    return Mark("good" if active else "quiet", "tick" if active else "cross", word)


def list_page(desk: Desk, kind: Kind, columns: Sequence[str], rows: Sequence[Thing], *, may: bool) -> Response:
    """The list, with the way to add one for whoever may. Search, order and page stand in the address."""
    query = desk.request.query_params
    asked = query.get("q", "").strip()[:_ASKED_MAX]
    column = whole(query.get("sort", ""))
    turned = query.get("order") == "down"
    kept = {"q": asked, "sort": query.get("sort"), "order": query.get("order")}
    found = [row for row in rows if asked.casefold() in row.text]
    if column is not None and column < len(columns):
        found.sort(key=lambda row: natural(row.cells[column].said), reverse=turned)
    pages = max(1, -(-len(found) // ROWS))
    page = min(max(whole(query.get("page", "")) or 1, 1), pages)
    return render(
        desk,
        "list.html",
        kind=kind,
        columns=columns,
        rows=found[(page - 1) * ROWS : page * ROWS],
        may=may,
        asked=asked,
        count=len(found),
        page=page,
        pages=pages,
        sort=column,
        down=turned,
        at=lambda **other: link(kind.path, **{**kept, **other}),
    )


def natural(text: str) -> list[tuple[int, int, str]]:
    """By which texts stand as people count: T2 before T10, whatever the case."""
    parts = re.findall(r"[0-9]{1,15}|[^0-9]+", text.casefold())
    return [(0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts]


def name_page(desk: Desk, kind: Kind, one: Named, typed: str, fault: Fault | None = None) -> Response:
    """The form that gives one of them another name."""
    return render(desk, "name.html", status_of(fault), kind=kind, one=one, typed=typed, **tell(desk, fault))


async def switch_page(
    desk: Desk,
    kind: Kind,
    one: Named,
    is_its: Callable[[Payment], bool],
    *,
    reasons: Sequence[str] = (),
    fault: Fault | None = None,
) -> Response:
    """What disabling it means, before it is done; with how many payments that are its own are still being checked."""
    checking = sum(map(is_its, await open_now(desk.app.records, desk.merchant_id)))
    more = {"checking": checking, "reasons": reasons, **tell(desk, fault)}
    return render(desk, "switch.html", status_of(fault), kind=kind, one=one, **more)


def add_page(desk: Desk, kind: Kind, fields: Sequence[Field], form: Form, fault: Fault | None = None) -> Response:
    """The form, with what was typed (never a password) and the refusal."""
    typed = {field.name: form.get(field.name, "") for field in fields if field.kind != "password"}
    more = {"wrong": fault.field if fault else None, **tell(desk, fault)}
    return render(desk, "add.html", status_of(fault), kind=kind, fields=fields, typed=typed, **more)


async def history_of(desk: Desk, subject: str) -> History:
    """What the log says of one of them, newest first; before which entry it goes on stands in the address.

    What happened in a shop that is not in their sight is left out.
    """
    numbers = {one.id: one.called for one in await persons(desk.app.store, desk.merchant_id)}
    places = {one.id: (one.number, shop.id) for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    before = whole(desk.request.query_params.get("before", ""))
    leaves = await newest_of(desk.app.store, desk.merchant_id, subject, HISTORY_MAX + 1, before)
    made = []
    for position, leaf in leaves[:HISTORY_MAX]:
        who = numbers.get(leaf["actor"], "")
        where, shop_id = places.get(leaf.get("terminal") or "", ("", None))
        shop_id = leaf.get("shop") or shop_id
        if shop_id is not None and not is_among(shop_id, desk.actor.shops):
            continue
        made.append(
            Moment(
                at=from_rfc3339(leaf["ts"]),
                position=position,
                what=_what(desk, leaf),
                who=desk.operator(who) if who else desk.t("record.by_machine"),
                where=desk.t("bar.terminal", number=where) if where else "",
            )
        )
    return History(tuple(made), leaves[HISTORY_MAX - 1][0] if len(leaves) > HISTORY_MAX else None, before is not None)


def _what(desk: Desk, leaf: Mapping[str, JSON]) -> str:
    kind = leaf["type"] if leaf["type"] in _KNOWN else "other"
    how, reason = leaf.get("how"), leaf.get("reason")
    if kind == "notice.ended":
        return desk.t(f"office.notice.how.{how}")
    if kind == "notice.closed":
        return f"{desk.t('office.event.notice.closed')} · {desk.t(f'office.notice.reason.{reason}')}"
    return desk.t(f"office.event.{kind}")


def id_in(desk: Desk) -> str:
    """The id in the address; what can be none is nobody's."""
    try:
        return str(uuid.UUID(desk.request.path_params["id"]))
    except ValueError:
        return ""

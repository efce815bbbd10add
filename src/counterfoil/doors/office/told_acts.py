"""An entry of the log in words: who, what, where, what was before and after, and where its object stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from counterfoil.activity import Leaf
from counterfoil.basis import Money, from_rfc3339
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.role_names import role_names, shop_names
from counterfoil.doors.screen.in_sight import people_in_sight
from counterfoil.evidence import registry
from counterfoil.locale import full_time, names
from counterfoil.people import SCOPES, Permission, persons, terminals

# Where what an entry is about stands, by the first part of its kind; "" where the page is one for all of them.
_PLACES: Final = MappingProxyType(
    {
        **dict.fromkeys(("txn", "refund", "receipt"), "/office/records/{}"),
        "hold": "/office/holds/{}",
        **dict.fromkeys(("person", "grant", "login"), "/office/operators/{}"),
        **dict.fromkeys(("passkey", "code_app", "recovery", "factor", "factors"), "/office/operators/{}/sign-in"),
        "terminal": "/office/terminals/{}",
        "shop": "/office/shops/{}",
        "account": "/office/accounts/{}",
        "role": "/office/roles",
        "key": "/office/api-keys/{}",
        "route": "/office/routes",
        "networks": "/office/networks",
        "staff": "/office/numbers",
    }
)
_KINDS: Final = frozenset(registry())
_WORDS: Final = frozenset(names("en"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing an entry says: what it is, how it reads, where it leads, if anywhere; ``plain`` is in no language."""

    name: str
    value: str
    href: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An entry as a line. ``about`` leads to what it is about, where that has a page."""

    at: int
    position: int
    what: str
    who: str
    who_href: str
    where: str
    said: tuple[Said, ...]
    about: str
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What a merchant's people and places are called, read once a page; ``staff``: those among whom one may choose."""

    people: Mapping[str, str]
    staff: frozenset[str]
    terminals: Mapping[str, tuple[str, str]]
    shops: Mapping[str, str]
    roles: Mapping[str, str]

    @property
    def shop_of(self) -> Mapping[str, str]:
        """In which shop each terminal stands."""
        return {terminal: shop for terminal, (_, shop) in self.terminals.items()}


async def called_at(desk: Desk) -> Called:
    """Read them."""
    store, merchant_id = desk.app.store, desk.merchant_id
    return Called(
        people={one.id: desk.operator(one.called) for one in await persons(store, merchant_id)},
        staff=frozenset(one.id for one in await people_in_sight(desk, Permission.READ_ACTIVITY)),
        terminals={one.id: (one.number, shop.id) for one, shop in await terminals(store, merchant_id)},
        shops=await shop_names(desk),
        roles=await role_names(desk),
    )


def act_of(desk: Desk, called: Called, leaf: Leaf) -> Act:
    """The line of a leaf."""
    said, kind = leaf.said, str(leaf.said["type"])
    terminal = called.terminals.get(str(said.get("term") or said.get("terminal") or ""))
    shop = called.shops.get(leaf.shop_id or "", "")
    who = called.people.get(str(said["actor"]), "")
    return Act(
        at=leaf.at,
        position=leaf.position,
        what=desk.t(f"activity.kind.{kind}" if kind in _KINDS else "activity.kind.other"),
        who=who or desk.t("record.by_machine"),
        who_href=f"/office/operators/{said['actor']}" if said["actor"] in called.staff else "",
        where=" · ".join(part for part in (shop, terminal and desk.t("bar.terminal", number=terminal[0])) if part),
        said=tuple(_said(desk, called, said)),
        about=_about(kind, said),
        refused=kind in ("act.refused", "person.tried"),
    )


def _about(kind: str, said: Mapping[str, Any]) -> str:
    place = _PLACES.get(kind.partition(".")[0], "")
    subject = said.get("hold") if kind.startswith("hold.") else said.get("subject")
    if not place or ("{}" in place and not subject):
        return ""
    return place.format(subject)


def _said(desk: Desk, called: Called, said: Mapping[str, Any]) -> list[Said]:
    """Before and after first, then what else it says that a person can read."""
    found = []
    subject, actor = str(said.get("subject") or ""), said["actor"]
    if subject in called.people and subject != actor:
        found.append(Said(name=desk.t("activity.field.whom"), value=called.people[subject]))
    if said.get("from") and said.get("to"):
        states = [_word(desk, "state", str(said[name])) for name in ("from", "to")]
        found.append(Said(name=desk.t("activity.field.state"), value=" → ".join(states)))
    for name, told in _FIELDS.items():
        # Where a thing happened stands in a column of its own; where a role counts does not.
        value = said.get(name) if name != "shop" or "role" in said else None
        if value is not None and (text := told(desk, called, value)):
            code = name == "code" and text.startswith("CF-")
            href = f"/office/faults/{text}" if code else ""
            plain = name == "code" and not code
            found.append(Said(name=desk.t(f"activity.field.{name}"), value=text, href=href, plain=plain))
    return found


def _word(desk: Desk, head: str, value: str) -> str:
    name = f"{head}.{value}"
    return desk.t(name) if name in _WORDS else value


def _plain(_desk: Desk, _called: Called, value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _amount(_desk: Desk, _called: Called, value: Any) -> str:
    return str(Money(value["minor"], value["cur"])) if isinstance(value, dict) else ""


def _reason(desk: Desk, _called: Called, value: Any) -> str:
    # Why money went back, or why a record is held: two lists of reasons.
    head = next((head for head in ("reason", "hold.reason") if f"{head}.{value}" in _WORDS), "reason")
    return _word(desk, head, str(value))


def _person(_desk: Desk, called: Called, value: Any) -> str:
    return called.people.get(str(value), "")


def _role(desk: Desk, called: Called, value: Any) -> str:
    return called.roles.get(str(value)) or _word(desk, "office.role", str(value))


def _shop(_desk: Desk, called: Called, value: Any) -> str:
    return called.shops.get(str(value), "")


def _shops(_desk: Desk, called: Called, value: Any) -> str:
    return " · ".join(called.shops.get(str(one), "—") for one in value) if isinstance(value, list) else ""


def _time(desk: Desk, _called: Called, value: Any) -> str:
    text = str(value)
    return full_time(from_rfc3339(text), zone=desk.zone) if text.endswith("Z") and "T" in text else text


def _act(desk: Desk, _called: Called, value: Any) -> str:
    return _word(desk, "act", str(value))


def _scopes(desk: Desk, _called: Called, value: Any) -> str:
    known = [str(one) for one in value] if isinstance(value, list) else []
    return " · ".join(desk.t(f"office.api_key.scope.{one}") for one in known if one in SCOPES)


def _purpose(desk: Desk, _called: Called, value: Any) -> str:
    return _word(desk, "office.networks", str(value))


def _permissions(desk: Desk, _called: Called, value: Any) -> str:
    words = str(value).split() if isinstance(value, str) else [str(one) for one in value]
    return " · ".join(_word(desk, "office.may", word) for word in words)


def _special(desk: Desk, _called: Called, value: Any) -> str:
    return str(value) or desk.t("numbers.nobody")


def _numbers(desk: Desk, _called: Called, value: Any) -> str:
    """The numbers of a rule as they were."""
    if not isinstance(value, dict):
        return ""
    span = f"{value.get('number_least')}–{value.get('number_most')}"
    names = ("supervisor_number", "administrator_number")
    said = [f"{desk.t(f'activity.field.{name}')} {_special(desk, _called, value.get(name, ''))}" for name in names]
    return " · ".join((desk.t("activity.numbers", span=span), *said))


_FIELDS: Final[Mapping[str, Callable[[Desk, Called, Any], str]]] = MappingProxyType(
    {
        "amount": _amount,
        "reason": _reason,
        "act": _act,
        "code": _plain,
        "count": _plain,
        "pause": lambda desk, _, value: _word(desk, "activity.pause", str(value)),
        "approver": _person,
        "made": lambda desk, _, value: desk.t("activity.made") if value is True else "",
        "number": _plain,
        "role": _role,
        "shop": _shop,
        "owner": _person,
        "scopes": _scopes,
        "shops": _shops,
        "purpose": _purpose,
        "networks": _plain,
        "permissions": _permissions,
        "until": _time,
        "rounding": lambda desk, _, value: _word(desk, "office.rounding", str(value)),
        "number_least": _plain,
        "number_most": _plain,
        "supervisor_number": _special,
        "administrator_number": _special,
        "before": _numbers,
        "words_changed": lambda desk, _, __: desk.t("activity.words_changed"),
        "first": _plain,
        "last": _plain,
    }
)

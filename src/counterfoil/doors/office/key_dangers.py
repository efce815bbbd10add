"""What is shown before an API key is made, or switched on again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import JSON, Networks
from counterfoil.doors.office.danger import Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.role_names import shop_names
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.filters import day_of
from counterfoil.doors.screen.guard import Form
from counterfoil.people import (
    KEY_UNKNOWN,
    KEY_UNTIL,
    OWNER_UNKNOWN,
    SCOPE_UNKNOWN,
    SCOPES,
    SHOP_UNKNOWN,
    TEXT_SHAPE,
    Deed,
    Permission,
    demand,
    key_by_id,
    person,
    read_networks,
)

_PATH: Final = "/office/api-keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A key to be, as typed. ``until`` is its last day."""

    label: str
    owner_id: str
    scopes: tuple[str, ...]
    shop_ids: frozenset[str] | None
    until: str | None
    networks: Networks


def asked_in(desk: Desk, form: Form) -> Asked:
    """Read the form. Raises Refused CF-2014 (label), CF-2013 (scopes), CF-2173, CF-2123, CF-2126."""
    label, until = form.get("label", "").strip()[:64], day_of(form.get("until", "").strip()[:10], "until")
    scopes = tuple(scope for scope in SCOPES if form.get(f"scope_{scope}"))
    if not label:
        raise TEXT_SHAPE(field="label")
    if not scopes:
        raise SCOPE_UNKNOWN(field="scopes")
    if until is not None and not desk.day <= until <= _latest(desk.day):
        raise KEY_UNTIL(field="until")
    shops = frozenset(name.removeprefix("shop_") for name in form if name.startswith("shop_"))
    return Asked(
        label=label,
        owner_id=form.get("owner", "") or desk.person.id,
        scopes=scopes,
        shop_ids=shops or None,
        until=until,
        networks=read_networks(form.get("networks", "")[:8192]),
    )


async def making(desk: Desk, form: Form) -> Told:
    """A key to be made. Raises Refused CF-2021, CF-2015, CF-2009 and what ``asked_in`` says."""
    demand(desk.actor, Permission.MANAGE_KEYS)
    asked = asked_in(desk, form)
    owner = await person(desk.app.store, desk.merchant_id, asked.owner_id)
    if owner is None:
        raise OWNER_UNKNOWN(field="owner")
    places = await shop_names(desk)
    if not (asked.shop_ids or frozenset()) <= places.keys():
        raise SHOP_UNKNOWN(field="shops")
    networks = list(asked.networks.texts())
    said = (
        ("label", asked.label),
        ("owner", desk.operator(owner.called)),
        ("scopes", " · ".join(desk.t(f"office.api_key.scope.{scope}") for scope in asked.scopes)),
        ("shops", " · ".join(places[shop] for shop in sorted(asked.shop_ids or ())) or _everywhere(desk)),
        ("networks", " · ".join(networks) or desk.t("office.api_key.networks.any")),
        ("until", asked.until or desk.t("office.api_key.expires.never")),
    )
    what: dict[str, JSON] = {
        "label": asked.label,
        "owner": owner.id,
        "scopes": list(asked.scopes),
        "shops": sorted(asked.shop_ids or ()),
        "networks": list(networks),
        "until": asked.until or "",
    }
    lines = tuple((desk.t(f"office.api_key.{name}"), value) for name, value in said)
    return _told(desk, "make_key", what, lines, back=f"{_PATH}/add")


async def enabling(desk: Desk, _: Form) -> Told:
    """A key to be switched on again. Raises Refused CF-2021, CF-2172."""
    demand(desk.actor, Permission.MANAGE_KEYS)
    found = await key_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise KEY_UNKNOWN()
    lines = (
        (desk.t("office.api_key.label"), found.label),
        (desk.t("office.api_key.scopes"), " · ".join(desk.t(f"office.api_key.scope.{one}") for one in found.scopes)),
    )
    what: dict[str, JSON] = {"key": found.id, "state": found.state}
    return _told(desk, "enable_key", what, lines, back=f"{_PATH}/{found.id}")


def _told(desk: Desk, act: str, what: Mapping[str, JSON], lines: tuple[tuple[str, str], ...], *, back: str) -> Told:
    return Told(
        deed=Deed(act=act, merchant_id=desk.merchant_id, by=desk.person.id, what=what),
        title=desk.t(f"act.{act}"),
        lines=lines,
        means=desk.t("office.api_key.means"),
        button=desk.t(f"office.api_key.do.{act}"),
        back=back,
    )


def _latest(day: str) -> str:
    """Ten years on; a key for longer is one without an end."""
    return f"{int(day[:4]) + 10}{day[4:]}"


def _everywhere(desk: Desk) -> str:
    return desk.t("office.grant.everywhere")

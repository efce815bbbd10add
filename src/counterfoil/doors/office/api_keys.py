"""接口密钥: which programs may do what, in which shops, until when and from where; made, shown once, switched off."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.danger import Danger
from counterfoil.doors.office.day_range import end_of
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.key_dangers import asked_in, enabling, making
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.role_names import shop_names
from counterfoil.doors.office.things import Cell, Kind, Thing, history_of, id_in, list_page
from counterfoil.doors.screen.filters import date_shown
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Mark
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.locale import when
from counterfoil.people import (
    ACTIVE,
    KEY_UNKNOWN,
    SCOPES,
    SCOPES_DEFAULT,
    ApiKey,
    Permission,
    demand,
    key_by_id,
    keys,
    make_key,
    persons,
    shops,
    switch_key,
)

PATH: Final = "/office/api-keys"
KIND: Final = Kind(name="api_key", path=PATH, icon="lock", renamed=False)
_COLUMNS: Final = ("label", "owner", "scopes", "used", "expires", "state")
_TYPED_MAX: Final = 8192


def routes(app: App) -> list[BaseRoute]:
    """The list, a new one, one of them, and its two switches."""
    return [
        at_desk(app, PATH, listed),
        at_desk(app, f"{PATH}/add", form, MAKING),
        at_desk(app, f"{PATH}/{{id}}", one),
        at_desk(app, f"{PATH}/{{id}}/off", None, off),
        at_desk(app, f"{PATH}/{{id}}/on", None, ENABLING),
    ]


async def listed(desk: Desk) -> Response:
    """All keys, also those that open nothing any more."""
    demand(desk.actor, Permission.MANAGE_KEYS)
    called = {each.id: desk.operator(each.called) for each in await persons(desk.app.store, desk.merchant_id)}
    rows = [
        Thing(
            f"{PATH}/{each.id}",
            (
                Cell(each.label),
                Cell(called.get(each.owner_id, "—")),
                Cell(" · ".join(desk.t(f"office.api_key.scope.{scope}") for scope in each.scopes)),
                Cell(_used(desk, each)),
                Cell(_expires(desk, each)),
                Cell("", _mark(desk, each)),
            ),
        )
        for each in await keys(desk.app.store, desk.merchant_id)
    ]
    columns = [desk.t(f"office.api_key.{name}") for name in _COLUMNS]
    return list_page(desk, KIND, columns, rows, may=True)


async def form(desk: Desk) -> Response:
    """What a new key needs."""
    given = {f"scope_{scope}": "yes" for scope in SCOPES_DEFAULT}
    return await _form(desk, {**given, "owner": desk.person.id})


async def add(desk: Desk, form: Form) -> Response:
    """Make it, and show it: here and never again."""
    asked = asked_in(desk, form)
    made, secret = await make_key(
        desk.app.people,
        desk.actor,
        label=asked.label,
        owner_id=asked.owner_id,
        scopes=asked.scopes,
        shop_ids=asked.shop_ids,
        networks=asked.networks,
        expires_at=end_of(asked.until, desk.zone) if asked.until else None,
    )
    response = render(desk, "key_made.html", made=made, secret=secret.reveal(), expires=_expires(desk, made))
    response.headers["Cache-Control"] = "no-store"
    return response


async def one(desk: Desk) -> Response:
    """What it may, when it was used, and its history."""
    found = await _key(desk)
    called = {each.id: each.called for each in await persons(desk.app.store, desk.merchant_id)}
    places = await shop_names(desk)
    facts = (
        ("owner", desk.operator(called[found.owner_id]) if found.owner_id in called else "—"),
        ("scopes", " · ".join(desk.t(f"office.api_key.scope.{scope}") for scope in found.scopes)),
        ("shops", " · ".join(places.get(shop, "—") for shop in sorted(found.shop_ids or ())) or _everywhere(desk)),
        ("networks", " · ".join(found.networks.texts()) or desk.t("office.api_key.networks.any")),
        ("expires", _expires(desk, found)),
        ("used", _used(desk, found)),
    )
    return render(
        desk,
        "key.html",
        key=found,
        mark=_mark(desk, found),
        active=found.state == ACTIVE,
        facts=[(desk.t(f"office.api_key.{name}"), value) for name, value in facts],
        history=await history_of(desk, found.id),
        path=f"{PATH}/{found.id}",
    )


async def off(desk: Desk, _: Form) -> Response:
    """停用: at once, without more questions, for whoever lost it has no time."""
    await switch_key(desk.app.people, desk.actor, id_in(desk), on=False)
    return go(f"{PATH}/{id_in(desk)}", done="disabled")


async def on(desk: Desk, _: Form) -> Response:
    """启用."""
    await switch_key(desk.app.people, desk.actor, id_in(desk), on=True)
    return go(f"{PATH}/{id_in(desk)}", done="enabled")


async def _again(desk: Desk, form: Form, fault: Fault) -> Response:
    return await _form(desk, form, fault)


async def _form(desk: Desk, typed: Form, fault: Fault | None = None) -> Response:
    demand(desk.actor, Permission.MANAGE_KEYS)
    people = [each for each in await persons(desk.app.store, desk.merchant_id) if each.state == ACTIVE]
    return render(
        desk,
        "key_form.html",
        status_of(fault),
        label=typed.get("label", "")[:64],
        scopes=[(scope, bool(typed.get(f"scope_{scope}"))) for scope in SCOPES],
        shops=[(each, bool(typed.get(f"shop_{each.id}"))) for each in await shops(desk.app.store, desk.merchant_id)],
        owners=[(each.id, desk.operator(each.called), each.id == typed.get("owner")) for each in people],
        until=date_shown(typed.get("until", "")[:10]),
        today=desk.day,
        networks=typed.get("networks", "")[:_TYPED_MAX],
        wrong=fault.field if fault else None,
        **tell(desk, fault),
    )


async def _key(desk: Desk) -> ApiKey:
    demand(desk.actor, Permission.MANAGE_KEYS)
    found = await key_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise KEY_UNKNOWN()
    return found


def _used(desk: Desk, key: ApiKey) -> str:
    if key.used_at is None:
        return desk.t("office.api_key.used.never")
    return when(key.used_at, zone=desk.zone, now=desk.now, language=desk.language)


def _expires(desk: Desk, key: ApiKey) -> str:
    if key.expires_at is None:
        return desk.t("office.api_key.expires.never")
    return when(key.expires_at, zone=desk.zone, now=desk.now, language=desk.language)


def _everywhere(desk: Desk) -> str:
    return desk.t("office.grant.everywhere")


def _mark(desk: Desk, key: ApiKey) -> Mark:
    if key.state != ACTIVE:
        return Mark("quiet", "cross", desk.t("office.state.disabled"))
    if not key.works(desk.now):
        return Mark("checking", "cross", desk.t("office.api_key.over"))
    return Mark("good", "tick", desk.t("office.state.active"))


MAKING: Final = Danger(act="make_key", tell=making, carry_out=add, otherwise=_again)
ENABLING: Final = Danger(act="enable_key", tell=enabling, carry_out=on)

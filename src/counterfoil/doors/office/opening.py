"""新增收款通道: choose a provider, fill in its form, and the channel is opened once the provider has answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.channels import METHODS, NewChannel, check_channel, open_channel
from counterfoil.doors.office.channel_settings import entry_of, parts_of, told_of
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.pages import render
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import Deed, Permission, demand
from counterfoil.providers import (
    ENVIRONMENTS,
    NAME_MAX,
    Checked,
    Manifest,
    Setting,
    active_accounts,
    settings_wrong,
    shown,
)
from counterfoil.providers import accounts as accounts_of
from counterfoil.store import Row

_ACTIVATION: Final = "activation"
_PATH: Final = "/office/accounts/add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider that can be chosen: its name, what it takes, how far it was tried, and how many channels it has."""

    id: str
    name: str
    methods: str
    tier: str
    tier_hint: str
    has: int
    activates: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Which place the new channel has among those that take a method, where no route is set."""

    method: str
    before: tuple[str, ...]


def routes(app: App) -> list[BaseRoute]:
    """The providers, and the form of one."""
    return [at_desk(app, _PATH, choose), at_desk(app, f"{_PATH}/{{provider}}", form, OPENING)]


async def choose(desk: Desk) -> Response:
    """All providers there are."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    has = await accounts_of(desk.app.store, desk.merchant_id)
    offers = [_offer(desk, one, has) for one in desk.app.manifests.values() if _can(one, has)]
    return render(desk, "channel_choose.html", offers=sorted(offers, key=lambda one: one.has))


async def form(desk: Desk) -> Response:
    """The fields of the provider, a name for the channel, and what becomes of it."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    manifest = await _manifest(desk)
    activation = bool(manifest.activation) and desk.request.query_params.get("by") == _ACTIVATION
    return await _form(desk, manifest, {}, activation=activation)


async def opened(desk: Desk, form: Form) -> Response:
    """Try it and open it, or say what is wrong; nothing secret is given back."""
    manifest = await _manifest(desk)
    new = _new(manifest, form)
    try:
        checked = await open_channel(desk.app.people, desk.app.accounts, desk.actor, new)
    except Fault as fault:
        desk.note("open_account", fault)
        return await _form(desk, manifest, form, fault, activation=new.activation)
    if checked is not None and checked.fault is not None and not new.activation:
        desk.note("open_account", checked.fault)
        return await _form(desk, manifest, form, checked.fault, checked, activation=False)
    # What an activation handed out is kept; whether it answers is seen on its page.
    return go(f"/office/accounts/{new.id}", done="opened")


async def _telling(desk: Desk, form: Form) -> Told:
    """The channel to be, with each field that was given; of a secret no more than that there is one.

    Raises Refused CF-2021 and what ``open_channel`` says before it asks the provider.
    """
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    manifest = await _manifest(desk)
    new = _new(manifest, form)
    await check_channel(desk.app.people, desk.app.accounts, desk.actor, new)
    settings = (manifest.of_activation if new.activation else manifest).settings
    entered, values = told_of(desk, settings, form)
    name = new.name.strip()
    means, button = _said(settings, activation=new.activation)
    return Told(
        deed=Deed(
            act="open_account",
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what={
                "account": new.id,
                "provider": new.provider,
                "name": name,
                "environment": new.environment,
                "activation": new.activation,
                "values": values,
            },
        ),
        title=desk.t("office.channel.open", provider=_name(desk, manifest)),
        lines=(
            (desk.t("office.account.provider"), _name(desk, manifest)),
            (desk.t("office.accounts"), name),
            (desk.t("office.account.environment"), desk.t(f"office.account.{new.environment}")),
            (desk.t("office.grant.where"), desk.t("office.route.everywhere")),
            *entered,
        ),
        means=desk.t(means),
        button=desk.t(button),
        back=f"{_PATH}/{manifest.id}",
    )


def _said(settings: Sequence[Setting], *, activation: bool) -> tuple[str, str]:
    """What opening means, and its button's text."""
    if activation:
        return "office.channel.open.activated", "office.channel.open.do.activate"
    if settings:
        return "danger.account.open.means", "office.channel.open.do"
    return "office.channel.open.turns.hint", "office.channel.open.do.plain"


async def _not_told(desk: Desk, form: Form, fault: Fault) -> Response:
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    manifest = await _manifest(desk)
    return await _form(desk, manifest, form, fault, activation=_by_code(manifest, form))


def _new(manifest: Manifest, form: Form) -> NewChannel:
    """What the form asks for, under the id that it was given: sending it twice opens one channel."""
    try:
        channel_id = str(uuid.UUID(form.get("id", "")))
    except ValueError:
        raise NO_SUCH_PAGE() from None
    return NewChannel(
        id=channel_id,
        provider=manifest.id,
        name=form.get("channel_name", ""),
        environment=form.get("channel_environment", ""),
        told=form,
        activation=_by_code(manifest, form),
    )


def _by_code(manifest: Manifest, form: Form) -> bool:
    return bool(manifest.activation) and form.get("by") == _ACTIVATION


async def _manifest(desk: Desk) -> Manifest:
    asked = desk.request.path_params["provider"]
    if asked not in desk.app.manifests:
        raise NO_SUCH_PAGE()
    manifest = desk.app.accounts.manifest(asked)
    if not _can(manifest, await accounts_of(desk.app.store, desk.merchant_id)):
        raise settings_wrong("provider", provider=manifest.id)
    return manifest


def _can(manifest: Manifest, has: Sequence[Row]) -> bool:
    """Of what has no contract behind it, such as cash, one is enough."""
    return not manifest.instant or all(row["provider"] != manifest.id for row in has)


def _offer(desk: Desk, manifest: Manifest, has: Sequence[Row]) -> Offer:
    return Offer(
        id=manifest.id,
        name=_name(desk, manifest),
        methods=" · ".join(desk.t(f"method.{method}") for method in manifest.methods),
        tier=desk.t(f"office.tier.{manifest.tier}"),
        tier_hint=desk.t(f"office.tier.{manifest.tier}.hint"),
        has=sum(row["provider"] == manifest.id for row in has),
        activates=bool(manifest.activation),
    )


async def _form(
    desk: Desk,
    manifest: Manifest,
    typed: Form,
    fault: Fault | None = None,
    checked: Checked | None = None,
    *,
    activation: bool,
) -> Response:
    fields = shown(manifest.of_activation if activation else manifest, {})
    return render(
        desk,
        "channel_open.html",
        status_of(fault),
        offer=_offer(desk, manifest, ()),
        id=typed.get("id") or desk.app.ids.uuid(),
        by=_ACTIVATION if activation else "",
        name=typed.get("channel_name", ""),
        most=NAME_MAX,
        environments=[each for each in reversed(ENVIRONMENTS) if each != "live" or not desk.app.demonstration],
        environment=typed.get("channel_environment", ""),
        entries=[entry_of(desk, one, typed) for one in fields],
        wrong=fault.field if fault else None,
        parts_seen=parts_of(desk, checked) if checked is not None else [],
        turns=await _turns(desk, manifest),
        **tell(desk, fault),
    )


async def _turns(desk: Desk, manifest: Manifest) -> list[Turn]:
    rows = sorted(await active_accounts(desk.app.store, desk.merchant_id), key=lambda row: (row["made_at"], row["id"]))
    return [
        Turn(
            method=desk.t(f"method.{method}"),
            before=tuple(row["name"] for row in rows if method in desk.app.manifests[row["provider"]].methods),
        )
        for method in manifest.methods
        if method in METHODS
    ]


def _name(desk: Desk, manifest: Manifest) -> str:
    return manifest.name_zh if desk.language == "zh-CN" else manifest.name_en


OPENING: Final = Danger(act="open_account", tell=_telling, carry_out=opened, otherwise=_not_told)

"""收款通道的配置: the forms that a provider's manifest makes, and the check whether the provider answers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import JSON, Fault, Refused
from counterfoil.channels import activate, check_account, configure
from counterfoil.doors.office.danger import SALT, Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.health import activating_of
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.things import id_in
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.people import Deed, Permission, demand
from counterfoil.providers import (
    ACCOUNT_UNKNOWN,
    Checked,
    Setting,
    Shown,
    account_by_id,
    read_settings,
    shown,
)
from counterfoil.store import Row

_PEM: Final = ("pem_key", "pem_certs")
_WORDS: Final = {"settings": "office.channel.settings", "activate": "office.channel.activate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of the form: what it is called, what stands in it, and what may be said of what is not shown."""

    key: str
    label: str
    hint: str
    kind: str
    choices: tuple[str, ...]
    required: bool
    value: str
    kept: str


def routes(app: App) -> list[BaseRoute]:
    """The forms, and the check as an act."""
    return [
        at_desk(
            app,
            "/office/accounts/{id}/settings",
            form,
            CONFIGURING,
        ),
        at_desk(
            app,
            "/office/accounts/{id}/activate",
            activation,
            ACTIVATING,
        ),
        at_desk(app, "/office/accounts/{id}/check", None, look),
    ]


async def form(desk: Desk) -> Response:
    """The fields of its provider, with what may be shown of what it has."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    return _form(desk, await _row(desk), {})


async def save(desk: Desk, form: Form) -> Response:
    """Try what was typed against the provider and keep it, or say what is wrong; a secret is never given back."""
    row = await _row(desk)
    try:
        checked = await configure(desk.app.people, desk.app.accounts, desk.actor, row["id"], form)
    except Refused as fault:
        desk.note("configure_account", fault)
        return _form(desk, row, form, fault)
    if checked.fault is not None:
        desk.note("configure_account", checked.fault)
        return _form(desk, row, form, checked.fault, checked)
    return go(f"/office/accounts/{row['id']}", done="configured")


async def activation(desk: Desk) -> Response:
    """The fields of its provider's activation; what is a setting too stands there as it is."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    row = await _row(desk)
    if not desk.app.accounts.manifest(row["provider"]).activation:
        raise ACCOUNT_UNKNOWN()
    return _activation(desk, row, {})


async def activated(desk: Desk, form: Form) -> Response:
    """Have the provider hand out the settings and keep them, or say why it did not; nothing secret is given back."""
    row = await _row(desk)
    try:
        checked = await activate(desk.app.people, desk.app.accounts, desk.actor, row["id"], form)
    except Refused as fault:
        desk.note("configure_account", fault)
        return _activation(desk, row, form, fault)
    if checked.good:
        return go(f"/office/accounts/{row['id']}", done="activated")
    # It is kept all the same; what is wrong with the connection is shown.
    return render(desk, "channel_check.html", row=row, parts_seen=parts_of(desk, checked), checked=checked)


async def look(desk: Desk, _: Form) -> Response:
    """Check the connection now and show each part."""
    checked = await check_account(desk.app.people, desk.app.accounts, desk.actor, id_in(desk))
    row = await _row(desk)
    return render(desk, "channel_check.html", row=row, parts_seen=parts_of(desk, checked), checked=checked)


async def _configuring(desk: Desk, form: Form) -> Told:
    return await _writing(desk, form, "configure_account", "office.channel.settings")


async def _activating(desk: Desk, form: Form) -> Told:
    return await _writing(desk, form, "activate_account", "office.channel.activate")


async def _writing(desk: Desk, form: Form, act: str, title: str) -> Told:
    """Each field that was given; of a secret neither page nor deed has more than its digest under a salt."""
    demand(desk.actor, Permission.MANAGE_ACCOUNTS)
    row = await _row(desk)
    manifest = desk.app.accounts.manifest(row["provider"])
    entered, values = told_of(desk, (*manifest.settings, *manifest.of_activation.settings), form)
    lines = ((desk.t("office.accounts"), row["name"]), *entered)
    return Told(
        deed=Deed(
            act=act,
            merchant_id=desk.merchant_id,
            by=desk.person.id,
            what={"account": row["id"], "settings_at": row["settings_at"], "values": values},
        ),
        title=desk.t(title),
        lines=lines,
        means=desk.t("danger.account.configure.means"),
        button=desk.t(f"{title}.do"),
        back=f"/office/accounts/{row['id']}",
    )


def told_of(desk: Desk, settings: Sequence[Setting], form: Form) -> tuple[list[tuple[str, str]], dict[str, JSON]]:
    """What a form gives of these settings, as a page says it and as a deed does.

    Of a secret a page says that there is one, and a deed has its digest under the form's salt.
    """
    lines: list[tuple[str, str]] = []
    values: dict[str, JSON] = {}
    for setting in settings:
        value = form.get(setting.key, "").strip()
        if not value or setting.key in values:
            continue
        hidden = _hidden(setting)
        values[setting.key] = hashlib.sha256(f"{form.get(SALT, '')}{value}".encode()).hexdigest() if hidden else value
        label = setting.label_zh if desk.language == "zh-CN" else setting.label_en
        lines.append((label, desk.t("danger.account.secret") if hidden else value))
    return lines, values


def parts_of(desk: Desk, checked: Checked) -> list[dict[str, object]]:
    """Each part with its sign, its name and, where it is wrong, what to do."""
    signs = {True: ("good", "tick"), False: ("bad", "cross"), None: ("quiet", "minus")}
    return [
        {
            "tone": signs[one.right][0],
            "sign": signs[one.right][1],
            "name": desk.t(f"office.check.{one.part}"),
            "word": desk.t(f"office.check.{'right' if one.right else 'unseen' if one.right is None else 'wrong'}"),
            "fault": tell(desk, one.fault)["fault"],
        }
        for one in checked.parts
    ]


def _form(desk: Desk, row: Row, typed: Form, fault: Fault | None = None, checked: Checked | None = None) -> Response:
    manifest = desk.app.accounts.manifest(row["provider"])
    try:
        has = read_settings(manifest, row["name"], row["environment"], desk.app.accounts.settings(row))
    except Refused as lost:
        # What cannot be opened is entered anew; what is merely not complete is completed.
        has, fault = {}, fault or (lost if row["settings_at"] else None)
    return _fields(desk, row, shown(manifest, has), typed, fault, checked=checked)


def _activation(desk: Desk, row: Row, typed: Form, fault: Fault | None = None) -> Response:
    manifest = desk.app.accounts.manifest(row["provider"])
    try:
        has = desk.app.accounts.settings(row)
    except Refused:
        has = {}
    fields = shown(manifest.of_activation, {key: has[key] for key in has if not _hidden(manifest.setting(key))})
    return _fields(desk, row, fields, typed, fault, act="activate")


def _fields(
    desk: Desk,
    row: Row,
    fields: Sequence[Shown],
    typed: Form,
    fault: Fault | None,
    *,
    checked: Checked | None = None,
    act: str = "settings",
) -> Response:
    manifest = desk.app.accounts.manifest(row["provider"])
    return render(
        desk,
        "channel_settings.html",
        status_of(fault) if typed else 200,
        row=row,
        act=act,
        words=_WORDS[act],
        provider=manifest.name_zh if desk.language == "zh-CN" else manifest.name_en,
        entries=[entry_of(desk, one, typed) for one in fields],
        wrong=fault.field if fault else None,
        parts_seen=parts_of(desk, checked) if checked is not None else [],
        stands=activating_of(desk, row) if act == "activate" else None,
        **tell(desk, fault),
    )


def entry_of(desk: Desk, one: Shown, typed: Form) -> Entry:
    """One field of a form that a provider's manifest makes; a secret is never given back."""
    setting, chinese = one.setting, desk.language == "zh-CN"
    hidden = _hidden(setting)
    return Entry(
        key=setting.key,
        label=setting.label_zh if chinese else setting.label_en,
        hint=setting.hint_zh if chinese else setting.hint_en,
        kind=_kind(one),
        choices=setting.choices,
        # What is kept already may be left blank.
        required=setting.required and not (hidden and one.given),
        value="" if hidden else typed.get(setting.key, one.text),
        kept=_kept(desk, one) if hidden and one.given else "",
    )


def _hidden(setting: Setting | None) -> bool:
    return setting is None or setting.secret or setting.type in _PEM


def _kind(one: Shown) -> str:
    if one.setting.type in _PEM:
        return "pem"
    if one.setting.type == "choice":
        return "choice"
    if one.setting.secret:
        return "password"
    return "number" if one.setting.type == "number" else "text"


def _kept(desk: Desk, one: Shown) -> str:
    if one.fingerprint:
        return desk.t("office.channel.kept.print", fingerprint=one.fingerprint)
    return desk.t("office.channel.kept.tail", tail=one.tail) if one.tail else desk.t("office.channel.kept")


async def _row(desk: Desk) -> Row:
    found = await account_by_id(desk.app.store, desk.merchant_id, id_in(desk))
    if found is None:
        raise ACCOUNT_UNKNOWN()
    return found


CONFIGURING: Final = Danger(act="configure_account", tell=_configuring, carry_out=save)
ACTIVATING: Final = Danger(act="activate_account", tell=_activating, carry_out=activated)

"""Activate an account (激活): the provider hands out its settings for a code, and they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.basis import Both, Fault
from counterfoil.channels.configure import settings_before
from counterfoil.people import Act, Actor, Means, Permission, demand, demand_second, in_service
from counterfoil.providers import (
    ACCOUNT_MOVED,
    ACCOUNT_UNKNOWN,
    ACTIVATION_NOT_SENT,
    ACTIVATION_REFUSED,
    ACTIVATION_UNKNOWN,
    Accounts,
    Checked,
    Declined,
    Manifest,
    Outcome,
    Unknown,
    Why,
    account_by_id,
    check,
    pasted,
    read_settings,
    sealing,
)
from counterfoil.store import Row, Stale

_ROUNDS_MAX: Final = 5


async def activate(means: Means, accounts: Accounts, actor: Actor, account_id: str, told: Mapping[str, str]) -> Checked:
    """Ask the provider for the account's settings with ``told``, keep what it hands out, and check the connection.

    What was handed out is kept before anything else: a code mostly works once. Raises Refused CF-2021 (may not),
    CF-4213 (no such account, or none of a provider that activates), CF-42xx naming the field that cannot be used,
    CF-4282 to CF-4284 (nothing was handed out), CF-4214 (changed by somebody else again and again).
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_ACCOUNTS)
    await demand_second(means.store, actor, Act.ACTIVATE_ACCOUNT)
    # 2 load
    account = await _account(means, actor, account_id)
    manifest = accounts.manifest(account["provider"])
    if not manifest.activation:
        raise ACCOUNT_UNKNOWN()
    # 3 can what was entered be used
    form = manifest.of_activation
    entered = read_settings(form, account["name"], account["environment"], pasted(form, told, {}))
    # 4 call, once
    handed = await accounts.activate(account, entered)
    if not isinstance(handed, Mapping):
        raise _refusal(manifest, handed)
    # 5 commit with its fact
    kept = {key: value for key, value in entered.items() if manifest.setting(key) is not None} | dict(handed)
    account = await _keep(means, accounts, actor, account, kept)
    return await check(accounts, account, means.clock)


async def _keep(means: Means, accounts: Accounts, actor: Actor, account: Row, handed: Mapping[str, str]) -> Row:
    """The account with what was handed out in its settings, stored; the other settings stay."""
    for _ in range(_ROUNDS_MAX):
        change = sealing(
            accounts.vault,
            account,
            {**settings_before(accounts, account), **handed},
            actor=actor.person_id,
            relied=await in_service(means, actor),
            change_id=means.ids.uuid(),
            at=means.clock.now(),
        )
        try:
            await means.store.commit(change)
        except Stale:
            account = await _account(means, actor, account["id"])
        else:
            return await _account(means, actor, account["id"])
    raise ACCOUNT_MOVED()


async def _account(means: Means, actor: Actor, account_id: str) -> Row:
    found = await account_by_id(means.store, actor.merchant_id, account_id)
    if found is None:
        raise ACCOUNT_UNKNOWN()
    return found


def _refusal(manifest: Manifest, outcome: Outcome) -> Fault:
    match outcome:
        case Declined(code=code):
            kind, said = ACTIVATION_REFUSED, code
        case Unknown(why=Why.NOT_SENT, detail=said):
            kind = ACTIVATION_NOT_SENT
        case Unknown(detail=said):
            kind = ACTIVATION_UNKNOWN
        case _:
            kind, said = ACTIVATION_UNKNOWN, ""
    return kind(provider=Both(manifest.name_zh, manifest.name_en), said=said)

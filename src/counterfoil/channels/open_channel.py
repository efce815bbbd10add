"""Open an account with its settings, in one go: tried against the provider first, and nothing kept if that fails."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from counterfoil.basis import Broken
from counterfoil.channels.activate import refusal
from counterfoil.people import Act, Actor, Means, Permission, demand, demand_second, in_service
from counterfoil.providers import (
    ACCOUNT_MOVED,
    ACCOUNT_NAME_TAKEN,
    ACCOUNT_NAME_WRONG,
    ENVIRONMENTS,
    NAME_MAX,
    Accounts,
    Checked,
    Given,
    Manifest,
    OpenAccount,
    account_by_id,
    account_by_name,
    check,
    hold_same,
    merchant_no_of,
    opening_sealed,
    pasted,
    read_settings,
    settings_wrong,
)
from counterfoil.store import Repeated, Row, Stale

_ROUNDS_MAX: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChannel:
    """``id`` is the caller's UUID, so that a repeat opens nothing twice; ``told`` is the form of the provider.

    ``activation``: ``told`` are the fields of its activation, for which the provider hands out the settings.
    """

    id: str
    provider: str
    name: str
    environment: str
    told: Mapping[str, str]
    activation: bool = False


async def open_channel(means: Means, accounts: Accounts, actor: Actor, new: NewChannel) -> Checked | None:
    """Open it where the provider answers; keep nothing where it does not: the answer's ``good`` says which.

    None: a repeat of an id under which this very channel was opened. What an activation handed out is kept whatever the
    check says then, since a code mostly works once. Raises Refused CF-2021 (may not), CF-4206 (no such provider),
    CF-4209 (environment), CF-4112 (name), CF-4210 (name taken), CF-42xx naming the field that cannot be used, CF-4299
    (the id stands for other content; names what differs), CF-4282 to CF-4284 (nothing was handed out), CF-2150
    (nobody else approved it).
    """
    # 1 may this person do it, can it be used, 2 was this id seen before, is the name free
    demand(actor, Permission.MANAGE_ACCOUNTS)
    await demand_second(means.store, actor, Act.OPEN_ACCOUNT)
    manifest = accounts.manifest(new.provider)
    asked, entered, before = await _read(means, accounts, actor, new)
    if before:
        return None
    # 3 does the provider answer, or hand the settings out
    row = _to_be(asked)
    if new.activation:
        settings = await _handed(means, accounts, manifest, row, entered)
        if settings is None:
            return None
        checked = None
    else:
        settings, checked = entered, await check(accounts, row, means.clock, entered)
        if not checked.good:
            return checked
    # 4 commit with its facts
    asked = replace(asked, merchant_no=merchant_no_of(manifest, settings))
    await _keep(means, accounts, actor, asked, settings)
    return checked or await _check_kept(means, accounts, asked)


async def check_channel(means: Means, accounts: Accounts, actor: Actor, new: NewChannel) -> None:
    """Whether it could be, before the provider is asked: what is shown first. Raises what ``open_channel`` does."""
    demand(actor, Permission.MANAGE_ACCOUNTS)
    await _read(means, accounts, actor, new)


async def _read(
    means: Means, accounts: Accounts, actor: Actor, new: NewChannel
) -> tuple[OpenAccount, Mapping[str, str], bool]:
    """The account to be, what was entered for it, and whether this very account is there already."""
    manifest = accounts.manifest(new.provider)
    name = _name(new.name)
    if new.environment not in ENVIRONMENTS:
        raise settings_wrong("environment", field="environment")
    form = manifest.of_activation if new.activation else manifest
    entered = read_settings(form, name, new.environment, pasted(form, new.told, {}))
    asked = _asked(actor, new, name, merchant_no_of(form, entered))
    # A code that is used up says nothing of what it was used for.
    return asked, entered, await _opened_before(means, accounts, asked, None if new.activation else entered)


def _name(typed: str) -> str:
    name = unicodedata.normalize("NFC", typed).strip()
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise ACCOUNT_NAME_WRONG(field="name", most=str(NAME_MAX))
    return name


def _asked(actor: Actor, new: NewChannel, name: str, merchant_no: str) -> OpenAccount:
    return OpenAccount(
        id=new.id,
        merchant_id=actor.merchant_id,
        provider=new.provider,
        name=name,
        environment=new.environment,
        merchant_no=merchant_no,
        actor=actor.person_id,
    )


def _to_be(asked: OpenAccount) -> Row:
    """The account as a connector is built from it, before it is there."""
    row: dict[str, Any] = {name: getattr(asked, name) for name in ("id", "merchant_id", "provider", "name")}
    told = {"environment": asked.environment, "merchant_no": asked.merchant_no, "version": 0}
    return row | told | {"sealed_settings": None, "sealed_state": None}


async def _opened_before(means: Means, accounts: Accounts, asked: OpenAccount, told: Mapping[str, str] | None) -> bool:
    """Whether this very account is there. Raises Refused where its id or its name stands for another one."""
    found = await account_by_id(means.store, asked.merchant_id, asked.id)
    if found is not None:
        hold_same(found, asked, accounts.settings(found), told)
        return True
    if await account_by_name(means.store, asked.merchant_id, asked.name) is not None:
        raise ACCOUNT_NAME_TAKEN(field="name", account=asked.name)
    return False


async def _handed(
    means: Means, accounts: Accounts, manifest: Manifest, row: Row, entered: Mapping[str, str]
) -> Mapping[str, str] | None:
    """What the provider hands out for the code; None where a repeat of this request has been served meanwhile."""
    handed = await accounts.activate(row, entered)
    if not isinstance(handed, Mapping):
        if await account_by_id(means.store, row["merchant_id"], row["id"]) is not None:
            return None
        raise refusal(manifest, handed)
    return {key: value for key, value in entered.items() if manifest.setting(key) is not None} | dict(handed)


async def _keep(
    means: Means, accounts: Accounts, actor: Actor, asked: OpenAccount, settings: Mapping[str, str]
) -> None:
    manifest = accounts.manifest(asked.provider)
    for _ in range(_ROUNDS_MAX):
        change = opening_sealed(
            accounts.vault,
            manifest,
            asked,
            Given(settings=settings, relied=await in_service(means, actor)),
            change_id=means.ids.uuid(),
            at=means.clock.now(),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        except Repeated:
            await _opened_before(means, accounts, asked, settings)
        except Broken:
            # Where two open one of the same name at once, the unique index decides.
            if not await _opened_before(means, accounts, asked, settings):
                raise
        return
    raise ACCOUNT_MOVED()


async def _check_kept(means: Means, accounts: Accounts, asked: OpenAccount) -> Checked:
    account = await account_by_id(means.store, asked.merchant_id, asked.id)
    if account is None:
        raise ACCOUNT_MOVED()
    return await check(accounts, account, means.clock)

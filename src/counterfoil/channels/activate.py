"""Activate an account (激活): the provider hands out its settings for a code, and they are sealed.

A provider hands out a key once and never again. So that nobody is left guessing, it stands in the account's row before
the call that one is under way, and the key is kept in a Change that nothing but the database can refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.basis import MICROS, Both, Fault, Trouble
from counterfoil.channels.configure import settings_before
from counterfoil.people import Actor, Means, Permission, demand, in_service
from counterfoil.providers import (
    ACCOUNT_MOVED,
    ACCOUNT_UNKNOWN,
    ACTIVATION_LOST,
    ACTIVATION_NOT_SENT,
    ACTIVATION_REFUSED,
    ACTIVATION_UNKNOWN,
    NO_ANSWER,
    NOT_SENT,
    REFUSED,
    Accounts,
    By,
    Checked,
    Declined,
    Manifest,
    Outcome,
    Unknown,
    Why,
    account_by_id,
    activation_begun,
    activation_ended,
    check,
    pasted,
    read_settings,
    sealing,
)
from counterfoil.store import Change, Row, Stale

# With the provider's answer before it, less than a request may take.
KEEP_SECONDS: Final = 20.0
_AGAIN_SECONDS: Final = 0.5
_ROUNDS_MAX: Final = 5
_HOW: Final = {ACTIVATION_REFUSED: REFUSED, ACTIVATION_NOT_SENT: NOT_SENT, ACTIVATION_UNKNOWN: NO_ANSWER}


async def activate(means: Means, accounts: Accounts, actor: Actor, account_id: str, told: Mapping[str, str]) -> Checked:
    """Ask the provider for the account's settings with ``told``, keep what it hands out, and check the connection.

    What was handed out is kept before anything else, and is tried again while the database is away. Raises Refused
    CF-2021 (may not), CF-4213 (no such account, or none of a provider that activates), CF-42xx naming the field that
    cannot be used, CF-4282 to CF-4284 (nothing was handed out), CF-4250 (handed out, and could not be kept), CF-4214
    (changed by somebody else again and again).
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_ACCOUNTS)
    # 2 load
    account = await _account(means, actor, account_id)
    manifest = accounts.manifest(account["provider"])
    if not manifest.activation:
        raise ACCOUNT_UNKNOWN()
    # 3 can what was entered be used
    form = manifest.of_activation
    entered = read_settings(form, account["name"], account["environment"], pasted(form, told, {}))
    # 4 commit that it begins
    begun_at = means.clock.now()
    account = await _begun(means, actor, account, begun_at)
    # 5 call, once
    handed = await accounts.activate(account, entered)
    # 6 commit what was handed out, or that nothing was
    if not isinstance(handed, Mapping):
        raise await _ended(means, actor, account, begun_at, refusal(manifest, handed))
    kept = {key: value for key, value in entered.items() if manifest.setting(key) is not None} | dict(handed)
    account = await _keep(means, accounts, actor, account, kept)
    return await check(accounts, account, means.clock)


async def _begun(means: Means, actor: Actor, account: Row, at: int) -> Row:
    for _ in range(_ROUNDS_MAX):
        relied = await in_service(means, actor)
        change_id = means.ids.uuid()
        change = activation_begun(account, actor=actor.person_id, relied=relied, change_id=change_id, at=at)
        try:
            await means.store.commit(change)
        except Stale:
            account = await _account(means, actor, account["id"])
        else:
            return await _account(means, actor, account["id"])
    raise ACCOUNT_MOVED()


async def _ended(means: Means, actor: Actor, account: Row, begun_at: int, refusal: Fault) -> Fault:
    """The refusal, noted; where that cannot be written the activation stays open, which is the more careful word."""
    for _ in range(_ROUNDS_MAX):
        change = activation_ended(
            account,
            _HOW[refusal.kind],
            begun_at=begun_at,
            actor=actor.person_id,
            change_id=means.ids.uuid(),
            at=means.clock.now(),
        )
        try:
            await means.store.commit(change)
        except Stale:
            account = await _account(means, actor, account["id"])
        except Trouble:
            break
        else:
            break
    return refusal


async def _keep(means: Means, accounts: Accounts, actor: Actor, account: Row, handed: Mapping[str, str]) -> Row:
    """The account with what was handed out in its settings, stored; the other settings stay.

    Nobody is asked any more whether it may be: they were before the call. Raises Refused CF-4250.
    """
    until = means.clock.now() + int(KEEP_SECONDS * MICROS)
    change = _sealing(means, accounts, actor, account, handed)
    while True:
        try:
            kept = await _stored(means, change)
            account = await _account(means, actor, account["id"])
        except Trouble as trouble:
            if means.clock.now() >= until:
                raise ACTIVATION_LOST(provider=_provider(accounts.manifest(account["provider"]))) from trouble
            await means.clock.sleep(_AGAIN_SECONDS)
            continue
        # A commit nobody heard the end of may have been made after all.
        if kept or account["last_change"] == change.change_id:
            return account
        change = _sealing(means, accounts, actor, account, handed)


async def _stored(means: Means, change: Change) -> bool:
    """Whether it could be stored; somebody else was at the account where not."""
    try:
        await means.store.commit(change)
    except Stale:
        return False
    return True


def _sealing(means: Means, accounts: Accounts, actor: Actor, account: Row, handed: Mapping[str, str]) -> Change:
    before = settings_before(accounts, account)
    return sealing(
        accounts.vault,
        accounts.manifest(account["provider"]),
        account,
        {**before, **handed},
        before=before,
        by=By(actor=actor.person_id, relied=None, at=means.clock.now()),
        change_id=means.ids.uuid(),
    )


async def _account(means: Means, actor: Actor, account_id: str) -> Row:
    found = await account_by_id(means.store, actor.merchant_id, account_id)
    if found is None:
        raise ACCOUNT_UNKNOWN()
    return found


def _provider(manifest: Manifest) -> Both:
    return Both(manifest.name_zh, manifest.name_en)


def refusal(manifest: Manifest, outcome: Outcome) -> Fault:
    """Why a provider handed nothing out, and whether the code may be used up."""
    match outcome:
        case Declined(code=code):
            kind, said = ACTIVATION_REFUSED, code
        case Unknown(why=Why.NOT_SENT, detail=said):
            kind = ACTIVATION_NOT_SENT
        case Unknown(detail=said):
            kind = ACTIVATION_UNKNOWN
        case _:
            kind, said = ACTIVATION_UNKNOWN, ""
    return kind(provider=_provider(manifest), said=said)

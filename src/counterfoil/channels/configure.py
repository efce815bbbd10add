"""Give an account its settings, as they were entered in a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.basis import Refused
from counterfoil.people import Actor, Means, Permission, demand, in_service
from counterfoil.providers import (
    ACCOUNT_MOVED,
    ACCOUNT_UNKNOWN,
    Accounts,
    By,
    Checked,
    account_by_id,
    check,
    pasted,
    read_settings,
    sealing,
)
from counterfoil.store import Row, Stale

_ROUNDS_MAX: Final = 5


async def configure(
    means: Means, accounts: Accounts, actor: Actor, account_id: str, told: Mapping[str, str]
) -> Checked:
    """Try ``told`` against the provider and, where all is right, keep it; nothing is kept where it is not.

    A secret or certificate that is left blank stays as it was. Whoever is to be told what was found wrong looks at the
    answer's ``good``. Raises Refused CF-2021 (may not), CF-4213 (no such account), CF-42xx naming the field that cannot
    be used, CF-4214 (changed by somebody else again and again).
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_ACCOUNTS)
    for _ in range(_ROUNDS_MAX):
        # 2 load
        account = await account_by_id(means.store, actor.merchant_id, account_id)
        if account is None:
            raise ACCOUNT_UNKNOWN()
        # 3 can it be used, and does the provider answer
        manifest = accounts.manifest(account["provider"])
        before = settings_before(accounts, account)
        given = pasted(manifest, told, before)
        kept = read_settings(manifest, account["name"], account["environment"], given)
        checked = await check(accounts, account, means.clock, kept)
        if not checked.good:
            return checked
        # 4 commit with its fact
        change = sealing(
            accounts.vault,
            manifest,
            account,
            kept,
            before=before,
            by=By(actor=actor.person_id, relied=await in_service(means, actor), at=means.clock.now()),
            change_id=means.ids.uuid(),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return checked
    raise ACCOUNT_MOVED()


def settings_before(accounts: Accounts, account: Row) -> Mapping[str, str]:
    """What the account was given before, keys as text; nothing where that can no longer be opened or read."""
    try:
        manifest = accounts.manifest(account["provider"])
        return read_settings(manifest, account["name"], account["environment"], accounts.settings(account))
    except Refused:
        return {}

"""Check the connection of an account (连接检测)."""

from __future__ import annotations

from counterfoil.people import Actor, Means, Permission, demand
from counterfoil.providers import ACCOUNT_UNKNOWN, Accounts, Checked, account_by_id, check


def may_check(actor: Actor) -> bool:
    """Whether they may."""
    return actor.may(Permission.MANAGE_ACCOUNTS)


async def check_account(means: Means, accounts: Accounts, actor: Actor, account_id: str) -> Checked:
    """Look at the account as it is. Writes nothing.

    Raises Refused CF-2021 (may not), CF-4213 (no such account).
    """
    demand(actor, Permission.MANAGE_ACCOUNTS)
    account = await account_by_id(means.store, actor.merchant_id, account_id)
    if account is None:
        raise ACCOUNT_UNKNOWN()
    return await check(accounts, account, means.clock)

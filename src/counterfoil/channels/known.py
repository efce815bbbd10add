"""What an account's provider knows about us (渠道登记的资料): its own records of merchant and terminal, only read."""

from __future__ import annotations

from counterfoil.people import Actor, Means, Permission, demand
from counterfoil.providers import (
    ACCOUNT_UNKNOWN,
    Ability,
    Accounts,
    SaidField,
    account_by_id,
    known_of,
)


def tells_what_it_knows(accounts: Accounts, provider: str) -> bool:
    """Whether such a provider can be asked."""
    return Ability.ACCOUNT_READS in accounts.manifest(provider).abilities


async def what_it_knows(
    means: Means, accounts: Accounts, actor: Actor, account_id: str, read: str
) -> tuple[SaidField, ...]:
    """The answer to one of its manifest's ``reads``. Writes nothing.

    Raises Refused CF-2021 (may not), CF-4213 (no such account, or its provider tells nothing), CF-42xx (settings,
    another read); Trouble CF-4234 where no good answer came.
    """
    demand(actor, Permission.MANAGE_ACCOUNTS)
    account = await account_by_id(means.store, actor.merchant_id, account_id)
    if account is None or not tells_what_it_knows(accounts, account["provider"]):
        raise ACCOUNT_UNKNOWN()
    return await known_of(accounts, account, read, means.clock)

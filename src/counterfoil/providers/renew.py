"""Renew (换密钥) what a provider renews from time to time, before an account is used again.

That a renewal begins is stored before the provider is called, so that two processes never renew one account at the same
time; what was handed out is stored before anything else is asked. A process that dies between the two leaves the
account as it was, with a renewal under way that is due again after a while.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from counterfoil.basis import Ids, Trouble
from counterfoil.evidence import SYSTEM
from counterfoil.providers.accounts import Accounts
from counterfoil.providers.connector import Renewing
from counterfoil.providers.facts import ACCOUNT_KEY_ROTATED
from counterfoil.providers.reading import Reads, account_by_id
from counterfoil.providers.sealed_settings import key_print
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Committed, Fact, Guard, Row, Stale

# A key is fetched, and then tried.
_STEPS: Final = 2


class Store(Reads, Protocol):
    """What this act asks of the store."""

    async def commit(self, change: Change) -> Committed:
        """Make ``change`` durable."""
        ...


async def renewed(store: Store, accounts: Accounts, ids: Ids, account: Row) -> Row:
    """The account as it stands once what was due is renewed; as it was where nothing is, or another is at it.

    A renewal that fails is no reason not to go on: what is there is used until the next one.
    """
    for _ in range(_STEPS):
        connector = accounts.connector(account)
        if not (isinstance(connector, Renewing) and connector.renewal_due()):
            return account
        begun = await _kept(store, accounts, ids, account, connector.renewal_begun())
        if begun is None:
            return await account_by_id(store, account["merchant_id"], account["id"]) or account
        answered = await connector.renew()
        if answered.new_account_state is None:
            return begun
        state, now = answered.new_account_state, accounts.now()
        account = await _kept(store, accounts, ids, begun, state, at=now) or begun
    return account


async def _kept(
    store: Store, accounts: Accounts, ids: Ids, account: Row, state: bytes, *, at: int | None = None
) -> Row | None:
    """The account with its new state, stored; None where somebody else wrote it first, or it could not be stored.

    ``at``: a key was handed out then, which is a fact.
    """
    written: dict[str, Any] = {"sealed_state": accounts.sealed(account, state)}
    change = Change(
        change_id=ids.uuid(),
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, written),),
        facts=() if at is None else (_fact(accounts, account, state, at),),
    )
    try:
        await store.commit(change)
    except (Stale, Trouble):
        return None
    return await account_by_id(store, account["merchant_id"], account["id"])


def _fact(accounts: Accounts, account: Row, state: bytes, at: int) -> Fact:
    """Which state took the place of which, each by a print: what is in it is the provider's own matter, and secret."""
    was = accounts.state(account)
    before = "" if was is None else key_print(account["id"], was.reveal().hex())
    after = key_print(account["id"], state.hex())
    return ACCOUNT_KEY_ROTATED.fact(
        at=at, actor=SYSTEM, subject=account["id"], before={"state": before}, after={"state": after}
    )

"""Questions about provider accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Select, select

from counterfoil.providers.tables import provider_account, provider_route
from counterfoil.store import Row

ACTIVE = "active"


class Reads(Protocol):
    """What this area asks of the store."""

    async def fetch(self, statement: Select[Any]) -> Sequence[Row]:
        """The rows of ``statement``."""
        ...


async def account_by_id(store: Reads, merchant_id: int, account_id: str) -> Row | None:
    """The account of that id at this merchant."""
    found = await store.fetch(_of(merchant_id).where(provider_account.c.id == account_id))
    return found[0] if found else None


async def account_by_name(store: Reads, merchant_id: int, name: str) -> Row | None:
    """The account of that name at this merchant."""
    found = await store.fetch(_of(merchant_id).where(provider_account.c.name == name))
    return found[0] if found else None


async def accounts_of_provider(store: Reads, merchant_id: int, provider: str) -> Sequence[Row]:
    """All accounts of this merchant at one provider, by name."""
    return await store.fetch(
        _of(merchant_id).where(provider_account.c.provider == provider).order_by(provider_account.c.name)
    )


async def accounts(store: Reads, merchant_id: int) -> Sequence[Row]:
    """All accounts of this merchant, by name, also those through which it takes no more."""
    return await store.fetch(_of(merchant_id).order_by(provider_account.c.name))


async def active_accounts(store: Reads, merchant_id: int) -> Sequence[Row]:
    """The accounts through which this merchant may take money now, by name."""
    return await store.fetch(
        _of(merchant_id).where(provider_account.c.state == ACTIVE).order_by(provider_account.c.name)
    )


async def routes(store: Reads, merchant_id: int) -> Sequence[Row]:
    """Every place and method of this merchant that has a route, or had one."""
    statement = select(provider_route).where(provider_route.c.merchant_id == merchant_id)
    return await store.fetch(statement.order_by(provider_route.c.scope, provider_route.c.method))


def _of(merchant_id: int) -> Select[Any]:
    return select(provider_account).where(provider_account.c.merchant_id == merchant_id)

"""A shop whose only account is at Shouqianba's sandbox, and time that passes when told."""

from __future__ import annotations

from sqlalchemy import select

from counterfoil.providers import provider_account, scan
from counterfoil.providers.shouqianba.connector import UPAY
from counterfoil.testing.clock import ManualClock
from tests.providers.any_shop import held, open_shop_at

__all__ = ["ACCOUNT", "NOWHERE", "account_of", "held", "open_shop"]
ACCOUNT = select(provider_account).where(provider_account.c.provider == "shouqianba")
NOWHERE = UPAY + "nowhere"


def open_shop(folder, clock=None):
    """Opened again in the same folder it goes on where it was."""
    return open_shop_at(folder, scan()["shouqianba"], clock or ManualClock())


async def account_of(house):
    return (await house.app.store.fetch(ACCOUNT))[0]

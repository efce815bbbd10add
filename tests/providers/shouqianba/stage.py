"""A shop whose only account is at Shouqianba's sandbox, and time that passes when told."""

from __future__ import annotations

from functools import cache, partial

from sqlalchemy import select

from counterfoil.providers import provider_account, scan
from counterfoil.providers.shouqianba.connector import UPAY
from counterfoil.providers.shouqianba.sandbox import new_private_key, open_sandbox
from counterfoil.testing.clock import ManualClock
from tests.providers.any_shop import held, open_shop_at

__all__ = ["ACCOUNT", "NOWHERE", "account_of", "held", "open_shop"]
ACCOUNT = select(provider_account).where(provider_account.c.provider == "shouqianba")
NOWHERE = UPAY + "nowhere"
# One for all sandboxes of a process: looking for primes takes long.
one_key = cache(new_private_key)


def open_shop(folder, clock=None, public_url=None, database=None):
    """Opened again in the same folder it goes on where it was. ``public_url``: where a test serves its doors."""
    opener = partial(open_sandbox, new_key=one_key)
    shouqianba = scan()["shouqianba"]
    return open_shop_at(
        folder, shouqianba, clock or ManualClock(), public_url=public_url, opener=opener, database=database
    )


async def account_of(house):
    return (await house.app.store.fetch(ACCOUNT))[0]

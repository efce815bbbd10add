"""Deactivate and reinstate a provider account (停用、恢复收款通道)."""

from __future__ import annotations

from typing import Final

from counterfoil.people import SETTING_WRONG, Actor, Means, Permission, demand, in_service
from counterfoil.providers import ACCOUNT_MOVED, ACCOUNT_UNKNOWN, account_by_id, switching
from counterfoil.store import Stale

REASONS: Final = ("PROVIDER_FAULT", "MAINTENANCE", "CONTRACT_ENDED", "PROVIDER_CHANGED", "TEST")
REINSTATED: Final = "REINSTATED"
_ROUNDS_MAX: Final = 5


async def switch_account(means: Means, actor: Actor, account_id: str, *, on: bool, reason: str = REINSTATED) -> None:
    """Deactivate the account for one of REASONS, or take it into use again; nothing where it is so already.

    Raises Refused CF-2021 (may not), CF-2017 (no such reason), CF-4213 (no such account), CF-4214 (changed
    by somebody else again and again).
    """
    # 1 may this person do it, and is there such a reason
    demand(actor, Permission.SWITCH_ACCOUNT)
    if not on and reason not in REASONS:
        raise SETTING_WRONG(field="reason")
    for _ in range(_ROUNDS_MAX):
        # 2 load
        account = await account_by_id(means.store, actor.merchant_id, account_id)
        if account is None:
            raise ACCOUNT_UNKNOWN()
        # 3 commit with its fact
        change = switching(
            account,
            on=on,
            reason=REINSTATED if on else reason,
            actor=actor.person_id,
            relied=await in_service(means, actor),
            change_id=means.ids.uuid(),
            at=means.clock.now(),
        )
        try:
            if change is not None:
                await means.store.commit(change)
        except Stale:
            continue
        return
    raise ACCOUNT_MOVED()

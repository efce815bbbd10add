"""Deactivate (停用) and reinstate (恢复) a provider account: what is written; who may and why is ``retirement``'s."""

from __future__ import annotations

from typing import Final

from counterfoil.providers.facts import ACCOUNT_DEACTIVATED, ACCOUNT_REINSTATED
from counterfoil.providers.reading import ACTIVE
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Guard, Require, Row

DEACTIVATED: Final = "deactivated"


def switching(
    account: Row, *, on: bool, reason: str, actor: str, relied: Require, change_id: str, at: int
) -> Change | None:
    """The Change that writes the account's state with its fact; None where it is in that state already. Pure.

    ``relied``: that the actor is still in service when it is written. ``at`` in UTC microseconds.
    """
    state = ACTIVE if on else DEACTIVATED
    if account["state"] == state:
        return None
    kind = ACCOUNT_REINSTATED if on else ACCOUNT_DEACTIVATED
    return Change(
        change_id=change_id,
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, {"state": state}),),
        requires=(relied,),
        facts=(kind.fact(at=at, actor=actor, subject=account["id"], reason=reason),),
    )

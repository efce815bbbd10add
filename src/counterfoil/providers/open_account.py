"""Open a provider account (收款通道): the row that says a merchant has a contract with a provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from counterfoil.basis import Clock, Ids
from counterfoil.evidence import SYSTEM
from counterfoil.providers.facts import ACCOUNT_OPENED
from counterfoil.providers.faults import ACCOUNT_NAME_TAKEN, settings_wrong
from counterfoil.providers.manifest import Manifest
from counterfoil.providers.reading import ACTIVE, Reads, account_by_name
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Committed, Insert, Repeated

ENVIRONMENTS = ("sandbox", "live")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """``id`` is the caller's, so that a repeat opens nothing twice; ``actor`` a person's id or ``system``."""

    id: str
    merchant_id: int
    provider: str
    name: str
    environment: str
    merchant_no: str
    actor: str = SYSTEM


class Store(Reads, Protocol):
    """What this act asks of the store."""

    async def commit(self, change: Change) -> Committed:
        """Make ``change`` durable."""
        ...


async def open_account(store: Store, clock: Clock, ids: Ids, manifest: Manifest, asked: OpenAccount) -> None:
    """Open the account, active from now. A repeat of the same id is taken as done.

    Raises Refused CF-4206 for a manifest of another provider, CF-4209 for the environment, CF-4210 for a taken name.
    """
    if manifest.id != asked.provider:
        raise settings_wrong("provider", field="provider", provider=asked.provider)
    if asked.environment not in ENVIRONMENTS:
        raise settings_wrong("environment", field="environment")
    named = await account_by_name(store, asked.merchant_id, asked.name)
    if named is not None:
        if named["id"] == asked.id:
            return
        raise ACCOUNT_NAME_TAKEN(field="name", account=asked.name)
    try:
        await store.commit(opening(manifest, asked, change_id=ids.uuid(), at=clock.now()))
    except Repeated:
        return


def opening(manifest: Manifest, asked: OpenAccount, *, change_id: str, at: int) -> Change:
    """The Change that opens it: one row, one fact. Pure."""
    row: dict[str, Any] = {
        "merchant_id": asked.merchant_id,
        "id": asked.id,
        "provider": asked.provider,
        "name": asked.name,
        "environment": asked.environment,
        "state": ACTIVE,
        "merchant_no": asked.merchant_no,
        "zone": manifest.zone,
        "cut_minute": manifest.cut_minute,
        "sealed_state": None,
        "sealed_settings": None,
        "settings_at": None,
        "activating_at": None,
        "made_at": at,
        "version": 1,
        "last_change": change_id,
    }
    fact = ACCOUNT_OPENED.fact(
        at=at,
        actor=asked.actor,
        subject=asked.id,
        provider=asked.provider,
        environment=asked.environment,
        merchant_no=asked.merchant_no,
    )
    return Change(
        change_id=change_id,
        merchant_id=asked.merchant_id,
        inserts=(Insert(provider_account, row),),
        facts=(fact,),
    )

"""What a provider handed out and must be kept between calls, sealed in the account's row: today's key, say."""

from __future__ import annotations

from counterfoil.basis import Secret
from counterfoil.providers.vault import Vault
from counterfoil.store import Row


def sealed_state(vault: Vault | None, account: Row, state: bytes) -> bytes:
    """``state`` as the column ``sealed_state`` holds it; as it is where there is no vault, which tests alone have."""
    return state if vault is None else vault.seal(state, place=state_place(account))


def opened_state(vault: Vault | None, account: Row) -> Secret[bytes] | None:
    """What was kept; None where nothing was. Raises Refused CF-4270 where no key opens it."""
    sealed = account.get("sealed_state")
    if sealed is None:
        return None
    return Secret(bytes(sealed) if vault is None else vault.open(bytes(sealed), place=state_place(account)))


def state_place(account: Row) -> str:
    """Where a state belongs: what is sealed for one account opens for no other."""
    return f"provider_account|sealed_state|{account['merchant_id']}|{account['id']}"

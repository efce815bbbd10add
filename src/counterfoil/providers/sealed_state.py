"""What a provider handed out and must be kept between calls, sealed in the account's row: today's key, say."""

from __future__ import annotations

from counterfoil.basis import NotOpened, Secret, Vault
from counterfoil.providers.channel_faults import SEAL_KEY_LOST
from counterfoil.store import Row


def sealed_state(vault: Vault | None, account: Row, state: bytes) -> bytes:
    """``state`` as the column ``sealed_state`` holds it; as it is where there is no vault, which tests alone have."""
    return state if vault is None else vault.seal(state, place=state_place(account))


def opened_state(vault: Vault | None, account: Row) -> Secret[bytes] | None:
    """What was kept; None where nothing was. Raises Refused CF-4270 where no key opens it."""
    sealed = account.get("sealed_state")
    if sealed is None:
        return None
    return Secret(bytes(sealed) if vault is None else opened(vault, bytes(sealed), state_place(account)))


def opened(vault: Vault, sealed: bytes, place: str) -> bytes:
    """What was sealed for ``place``. Raises Refused CF-4270 where no key opens it."""
    try:
        return vault.open(sealed, place=place)
    except NotOpened as error:
        raise SEAL_KEY_LOST() from error


def state_place(account: Row) -> str:
    """Where a state belongs: what is sealed for one account opens for no other."""
    return f"provider_account|sealed_state|{account['merchant_id']}|{account['id']}"

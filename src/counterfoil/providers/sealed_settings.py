"""An account's settings as they were entered in the office: sealed in its row, and what may be shown of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from counterfoil.basis import Vault
from counterfoil.providers.channel_faults import NOT_PASTED_WHOLE, SEAL_KEY_LOST
from counterfoil.providers.facts import ACCOUNT_CONFIGURED
from counterfoil.providers.manifest import PEM, Manifest, Setting
from counterfoil.providers.sealed_state import opened, state_place
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Guard, Require, Row

_BEGIN: Final = "-----BEGIN "
_SHOWN_OF_SECRET: Final = 4
# Of a shorter secret its end says too much.
_SECRET_MIN: Final = 12
# What a copied text brings along and nobody sees.
_UNSEEN: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What may be shown of one field: ``text`` of what is no secret, ``print`` or ``tail`` of what is one."""

    setting: Setting
    given: bool
    text: str = ""
    fingerprint: str = ""
    tail: str = ""


def pasted(manifest: Manifest, told: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form, without what copying brings along; a secret that was left blank stays as it was before.

    Raises Refused CF-4280 for a key or certificate that is not PEM text: a form names no files of this machine.
    """
    given: dict[str, str] = {}
    for setting in manifest.settings:
        value = told.get(setting.key, "").translate(_UNSEEN).strip()
        if not value and (setting.secret or setting.type in PEM):
            value = before.get(setting.key, "")
        elif value and setting.type in PEM and not value.startswith(_BEGIN):
            raise NOT_PASTED_WHOLE(field=setting.key, key=setting.key)
        if value:
            given[setting.key] = value
    return given


def sealing(
    vault: Vault, account: Row, given: Mapping[str, str], *, actor: str, relied: Require, change_id: str, at: int
) -> Change:
    """The Change that keeps ``given`` as the account's settings, with a fact that holds no secret. Pure but for salt.

    ``relied``: that the actor is still in service when it is written. ``at`` in UTC microseconds.
    """
    sealed = vault.seal(msgspec.json.encode(dict(sorted(given.items()))), place=_place(account))
    prints = {key: found for key, value in sorted(given.items()) if (found := fingerprint(value))}
    fact = ACCOUNT_CONFIGURED.fact(
        at=at, actor=actor, subject=account["id"], given=sorted(given), fingerprints=dict(prints)
    )
    return Change(
        change_id=change_id,
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, {"sealed_settings": sealed, "settings_at": at}),),
        requires=(relied,),
        facts=(fact,),
    )


def resealing(vault: Vault, account: Row, *, change_id: str) -> Change | None:
    """The Change that seals the same settings and state under the newest key; None where they are.

    Raises Refused CF-4270.
    """
    again = {}
    for column, place in (("sealed_settings", _place(account)), ("sealed_state", state_place(account))):
        sealed = account[column]
        if sealed is not None and not vault.is_newest(bytes(sealed)):
            again[column] = vault.seal(opened(vault, bytes(sealed), place), place=place)
    if not again:
        return None
    guard = Guard(provider_account, account, again)
    return Change(change_id=change_id, merchant_id=account["merchant_id"], guards=(guard,))


def unsealed(vault: Vault | None, account: Row) -> dict[str, str] | None:
    """The settings that were entered in the office; None where none were. Raises Refused CF-4270."""
    sealed = account.get("sealed_settings")
    if sealed is None:
        return None
    if vault is None:
        raise SEAL_KEY_LOST()
    return msgspec.json.decode(opened(vault, bytes(sealed), _place(account)), type=dict[str, str])


def shown(manifest: Manifest, settings: Mapping[str, str]) -> tuple[Shown, ...]:
    """Each field of the provider, with what may be shown of it."""
    return tuple(_shown(setting, settings.get(setting.key, "")) for setting in manifest.settings)


def fingerprint(value: str) -> str:
    """The first 16 hex digits of SHA-256 over the public half of a PEM key or certificate; "" of anything else."""
    if not value.startswith(_BEGIN):
        return ""
    try:
        if "CERTIFICATE" in value.partition("\n")[0]:
            der = x509.load_pem_x509_certificate(value.encode()).public_bytes(Encoding.DER)
        else:
            public: Any = load_pem_private_key(value.encode(), None).public_key()
            der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, TypeError):
        return ""
    return hashlib.sha256(der).hexdigest()[:16]


def _shown(setting: Setting, value: str) -> Shown:
    if not value:
        return Shown(setting=setting, given=False)
    if setting.type in PEM:
        return Shown(setting=setting, given=True, fingerprint=fingerprint(value))
    if setting.secret:
        return Shown(setting=setting, given=True, tail=value[-_SHOWN_OF_SECRET:] if len(value) >= _SECRET_MIN else "")
    return Shown(setting=setting, given=True, text=value)


def _place(account: Row) -> str:
    return f"provider_account|sealed_settings|{account['merchant_id']}|{account['id']}"

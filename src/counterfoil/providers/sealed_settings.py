"""An account's settings as they were entered in the office: sealed in its row, and what may be shown of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from counterfoil.basis import JSON, Vault, number_of
from counterfoil.evidence import SYSTEM
from counterfoil.providers.channel_faults import NOT_PASTED_WHOLE, SEAL_KEY_LOST
from counterfoil.providers.facts import ACCOUNT_CONFIGURED, ACCOUNT_KEY_ROTATED, ACCOUNT_RESEALED
from counterfoil.providers.manifest import PEM, Manifest, Setting
from counterfoil.providers.sealed_state import opened, state_place
from counterfoil.providers.tables import provider_account
from counterfoil.store import Change, Fact, Guard, Require, Row

_BEGIN: Final = "-----BEGIN "
_SHOWN_OF_SECRET: Final = 4
# Of a shorter secret its end says too much.
_SECRET_MIN: Final = 12
# A secret of fewer characters could be found by trying until its print is the same.
_GUESSED_MAX: Final = 16
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


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who gives an account its settings, that they are still in service, and when (UTC microseconds).

    ``relied`` is None where what is kept was handed out on their word before.
    """

    actor: str
    relied: Require | None
    at: int


def sealing(
    vault: Vault,
    manifest: Manifest,
    account: Row,
    given: Mapping[str, str],
    *,
    before: Mapping[str, str],
    by: By,
    change_id: str,
) -> Change:
    """The Change that keeps ``given`` as the account's settings, with facts that hold no secret. Pure but for salt.

    ``before``: the settings it had; keys that took the place of others are told in a fact of their own.
    It ends an activation that is open.
    """
    actor, at = by.actor, by.at
    facts = [configured(account["id"], given, actor=actor, at=at)]
    was, now = _rotated(manifest, account["id"], before, given)
    if was:
        facts.append(ACCOUNT_KEY_ROTATED.fact(at=at, actor=actor, subject=account["id"], before=was, after=now))
    written = {"sealed_settings": sealed(vault, account, given), "settings_at": at, "activating_at": None}
    return Change(
        change_id=change_id,
        merchant_id=account["merchant_id"],
        guards=(Guard(provider_account, account, written),),
        requires=() if by.relied is None else (by.relied,),
        facts=tuple(facts),
    )


def key_print(account_id: str, value: str) -> str:
    """What a key is known by without telling it: of PEM the prints of its public halves, separated by spaces.

    Of another secret the first 16 hex digits of SHA-256 over the account's id and it; "" of one short enough to guess.
    """
    if value.startswith(_BEGIN):
        return " ".join(fingerprints(value))
    return hashlib.sha256(f"{account_id}|{value}".encode()).hexdigest()[:16] if len(value) >= _GUESSED_MAX else ""


def _rotated(
    manifest: Manifest, account_id: str, before: Mapping[str, str], given: Mapping[str, str]
) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """The prints of the keys that were there and are others now, before and after, by field."""
    kinds = [setting.key for setting in manifest.settings if setting.secret or setting.type in PEM]
    keys = [key for key in kinds if key in before and given.get(key) != before[key]]
    was: dict[str, JSON] = {key: key_print(account_id, before[key]) for key in keys}
    now: dict[str, JSON] = {key: key_print(account_id, given.get(key, "")) for key in keys}
    return was, now


def sealed(vault: Vault, account: Row, given: Mapping[str, str]) -> bytes:
    """``given`` as the column ``sealed_settings`` of that account holds it."""
    return vault.seal(msgspec.json.encode(dict(sorted(given.items()))), place=_place(account))


def configured(account_id: str, given: Mapping[str, str], *, actor: str, at: int) -> Fact:
    """The fact that an account was given these settings: their names, and of a key the print of its public half."""
    prints = {key: found for key, value in sorted(given.items()) if (found := fingerprint(value))}
    return ACCOUNT_CONFIGURED.fact(
        at=at, actor=actor, subject=account_id, given=sorted(given), fingerprints=dict(prints)
    )


def resealing(vault: Vault, account: Row, *, change_id: str, at: int) -> Change | None:
    """The Change that seals the same settings and state under the newest key, with its fact; None where they are.

    One account at a time, each by itself: whoever is killed in between goes on where it was. ``at`` in UTC
    microseconds. Raises Refused CF-4270.
    """
    again = {}
    for column, place in (("sealed_settings", _place(account)), ("sealed_state", state_place(account))):
        was = account[column]
        if was is not None and not vault.is_newest(bytes(was)):
            again[column] = vault.seal(opened(vault, bytes(was), place), place=place)
    if not again:
        return None
    was = " ".join(sorted({number_of(bytes(account[column])) for column in again}))
    fact = ACCOUNT_RESEALED.fact(at=at, actor=SYSTEM, subject=account["id"], before=was, after=vault.newest)
    guard = Guard(provider_account, account, again)
    return Change(change_id=change_id, merchant_id=account["merchant_id"], guards=(guard,), facts=(fact,))


def unsealed(vault: Vault | None, account: Row) -> dict[str, str] | None:
    """The settings that were entered in the office; None where none were. Raises Refused CF-4270."""
    kept = account.get("sealed_settings")
    if kept is None:
        return None
    if vault is None:
        raise SEAL_KEY_LOST()
    return msgspec.json.decode(opened(vault, bytes(kept), _place(account)), type=dict[str, str])


def shown(manifest: Manifest, settings: Mapping[str, str]) -> tuple[Shown, ...]:
    """Each field of the provider, with what may be shown of it."""
    return tuple(_shown(setting, settings.get(setting.key, "")) for setting in manifest.settings)


def fingerprint(value: str) -> str:
    """The first 16 hex digits of SHA-256 over the public half of a PEM key or first certificate; "" of another."""
    return next(iter(fingerprints(value)), "")


def fingerprints(value: str) -> list[str]:
    """The same of each certificate that stands there."""
    if not value.startswith(_BEGIN):
        return []
    try:
        if "CERTIFICATE" in value.partition("\n")[0]:
            ders = [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(value.encode())]
        else:
            public: Any = load_pem_private_key(value.encode(), None).public_key()
            ders = [public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)]
    except (ValueError, TypeError):
        return []
    return [hashlib.sha256(der).hexdigest()[:16] for der in ders]


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

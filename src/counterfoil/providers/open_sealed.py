"""The Change that opens an account together with its settings: one row, two facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from counterfoil.basis import Vault
from counterfoil.providers.held_faults import OPENED_OTHERWISE
from counterfoil.providers.manifest import MERCHANT_NO, Manifest
from counterfoil.providers.open_account import OpenAccount, opening
from counterfoil.providers.sealed_settings import configured, sealed
from counterfoil.store import Change, Insert, Require, Row

NAME_MAX: Final = 40
_SAME: Final = ("provider", "name", "environment", "merchant_no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an account is opened with: settings as ``read_settings`` read them, and that its opener is in service."""

    settings: Mapping[str, str]
    relied: Require


def opening_sealed(
    vault: Vault, manifest: Manifest, asked: OpenAccount, given: Given, *, change_id: str, at: int
) -> Change:
    """The Change; ``at`` in UTC microseconds. A provider without settings has none sealed. Pure but for salt."""
    plain = opening(manifest, asked, change_id=change_id, at=at)
    relied = replace(plain, requires=(given.relied,))
    if not manifest.settings:
        return relied
    (insert,) = plain.inserts
    written = {"sealed_settings": sealed(vault, insert.row, given.settings), "settings_at": at}
    fact = configured(asked.id, given.settings, actor=asked.actor, at=at)
    return replace(relied, inserts=(Insert(insert.table, dict(insert.row) | written),), facts=(*plain.facts, fact))


def merchant_no_of(manifest: Manifest, settings: Mapping[str, str]) -> str:
    """The number that stands in the account's row; "" at a provider that gives none."""
    return settings.get(MERCHANT_NO, "") if manifest.setting(MERCHANT_NO) is not None else ""


def hold_same(account: Row, asked: OpenAccount, was: Mapping[str, str], told: Mapping[str, str] | None) -> None:
    """Hold that the account of this id is the one that is asked for again. Raises CF-4299 naming what differs.

    ``was``, ``told``: the settings then and now; None where the provider handed them out. Settings that were changed
    since say nothing of how it was opened.
    """
    for name in _SAME if told is not None else _SAME[:-1]:
        if account[name] != getattr(asked, name):
            raise OPENED_OTHERWISE(field=name, differs=name)
    if told is not None and account["settings_at"] == account["made_at"]:
        for key in sorted(was.keys() | told.keys()):
            if was.get(key) != told.get(key):
                raise OPENED_OTHERWISE(field=key, differs=key)

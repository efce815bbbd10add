"""What a provider can do, as data: ``manifest.toml`` in its folder, read without importing its code."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When to ask and when to give up, in seconds. The last step of ``ask`` repeats.

    ``code_seconds``: how long a code that is shown to the customer can be paid.
    """

    ask: tuple[float, ...]
    reverse_after: dict[str, float]
    not_found_asks: int = 3
    not_found_seconds: float = 30
    unknown_max: float = 24 * 3600
    reversing_max: float = 72 * 3600
    call_seconds_max: float = 30
    code_seconds: float = 0


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One provider.

    ``instant``: the answer is known without a call (cash), so sent and captured are one Change. ``void_entries``: the
    entries whose payments can be voided here; others are refunded. ``code_wallets``: the wallets a code can be made for
    that the till shows (entry ``merchant_code``). ``settings``: the fields an account's section in the settings must
    have; ``optional``: those it may. ``showable``: the members of an exchange that may be written to the spool as they
    are.
    """

    id: str
    name_zh: str
    name_en: str
    instant: bool
    methods: tuple[str, ...]
    wallets: tuple[str, ...]
    entries: tuple[str, ...]
    void_entries: tuple[str, ...]
    code_wallets: tuple[str, ...] = ()
    partial_refunds: bool
    zone: str = "Asia/Shanghai"
    cut_minute: int = 0
    sandbox: bool = False
    settings: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    showable: tuple[str, ...] = ()
    schedule: Schedule


def scan(folder: Path | None = None) -> dict[str, Manifest]:
    """Every provider found beside this file, by id. Raises msgspec.ValidationError naming a manifest that is wrong."""
    found = {}
    for path in sorted((folder or Path(__file__).parent).glob("*/manifest.toml")):
        manifest = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Manifest)
        if manifest.id != path.parent.name:
            raise ValueError(f"{path}: the id is {manifest.id!r}")
        found[manifest.id] = manifest
    return found

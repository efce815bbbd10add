"""The filters that are set, each in words, with the address without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from counterfoil.doors.screen.filters import ALL, STATES, time_shown
from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.naming import Names
from counterfoil.doors.screen.pages import link
from counterfoil.records import ENTRIES, METHODS, WALLETS


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words, and where it is gone."""

    text: str
    without: str


def chips(desk: Signed, typed: Mapping[str, str], names: Names, path: str) -> list[Chip]:
    """One for each filter of ``typed`` that is set."""
    known = _known(desk, names)
    return [
        Chip(_words(desk, name, value, known), link(path, **{**typed, name: ""}))
        for name, value in typed.items()
        if value
    ]


def _words(desk: Signed, name: str, value: str, known: Mapping[tuple[str, str], str]) -> str:
    """One filter in words; what was typed where it is none that there is."""
    if name in ("from", "to", "since", "until", "min", "max"):
        shown = time_shown(value).replace("T", " ") or value if name in ("since", "until") else value
        return desk.t(f"records.chip.{name}", value=shown)
    return known.get((name, value), value)


def _known(desk: Signed, names: Names) -> dict[tuple[str, str], str]:
    """What stands for a value that is chosen from a list."""
    t = desk.t
    return {
        **{("shop", one.id): one.name for one in names.shops},
        **{("terminal", one.id): t("bar.terminal", number=one.number) for one, _ in names.terminals},
        **{("operator", one.id): desk.operator(one.called) for one in names.people},
        **{("provider", name): text for name, text in names.providers},
        **{("account", name): text for name, text in names.accounts},
        **{("wallet", one): t(f"wallet.{one}") for one in WALLETS},
        **{("method", one): t(f"method.{one}") for one in METHODS},
        **{("entry", one): t(f"entry.{one}") for one in ENTRIES},
        **{("status", one.value): t(f"state.{one.value}") for one in STATES},
        ("status", ALL): t("records.status.all"),
        ("shop", ALL): t("records.where.all"),
    }

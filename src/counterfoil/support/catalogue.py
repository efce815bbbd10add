"""The catalogue: every kind of fault there is, gathered from where the areas declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from counterfoil.basis import CANNOT_BE, FaultKind

# The areas that declare faults. Support shows what they say; what they do is none of its business, so they are
# imported only when somebody asks for the catalogue.
AREAS: Final = ("store", "evidence", "people", "providers", "payments", "records", "app", "doors")


def catalogue() -> Mapping[str, FaultKind]:
    """Every kind of fault by its code, sorted. Raises ValueError where two kinds claim one code."""
    return by_code([CANNOT_BE, *(kind for area in AREAS for kind in declared_by(area))])


def declared_by(area: str) -> tuple[FaultKind, ...]:
    """The kinds an area's ``faults.py`` exports as ``FAULTS``; none where the area has no such file."""
    package = f"counterfoil.{area}"
    if find_spec(package) is None or not getattr(import_module(package), "__path__", None):
        return ()
    if find_spec(f"{package}.faults") is None:
        return ()
    return tuple(import_module(f"{package}.faults").FAULTS)


def by_code(kinds: Iterable[FaultKind]) -> Mapping[str, FaultKind]:
    """Sort kinds by code. Raises ValueError where two kinds claim one code."""
    found: dict[str, FaultKind] = {}
    for kind in kinds:
        if found.setdefault(kind.code, kind) is not kind:
            raise ValueError(f"{kind.code} is declared twice")
    return dict(sorted(found.items()))


def normal(code: str) -> str:
    """What a person typed as a code in its printed form: ``3104``, ``cf3104`` and ``CF-3104`` are one."""
    digits = code.strip().upper().removeprefix("CF").lstrip("-–— ")
    return f"CF-{digits}"


def near(code: str, among: Iterable[str]) -> list[str]:
    """Up to three codes that look like ``code``, best first."""
    return get_close_matches(normal(code), list(among), n=3, cutoff=0.7)

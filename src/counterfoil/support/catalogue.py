"""The catalogue: every kind of fault there is, gathered from where the areas declare them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Final

from counterfoil import basis
from counterfoil.basis import FaultKind

_PACKAGE: Final = Path(__file__).parents[1]


def catalogue() -> Mapping[str, FaultKind]:
    """Every kind of fault by its code, sorted. Raises ValueError where two kinds claim one code."""
    return by_code([kind for _, kind in declared()])


def declared() -> list[tuple[str, FaultKind]]:
    """Each kind with the area that declares it: those on the face of basis, and ``FAULTS`` of each ``faults.py``.

    The files are found by their name, as the providers' manifests are, because support may not import what stands
    above it and shows the words of all.
    """
    found = [("basis", kind) for kind in vars(basis).values() if isinstance(kind, FaultKind)]
    return found + [(name.split(".")[1], kind) for name in _modules() for kind in import_module(name).FAULTS]


def _modules() -> list[str]:
    found = (path.relative_to(_PACKAGE.parent).with_suffix("") for path in _PACKAGE.rglob("faults.py"))
    return sorted(".".join(path.parts) for path in found)


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

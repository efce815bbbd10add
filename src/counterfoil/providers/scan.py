"""Find every provider there is: folders beside this file, and packages that offer one by an entry point.

An outside package names its provider's package in its own metadata, where nothing has to be imported to read it:

    [project.entry-points."counterfoil.providers"]
    toy = "counterfoil_toy"
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from counterfoil.providers.faults import MANIFEST_TWICE, MANIFEST_WRONG
from counterfoil.providers.manifest import Manifest, Meaning, Texts
from counterfoil.providers.manifest_rules import complaints
from counterfoil.providers.outcome import DeclineReason

GROUP: Final = "counterfoil.providers"
_FILE: Final = "manifest.toml"
_TEXTS: Final = "texts.toml"
_Made = TypeVar("_Made")


def scan(folder: Path | None = None) -> dict[str, Manifest]:
    """Every provider by id: those in ``folder``, or, without one, ours and those of installed packages.

    No code of a provider is imported. Raises Refused CF-4220 naming the manifest and the field that is wrong, CF-4221
    where two packages offer the same id.
    """
    found: dict[str, Manifest] = {}
    for home, package, name in _homes(folder):
        manifest = read_manifest(home, package)
        if manifest.id != name:
            raise MANIFEST_WRONG(where=home / _FILE, part="id", why=f"it is {manifest.id!r} in a place named {name!r}")
        if manifest.id in found:
            raise MANIFEST_TWICE(provider=manifest.id, one=found[manifest.id].package, other=package)
        found[manifest.id] = manifest
    return found


def read_manifest(home: Path, package: str) -> Manifest:
    """The manifest in the folder ``home``, whose code is ``package``, with its texts. Raises Refused CF-4220."""
    path = home / _FILE
    told = _read(path)
    for name in ("package", "texts", "codes"):
        if name in told:
            raise MANIFEST_WRONG(where=path, part=name, why="is not said in this file")
    texts = _read(home / _TEXTS) if (home / _TEXTS).exists() else {}
    manifest = _made(path, told | {"package": package}, Manifest)
    codes = _made(home / _TEXTS, texts.pop("codes", {}), dict[str, Meaning])
    own = _made(home / _TEXTS, texts, dict[DeclineReason, Texts])
    manifest = msgspec.structs.replace(manifest, texts=own, codes=codes)
    for complaint in complaints(manifest):
        field, _, why = complaint.partition(": ")
        raise MANIFEST_WRONG(
            where=home / (_TEXTS if field.startswith(("texts", "codes")) else _FILE), part=field, why=why
        )
    return manifest


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MANIFEST_WRONG(where=path, part=path.name, why=error) from error


def _made(path: Path, told: object, wanted: type[_Made]) -> _Made:
    try:
        return msgspec.convert(told, wanted)
    except msgspec.ValidationError as error:
        why, _, field = str(error).partition(" - at ")
        raise MANIFEST_WRONG(where=path, part=field.strip("`$.") or path.name, why=why) from error


def _homes(folder: Path | None) -> Iterator[tuple[Path, str, str]]:
    """Folder, package and the name it goes by, of each provider."""
    ours = folder or Path(__file__).parent
    for path in sorted(ours.glob(f"*/{_FILE}")):
        yield path.parent, f"counterfoil.providers.{path.parent.name}", path.parent.name
    if folder is not None:
        return
    for entry in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        yield _home(entry.value), entry.value, entry.name


def _home(package: str) -> Path:
    """Where a package lies, found without running its ``__init__``: each part is looked for in the one above."""
    path: list[str] | None = None
    for part in package.split("."):
        spec = PathFinder.find_spec(part, path if path is not None else sys.path)
        if spec is None or not spec.submodule_search_locations:
            raise MANIFEST_WRONG(where=package, part=GROUP, why="there is no such package")
        path = list(spec.submodule_search_locations)
    return Path((path or [""])[0])

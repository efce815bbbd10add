"""The registry of fact kinds, which only grows: ``<number> <tag> <field,field,…>`` a line, ``-`` for no field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

from counterfoil.basis import insist
from counterfoil.evidence.fact import FactKind
from counterfoil.evidence.leaf import COMMON

_LINE: Final = re.compile(r"([1-9][0-9]*) ([a-z0-9_]+(?:\.[a-z0-9_]+)+) (-|[a-z0-9_]+(?:,[a-z0-9_]+)*)", re.ASCII)


class Registered(NamedTuple):
    """One line."""

    number: int
    tag: str
    fields: tuple[str, ...]


def registry() -> Mapping[str, Registered]:
    """The kinds this version knows, by tag."""
    return parse_registry(files("counterfoil.evidence").joinpath("registry.txt").read_text("utf-8"))


def parse_registry(text: str) -> Mapping[str, Registered]:
    """Read a registry. Raises Broken for a malformed line, and for a number or tag that stands twice."""
    lines = [_parse(line) for line in text.splitlines() if line and not line.startswith("#")]
    by_tag = {line.tag: line for line in lines}
    insist(len(by_tag) == len(lines), "a tag stands twice in the registry")
    insist(len({line.number for line in lines}) == len(lines), "a number stands twice in the registry")
    return MappingProxyType(by_tag)


def disagreements(kinds: Iterable[FactKind], known: Mapping[str, Registered]) -> list[str]:
    """What the declared kinds say that the registry does not: a sentence each."""
    told, seen = [], set[str]()
    for kind in kinds:
        if kind.tag in seen:
            told.append(f"{kind.tag} is declared twice")
        seen.add(kind.tag)
        line = known.get(kind.tag)
        if line is None:
            told.append(f"{kind.tag} does not stand in registry.txt")
        elif extra := sorted(kind.fields - set(line.fields)):
            told.append(f"{kind.tag} carries {','.join(extra)}, which registry.txt does not list")
    return told


def losses(earlier: Mapping[str, Registered], now: Mapping[str, Registered]) -> list[str]:
    """What an earlier registry had that this one lacks or uses for something else: a sentence each."""
    numbers = {line.number: line.tag for line in now.values()}
    told = []
    for tag, line in earlier.items():
        if tag not in now:
            told.append(f"{tag} was taken away")
        elif now[tag].number != line.number:
            told.append(f"{tag} changed its number")
        elif now[tag].fields[: len(line.fields)] != line.fields:
            told.append(f"{tag} lost or moved a field")
        if numbers.get(line.number, tag) != tag:
            told.append(f"number {line.number} is used again")
    return told


def _parse(line: str) -> Registered:
    found = _LINE.fullmatch(line)
    insist(found, f"not a line of the registry: {line}")
    number, tag, fields = found.groups() if found else ("0", "", "-")
    names = () if fields == "-" else tuple(fields.split(","))
    insist(len(set(names)) == len(names) and COMMON.isdisjoint(names), f"a field stands twice: {line}")
    return Registered(int(number), tag, names)

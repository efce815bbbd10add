"""Every kind of fact stands in the registry, which only grows, with every field it may carry."""

from __future__ import annotations

import ast

from tests.rules.source import PACKAGE, ROOT, Source, package, planted

REGISTRY = ROOT / PACKAGE / "evidence/registry.txt"


def registry() -> str:
    return REGISTRY.read_text("utf-8") if REGISTRY.exists() else ""


def rows(text: str) -> list[tuple[int, str, frozenset[str]]]:
    """The registry's lines, ``number tag field…``; empty lines and lines that begin with # are for people."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            number, tag, *fields = line.split()
            found.append((int(number), tag, frozenset(fields)))
    return found


def wrong_registry(text: str) -> list[str]:
    numbers, tags = [row[0] for row in rows(text)], [row[1] for row in rows(text)]
    found = [f"{tag}: stands twice" for tag in sorted(set(tags)) if tags.count(tag) > 1]
    return found + ([] if numbers == list(range(1, len(numbers) + 1)) else ["the numbers do not count up from 1"])


def unregistered(source: Source, text: str) -> list[str]:
    known = {tag: fields for _, tag, fields in rows(text)}
    found = []
    for tag, fields in declared(source):
        if tag not in known:
            found.append(f"{source.path}: {tag} is not in the registry")
        elif known[tag] != fields:
            found.append(f"{source.path}: {tag}: the registry has {sorted(known[tag])}")
    return found


def declared(source: Source) -> list[tuple[str, frozenset[str]]]:
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and source.full_name(node.func).endswith("fact_kind"):
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            found.append((said[0], frozenset(said[1:])))
    return found


def test_the_registry_counts_up_and_uses_no_tag_twice():
    assert wrong_registry(registry()) == []


def test_every_kind_of_fact_is_registered_with_its_fields():
    assert [said for source in package() for said in unregistered(source, registry())] == []


def test_a_wrong_registry_is_found():
    assert wrong_registry("1 a.b x\n2 a.b y")
    assert wrong_registry("1 a.b x\n3 a.c y")
    assert not wrong_registry("# number tag fields\n1 a.b x\n2 a.c\n")


def test_an_unregistered_kind_or_field_is_found():
    kind = planted(PACKAGE + "people/facts.py", "from counterfoil.evidence import fact_kind\nA = fact_kind('a.b', 'x')")
    assert unregistered(kind, "")
    assert unregistered(kind, "1 a.b y")
    assert not unregistered(kind, "1 a.b x")

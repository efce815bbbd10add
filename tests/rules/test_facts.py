"""Every kind of fact stands in the registry, which only grows, with every field it may carry."""

from __future__ import annotations

import ast
from importlib import import_module

from counterfoil.evidence import FactKind
from tests.rules.source import PACKAGE, ROOT, Source, package, planted

REGISTRY = ROOT / PACKAGE / "evidence/registry.txt"


def registry() -> str:
    return REGISTRY.read_text("utf-8") if REGISTRY.exists() else ""


def rows(text: str) -> list[tuple[int, str, frozenset[str]]]:
    """The registry's lines, ``number tag field,field…``; empty lines and those that begin with # are for people."""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            number, tag, *fields = line.split()
            found.append((int(number), tag, frozenset(",".join(fields).split(",")) - {"", "-"}))
    return found


def wrong_registry(text: str) -> list[str]:
    numbers, tags = [row[0] for row in rows(text)], [row[1] for row in rows(text)]
    found = [f"{tag}: stands twice" for tag in sorted(set(tags)) if tags.count(tag) > 1]
    return found + ([] if numbers == sorted(set(numbers)) else ["the numbers do not rise"])


def unregistered(kinds: list[FactKind], text: str) -> list[str]:
    known = {tag: fields for _, tag, fields in rows(text)}
    found = []
    for kind in kinds:
        if kind.tag not in known:
            found.append(f"{kind.tag} is not in the registry")
        elif known[kind.tag] != kind.fields:
            found.append(f"{kind.tag}: the registry differs in {sorted(known[kind.tag] ^ kind.fields)}")
    return found


def declared() -> list[FactKind]:
    """Every kind that stands in a module of an area."""
    paths = [source.path for source in package() if source.path.endswith("/facts.py")]
    modules = [import_module(path.removeprefix("src/").removesuffix(".py").replace("/", ".")) for path in paths]
    return [each for module in modules for each in vars(module).values() if isinstance(each, FactKind)]


def declared_elsewhere(source: Source) -> list[str]:
    """Calls of fact_kind outside ``facts.py``, where the registry's rule would not see them."""
    if source.path.endswith("/facts.py"):
        return []
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    return [f"{source.path}:{call.lineno}" for call in calls if source.full_name(call.func).endswith("fact_kind")]


def test_the_registry_rises_and_uses_no_tag_twice():
    assert rows(registry())
    assert wrong_registry(registry()) == []


def test_every_kind_of_fact_is_registered_with_its_fields():
    assert declared()
    assert unregistered(declared(), registry()) == []


def test_kinds_of_facts_are_declared_in_facts_py():
    assert [said for source in package() for said in declared_elsewhere(source)] == []


def test_a_wrong_registry_is_found():
    assert wrong_registry("1 a.b x\n2 a.b y")
    assert wrong_registry("3 a.b x\n1 a.c y")
    assert not wrong_registry("# number tag fields\n1 a.b x\n101 a.c\n")


def test_an_unregistered_kind_or_field_is_found():
    kind = FactKind("a.b", frozenset({"x", "y"}))
    assert unregistered([kind], "")
    assert unregistered([kind], "1 a.b y")
    assert not unregistered([kind], "1 a.b x,y")
    text = "from counterfoil.evidence import fact_kind\nA = fact_kind('a.b', 'x')"
    assert declared_elsewhere(planted(PACKAGE + "people/sign_in.py", text))

"""The repository's own Python, read and parsed once for all rules.

A rule is a pure function from one ``Source`` to its complaints. Each is run over the whole tree, and once over a
planted snippet, so that a rule that no longer bites is noticed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "src/counterfoil/"


@dataclass(frozen=True)
class Source:
    """One file: ``path`` from the root, its text, its tree, and the full names that its imports stand for."""

    path: str
    text: str
    tree: ast.Module
    names: dict[str, str] = field(repr=False)

    @property
    def area(self) -> str:
        """The area of a file of the package (``payments``, ``app``, ``__main__``); "" for its own ``__init__``."""
        first = self.path.removeprefix(PACKAGE).split("/")[0].removesuffix(".py")
        return "" if first == "__init__" else first

    def full_name(self, node: ast.AST) -> str:
        """``a.b.c`` for a name or attribute chain, with imports resolved; "" for anything else."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name, name)
            case ast.Attribute(value=value, attr=attr):
                before = self.full_name(value)
                return f"{before}.{attr}" if before else ""
        return ""


def planted(path: str, text: str) -> Source:
    """A file that does not exist."""
    tree = ast.parse(text)
    return Source(path, text, tree, dict(_imported_names(tree)))


@cache
def package() -> tuple[Source, ...]:
    """The package, without the static files of others."""
    return _read("src")


@cache
def our_tests() -> tuple[Source, ...]:
    """The tests and what helps them."""
    return _read("tests")


def imports(source: Source) -> list[tuple[int, str]]:
    """Every import as (line, full name): ``from a.b import c`` is ``a.b.c``."""
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            before = "." * node.level + (node.module or "")
            found += [(node.lineno, f"{before}.{alias.name}") for alias in node.names]
    return found


def under(name: str, *prefixes: str) -> bool:
    """Whether a dotted name is one of the prefixes or lies inside one."""
    return any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes)


def _read(folder: str) -> tuple[Source, ...]:
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(planted(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


def _imported_names(tree: ast.Module) -> list[tuple[str, str]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [
                (alias.asname or _first(alias.name), alias.name if alias.asname else _first(alias.name))
                for alias in node.names
            ]
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def _first(name: str) -> str:
    return name.split(".", maxsplit=1)[0]

"""Imports point down only, and only to an area's face. The floors are the table in ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.rules.source import PACKAGE, ROOT, Source, imports, package, planted, under

# Above the app, for people who try, measure or test; only the command line may start them.
TOOLS = {"testing", "demo", "bench", "simulation"}
# What a connector may know of us.
CONNECTOR_KNOWS = {"providers", "basis", "iso8583"}
# A connector and its sandbox are chosen by name, and only up here.
CHOOSES_CONNECTORS = {"app", "demo", "doors", "testing", "bench", "simulation"}
WRITES = {"Insert", "Guard", "Update", "Add", "insert", "update", "delete"}
_ROW = re.compile(r"^\| *(\d+) *\| *((?:`\w+` ?)+)\|", re.MULTILINE)


@cache
def floors() -> dict[str, int]:
    """The floor of each area, read from ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return {area: int(floor) for floor, areas in _ROW.findall(text) for area in re.findall(r"\w+", areas)}


@cache
def connectors() -> frozenset[str]:
    """The connectors there are: each folder of providers."""
    return frozenset(path.name for path in (ROOT / PACKAGE / "providers").iterdir() if path.is_dir())


def wrong_imports(source: Source, known: frozenset[str] | None = None) -> list[str]:
    known = connectors() if known is None else known
    return [
        f"{source.path}:{line}: {name}: {why}"
        for line, name in imports(source)
        if (why := _relative(name) or (_wrong(source, name.split("."), known) if under(name, "counterfoil") else ""))
    ]


def _relative(name: str) -> str:
    return "name the whole path: no relative imports" if name.startswith(".") else ""


def _wrong(source: Source, name: list[str], known: frozenset[str]) -> str:
    mine, theirs = source.area, name[1] if len(name) > 1 else ""
    if theirs in {"", "__version__"}:
        return ""
    if mine == "__main__":
        return "" if name[1:3] == ["doors", "cli"] else "the program is started through doors/cli only"
    if theirs not in floors():
        return "the area has no floor in ARCHITECTURE.md"
    return _connector(source, name, known) or ("" if mine == theirs else _across(source, name, known))


def _connector(source: Source, name: list[str], known: frozenset[str]) -> str:
    own = connector_of(source.path)
    if own and name[1] not in CONNECTOR_KNOWS:
        return "a connector knows the providers' face, basis and iso8583 only"
    if own and name[1] == "providers" and _is_inner(name, 2) and name[2] != own:
        return "a connector knows the providers' face only"
    if not own and source.area == "providers" and len(name) > 2 and name[2] in known:
        return "the seam knows no connector by name"
    return ""


def _across(source: Source, name: list[str], known: frozenset[str]) -> str:
    mine, theirs = source.area, name[1]
    if theirs in TOOLS and not source.path.startswith(f"{PACKAGE}doors/cli/") and mine not in TOOLS:
        return "started from doors/cli only"
    if mine == "softpos" and theirs not in {"iso8583", "basis"}:
        return "the software terminal knows iso8583 and basis only"
    if floors().get(mine, -1) <= floors()[theirs]:
        return f"{mine} does not stand above {theirs}"
    if theirs == "providers" and len(name) > 2 and name[2] in known and mine in CHOOSES_CONNECTORS:
        return "" if not _is_inner(name, 3) or (name[3] == "sandbox" and not _is_inner(name, 4)) else _face(name)
    # A reader may select from a lower area's tables; that only the owner writes them is a rule of its own, below.
    return _face(name) if _is_inner(name, 2) and name[2] != "tables" else ""


def _face(name: list[str]) -> str:
    return f"import from the face: counterfoil.{name[1]}"


def _is_inner(name: list[str], at: int) -> bool:
    """Whether ``name[at]`` is a module inside the package before it, and no name of its face."""
    if len(name) <= at or (len(name) == at + 1 and name[at] in _face_names(tuple(name[:at]))):
        return False
    inside = ROOT.joinpath("src", *name[: at + 1])
    return inside.is_dir() or inside.with_suffix(".py").is_file()


@cache
def _face_names(name: tuple[str, ...]) -> frozenset[str]:
    """The ``__all__`` of a package; a function may bear the name of the file it stands in."""
    path = "/".join(("src", *name, "__init__.py"))
    for source in package():
        if source.path == path:
            lists = [node.value for node in source.tree.body if isinstance(node, ast.Assign) and _is_all(node)]
            return frozenset(ast.literal_eval(lists[0])) if lists else frozenset()
    return frozenset()


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def connector_of(path: str) -> str:
    """The id of the connector whose folder a file lies in; "" elsewhere."""
    parts = path.removeprefix(PACKAGE).split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "providers" else ""


def test_imports_point_down_and_only_to_faces():
    assert [said for source in package() for said in wrong_imports(source)] == []


def foreign_writes(source: Source) -> list[str]:
    """Statements and parts of a Change that write a table which another area owns."""
    own = f"counterfoil.{source.area}"
    tables = {name for _, name in imports(source) if ".tables." in name and not under(name, own)}
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    return [
        f"{source.path}:{call.lineno}: {table}: only its owner writes it"
        for call in calls
        if (table := _written(source, call)) in tables
    ]


def _written(source: Source, node: ast.Call) -> str:
    """The table that a call writes: ``insert(t)``, ``t.update()``, ``Guard(t, …)``."""
    called = source.full_name(node.func)
    if called.rsplit(".", 1)[-1] in WRITES and node.args and (first := source.full_name(node.args[0])):
        return first
    return called.rsplit(".", 1)[0] if called.endswith((".insert", ".update", ".delete")) else ""


def test_only_the_owner_writes_a_table():
    assert [said for source in package() for said in foreign_writes(source)] == []


def test_writing_a_foreign_table_is_found_and_reading_it_passes():
    head = "from counterfoil.payments.tables import payment\nfrom counterfoil.store import Guard\n"
    for line in ("Guard(payment, row, {})", "payment.update()", "sqlalchemy.delete(payment)"):
        assert foreign_writes(planted(PACKAGE + "records/x.py", head + line))
        assert not foreign_writes(planted(PACKAGE + "payments/x.py", head + line))
    assert not foreign_writes(planted(PACKAGE + "records/x.py", head + "select(payment.c.id)"))


def test_every_area_has_a_floor():
    assert {source.area for source in package()} - {"", "__main__"} - floors().keys() == set()


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("store/x.py", "from counterfoil.payments import take"),
        ("people/x.py", "from counterfoil.providers import Outcome"),
        ("payments/x.py", "from counterfoil.store.change import Change"),
        ("payments/x.py", "import counterfoil.store.change"),
        ("payments/x.py", "from counterfoil.store import change"),
        ("app.py", "from counterfoil.doors import main"),
        ("payments/x.py", "from counterfoil.testing import Clock"),
        ("doors/api/x.py", "from counterfoil.demo import start"),
        ("payments/x.py", "from counterfoil.nowhere import thing"),
        ("payments/x.py", "from .take import take"),
        ("basis/x.py", "from counterfoil.store import Change"),
        ("demo/x.py", "from counterfoil.doors import main"),
    ],
)
def test_a_wrong_import_is_found(path, line):
    assert wrong_imports(planted(PACKAGE + path, line))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("payments/x.py", "from counterfoil.store import Change"),
        ("payments/x.py", "from counterfoil.payments.take import take"),
        ("doors/cli/x.py", "from counterfoil.demo import start"),
        ("doors/cli/version.py", "from counterfoil import __version__"),
        ("doors/cli/explain.py", "from counterfoil.support import catalogue"),
        ("__main__.py", "from counterfoil.doors.cli import main"),
        ("payments/x.py", "from collections.abc import Mapping"),
    ],
)
def test_a_right_import_passes(path, line):
    assert wrong_imports(planted(PACKAGE + path, line)) == []


def test_a_connector_that_knows_more_than_the_seam_is_found():
    for line in ("from counterfoil.store import Change", "from counterfoil.providers.manifest import Manifest"):
        assert wrong_imports(planted(f"{PACKAGE}providers/lakala/x.py", line))
    assert not wrong_imports(planted(f"{PACKAGE}providers/lakala/x.py", "from counterfoil.providers import Outcome"))


def test_a_connector_is_chosen_by_name_above_the_areas_only():
    line, known = "from counterfoil.providers.cash import connect", frozenset({"cash"})
    assert wrong_imports(planted(f"{PACKAGE}providers/seam.py", line), known)
    assert not wrong_imports(planted(f"{PACKAGE}app.py", line), known)

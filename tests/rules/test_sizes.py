"""Small rooms: a function has at most 60 lines, a file 500, six positional parameters, and a nesting of three."""

from __future__ import annotations

import ast

from tests.rules.exceptions import EXCEPTIONS
from tests.rules.source import Source, our_tests, package, planted

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 500
PARAMETERS_MAX = 6
NESTING_MAX = 3
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_long_file(source: Source) -> list[str]:
    lines = len(source.text.splitlines())
    return [f"{source.path}: {lines} lines, more than {FILE_LINES_MAX}"] if lines > FILE_LINES_MAX else []


def too_big_functions(source: Source) -> list[str]:
    complaints = []
    for node in ast.walk(source.tree):
        if not isinstance(node, _FUNCTIONS):
            continue
        where = f"{source.path}::{node.name}"
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            complaints.append(f"{where}: {lines} lines, more than {FUNCTION_LINES_MAX}")
        given = [each.arg for each in node.args.posonlyargs + node.args.args if each.arg not in {"self", "cls"}]
        if len(given) > PARAMETERS_MAX:
            complaints.append(f"{where}: {len(given)} positional parameters, more than {PARAMETERS_MAX}")
        if (deep := nesting(node.body)) > NESTING_MAX:
            complaints.append(f"{where}: nested {deep} deep, more than {NESTING_MAX}")
    return complaints


def nesting(body: list[ast.stmt]) -> int:
    """How deep blocks lie in blocks; an ``elif`` is no deeper than its ``if``, an inner function counts for itself."""
    return max((_depth(node) for node in body), default=0)


def _depth(node: ast.stmt) -> int:
    if not isinstance(node, _BLOCKS):
        return 0
    inner = [getattr(node, "body", []), getattr(node, "finalbody", [])]
    inner += [handler.body for handler in getattr(node, "handlers", [])]
    inner += [case.body for case in getattr(node, "cases", [])]
    after = getattr(node, "orelse", [])
    if isinstance(node, ast.If) and len(after) == 1 and isinstance(after[0], ast.If):
        return max(1 + max(map(nesting, inner)), _depth(after[0]))
    return 1 + max(map(nesting, [*inner, after]))


def complaints() -> list[str]:
    found = [said for source in (*package(), *our_tests()) for said in too_long_file(source)]
    return found + [said for source in package() for said in too_big_functions(source)]


def test_files_and_functions_are_small():
    assert [said for said in complaints() if said.split(": ")[0] not in EXCEPTIONS] == []


def test_each_exception_is_still_needed():
    assert [key for key in EXCEPTIONS if key not in {said.split(": ")[0] for said in complaints()}] == []


def test_a_long_file_is_found():
    assert too_long_file(planted("src/counterfoil/x.py", "a = 1\n" * 501))
    assert not too_long_file(planted("src/counterfoil/x.py", "a = 1\n" * 500))


def test_a_long_function_is_found():
    assert too_big_functions(planted("x.py", "def f():\n" + "    a = 1\n" * 60))
    assert not too_big_functions(planted("x.py", "def f():\n" + "    a = 1\n" * 59))


def test_too_many_parameters_are_found_and_keyword_only_ones_are_free():
    assert too_big_functions(planted("x.py", "def f(a, b, c, d, e, g, h): pass"))
    assert not too_big_functions(planted("x.py", "class A:\n    def f(self, a, b, c, d, e, g, *, h, i): pass"))


def test_deep_nesting_is_found_and_elif_is_no_nesting():
    deep = "def f():\n if a:\n  for b in c:\n   with d:\n    try:\n     e()\n    finally:\n     g()\n"
    assert too_big_functions(planted("x.py", deep))
    flat = "def f():\n if a: b()\n elif c: d()\n elif e: g()\n elif h: i()\n else:\n  while j:\n   if k: l()\n"
    assert not too_big_functions(planted("x.py", flat))

"""Calls that are not made here, each with what is used in its place."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest

from tests.rules.exceptions import EXCEPTIONS
from tests.rules.source import PACKAGE, Source, imports, our_tests, package, planted, under


@dataclass(frozen=True)
class Ban:
    """Names that may be used in ``rooms`` only (path patterns inside the package), and what to use elsewhere."""

    names: tuple[str, ...]
    rooms: tuple[str, ...]
    instead: str

    def covers(self, path: str) -> bool:
        inside = path.removeprefix(PACKAGE)
        return path.startswith(PACKAGE) and not any(re.match(room, inside) for room in self.rooms)


SOCKET_ROOMS = (
    "doors/",
    r"providers/(transport|serving)\.py",
    r"providers/\w+/sandbox[/.]",
    "store/engines/",
    "testing/",
    "bench/",
)
BANS = (
    Ban(
        (
            *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
            *("time.perf_counter_ns", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
            "datetime.date.today",
        ),
        (r"basis/clock\.py", r"app[/.]"),
        "the injected Clock: now() and monotonic()",
    ),
    Ban(("time.sleep",), (), "await clock.sleep()"),
    Ban(
        ("random", "secrets", "os.urandom", "uuid.uuid1", "uuid.uuid4"),
        # A measurement and a simulation draw the same from the same seed.
        (r"basis/ids\.py", r"app[/.]", "bench/", "simulation/"),
        "the injected Entropy and Ids",
    ),
    Ban(
        (
            *("socket", "socketserver", "ssl", "http.server", "http.client", "urllib.request", "smtplib"),
            *("httpx", "requests", "aiohttp", "uvicorn", "asyncpg", "asyncio.open_connection", "asyncio.start_server"),
            *("asyncio.open_unix_connection", "asyncio.start_unix_server"),
        ),
        SOCKET_ROOMS,
        "the providers' transport, or a door",
    ),
    # The scratch file of verify holds no payment: it sorts what does not fit into memory.
    Ban(
        ("apsw", "sqlite3", "asyncpg", "sqlalchemy.dialects"),
        ("store/engines/", "testing/", "bench/", r"evidence/last_digests\.py"),
        "the face of store",
    ),
    Ban(("sqlalchemy.orm",), (), "SQLAlchemy Core"),
    Ban(("print", "pprint"), ("doors/cli/",), "click.echo in doors/cli, the log elsewhere"),
    Ban(("pickle", "marshal", "shelve"), (), "canonical JSON or msgspec"),
)
# In tests: what would let a test pass that shows nothing.
NOT_IN_TESTS = {
    "unittest.mock": "a shipped fake of counterfoil.testing, or the real thing",
    "mock": "a shipped fake of counterfoil.testing, or the real thing",
    "pytest.skip": "a test that always runs",
    "pytest.importorskip": "a test that always runs",
    "pytest.xfail": "a test that holds",
    "pytest.mark.skip": "a test that always runs",
    "pytest.mark.skipif": "a test that always runs",
    "pytest.mark.xfail": "a test that holds",
    "pytest.mark.flaky": "a test that holds each time",
}
_MAC = re.compile(r"(^|_)h?mac($|_)")
_MONEY = re.compile(r"(^|_)(minor|amount|amounts|money)($|_)")


def banned_calls(source: Source) -> list[str]:
    used = [(line, name) for line, name in imports(source) if "." not in name or not name.startswith(".")]
    used += [(node.lineno, source.full_name(node)) for node in ast.walk(source.tree) if _is_name(node)]
    return [
        f"{source.path}::{name}: line {line}: use {ban.instead}"
        for ban in BANS
        if ban.covers(source.path)
        for line, name in sorted(set(used))
        if under(name, *ban.names)
    ]


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


def floats_near_money(source: Source) -> list[str]:
    """A float, ``float``, true division or ``round`` in one expression or declaration with a name of money."""
    return [
        f"{source.path}::float: line {node.lineno}: a float near money: use Money and integer minor units"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.BinOp | ast.Compare | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.arg | ast.Call)
        and _mixes(node)
    ]


def _mixes(node: ast.AST) -> bool:
    if isinstance(node, ast.arg):
        return bool(_MONEY.search(node.arg)) and node.annotation is not None and _has_float(node.annotation)
    if isinstance(node, ast.Call):
        rounds = isinstance(node.func, ast.Name) and node.func.id in {"float", "round"}
        return rounds and any(_has_money(arg) for arg in node.args)
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        given = node.value if isinstance(node, ast.Assign) else node
        return any(_is_money(target) for target in targets) and given is not None and _has_float(given)
    return _has_money(node) and _has_float(node)


def _is_money(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(_MONEY.search(name))


def _has_money(node: ast.AST) -> bool:
    return any(_is_money(inner) for inner in ast.walk(node))


def _has_float(node: ast.AST) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, float):
            return True
        if isinstance(inner, ast.Name) and inner.id == "float":
            return True
        # A path is divided by a text; money is not.
        if isinstance(inner, ast.BinOp | ast.AugAssign) and isinstance(inner.op, ast.Div) and _has_money(inner):
            return True
    return False


def macs_compared(source: Source) -> list[str]:
    """``==`` or ``!=`` on a MAC tells by its time how much of a forged one was right."""
    return [
        f"{source.path}::mac: line {node.lineno}: use hmac.compare_digest"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and any(_is_mac(side) for side in (node.left, *node.comparators))
    ]


def _is_mac(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    return bool(_MAC.search(name))


def shows_nothing(source: Source) -> list[str]:
    used = [(node.lineno, source.full_name(node)) for node in ast.walk(source.tree) if _is_name(node)]
    found = [
        f"{source.path}::{name}: line {line}: use {instead}"
        for line, name in sorted({*imports(source), *used})
        for banned, instead in NOT_IN_TESTS.items()
        if under(name, banned)
    ]
    return found + [
        f"{source.path}::patch: line {node.lineno}: our own modules are not patched: hand in a fake"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _patches_us(source, node)
    ]


def _patches_us(source: Source, node: ast.Call) -> bool:
    if not source.full_name(node.func).endswith(("monkeypatch.setattr", "monkeypatch.delattr")) or not node.args:
        return False
    first = node.args[0]
    target = first.value if isinstance(first, ast.Constant) else source.full_name(first)
    return isinstance(target, str) and under(target, "counterfoil")


def _let_pass(found: list[str]) -> list[str]:
    return [said for said in found if said.split(": ")[0] not in EXCEPTIONS]


def test_banned_calls_are_not_made():
    assert _let_pass([said for source in package() for said in banned_calls(source)]) == []


def test_no_mac_is_compared_by_equality():
    assert _let_pass([said for source in package() for said in macs_compared(source)]) == []


def test_no_float_comes_near_money():
    assert _let_pass([said for source in package() for said in floats_near_money(source)]) == []


def test_no_test_mocks_skips_or_patches_us():
    assert _let_pass([said for source in our_tests() for said in shows_nothing(source)]) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("payments/x.py", "import time\ntime.time()"),
        ("payments/x.py", "from time import monotonic as m\nm()"),
        ("payments/x.py", "from datetime import datetime\ndatetime.now()"),
        ("doors/x.py", "import datetime as dt\ndt.date.today()"),
        ("basis/clock.py", "import time\ntime.sleep(1)"),
        ("payments/x.py", "import random"),
        ("payments/x.py", "import secrets"),
        ("payments/x.py", "from uuid import uuid4\nuuid4()"),
        ("payments/x.py", "import os\nos.urandom(8)"),
        ("payments/x.py", "import socket"),
        ("providers/lakala/client.py", "import httpx"),
        ("payments/x.py", "import asyncio\nasyncio.open_connection('h', 1)"),
        ("evidence/x.py", "import apsw"),
        ("store/x.py", "from sqlalchemy.dialects import postgresql"),
        ("payments/x.py", "from sqlalchemy import orm"),
        ("payments/x.py", "print('x')"),
        ("payments/x.py", "import pickle"),
    ],
)
def test_a_banned_call_is_found(path, text):
    assert banned_calls(planted(PACKAGE + path, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("basis/clock.py", "import time\ntime.time_ns()"),
        ("basis/ids.py", "import secrets\nsecrets.token_bytes(8)"),
        ("providers/transport.py", "import httpx"),
        ("providers/lakala/sandbox/server.py", "import uvicorn"),
        ("providers/lakala/sandbox.py", "import uvicorn"),
        ("store/engines/sqlite.py", "import apsw"),
        ("doors/cli/x.py", "print('x')"),
        ("payments/x.py", "import uuid\nuuid.UUID('x')\nclock.now()\nfrom datetime import datetime, UTC"),
    ],
)
def test_a_call_in_its_room_passes(path, text):
    assert banned_calls(planted(PACKAGE + path, text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "amount_minor = 1.5",
        "fee_minor = amount_minor * 0.006",
        "half = amount_minor / 2",
        "amount: float = 0",
        "def f(amount_minor: float): pass",
        "x = float(payer_minor)",
        "x = round(payment.fee_minor)",
        "row.amount_minor /= 2",
        "if amount_minor > 1e9: pass",
    ],
)
def test_a_float_near_money_is_found(text):
    assert floats_near_money(planted("x.py", text))


@pytest.mark.parametrize("text", ["a = amount_minor // 2", "b = take(amount_minor=5, wait_seconds=1.5)", "c = p / 'x'"])
def test_integers_near_money_pass(text):
    assert floats_near_money(planted("x.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "from unittest import mock",
        "from unittest.mock import Mock",
        "import pytest\npytest.skip('no')",
        "import pytest\n@pytest.mark.xfail\ndef test_a(): pass",
        "def test_a(monkeypatch): monkeypatch.setattr('counterfoil.basis.money.CNY', 1)",
        "from counterfoil import basis\ndef test_a(monkeypatch): monkeypatch.setattr(basis, 'CNY', 1)",
    ],
)
def test_a_test_that_shows_nothing_is_found(text):
    assert shows_nothing(planted("tests/x.py", text))


def test_setting_the_environment_is_no_patching():
    assert shows_nothing(planted("tests/x.py", "def test_a(monkeypatch): monkeypatch.setenv('A', '1')")) == []


@pytest.mark.parametrize("text", ["ok = mac == _mac(b)", "if shown != self.mac: pass", "x = hmac_of(a) == b"])
def test_a_mac_compared_by_equality_is_found(text):
    assert macs_compared(planted("x.py", text))


def test_a_mac_compared_in_constant_time_passes():
    assert macs_compared(planted("x.py", "import hmac\nok = hmac.compare_digest(mac, _mac(b)) and size == 1")) == []

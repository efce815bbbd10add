"""Only what is listed gets into the log, and no secret in a listed key."""

from __future__ import annotations

import ast
import io
import json
from collections import Counter
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

import counterfoil
from counterfoil.doors.log import configure_log, make_log
from counterfoil.testing.clock import ManualClock

CANARIES = [
    "134567890123456789",
    "4111111111111111",
    "4111 1111 1111 1111",
    "13812345678",
    "cf_1_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "Bearer AbCdEf.123",
    ";4111111111111111=2512",
    "-----BEGIN PRIVATE KEY-----",
    "2812345678901234567890123456",
]


def written(event: str, **keys: object) -> tuple[dict, Counter[str], str]:
    out, dropped = io.StringIO(), Counter[str]()
    make_log(out, ManualClock(), dropped).info(event, **keys)
    (line,) = out.getvalue().splitlines()
    return json.loads(line), dropped, line


def test_a_line_has_its_time_level_and_listed_keys():
    line, dropped, _ = written("request", method="GET", status=200, micros=12, code=None)
    assert line == {
        "at": "2026-11-22T08:00:00.000000Z",
        "level": "info",
        "event": "request",
        "method": "GET",
        "status": 200,
        "micros": 12,
        "code": None,
    }
    assert not dropped


def test_a_key_nobody_listed_is_dropped_and_counted():
    line, dropped, _ = written("request", auth_code="134567890123456789", method="GET")
    assert "auth_code" not in line
    assert dropped == {"request.auth_code": 1}


def test_an_event_nobody_listed_says_nothing_but_that():
    line, dropped, _ = written("signed in", password="correct horse battery")
    assert set(line) == {"at", "level", "event"}
    assert line["event"] == "unlisted"
    assert dropped == {"unlisted.password": 1}


@pytest.mark.parametrize("canary", CANARIES)
def test_a_secret_in_a_listed_key_is_masked(canary: str):
    _, _, line = written("request", path=f"/x/{canary} y", method=canary)
    assert canary not in line
    assert "***" in line


@given(text=st.text(max_size=400))
def test_whatever_is_written_is_one_short_line_of_json(text: str):
    line, _, raw = written("fault", why=text, error=text)
    assert "\n" not in raw
    assert len(line["why"]) <= 320


@given(
    keys=st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), st.binary(max_size=8) | st.lists(st.text()))
)
def test_no_key_makes_the_log_fail(keys: dict[str, object]):
    keys.pop("event", None)
    written("started", **keys)


def test_what_the_areas_write_goes_the_same_way():
    out = io.StringIO()
    try:
        configure_log(out, ManualClock())
        structlog.get_logger("counterfoil.app").error("payments.drive_failed", why="OSError", auth_code="1345")
    finally:
        structlog.reset_defaults()
    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["why"]) == ("payments.drive_failed", "error", "OSError")
    assert "auth_code" not in line


def test_every_event_our_code_writes_is_listed():
    package = Path(counterfoil.__file__).parent
    found = {
        node.args[0].value
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
        if node.func.attr in {"info", "warning", "error"} and ast.unparse(node.func.value).endswith("_log")
        if isinstance(node.args[0], ast.Constant)
    }
    assert {"request", "fault", "worker.round_failed"} <= found
    for event in found:
        assert written(event)[0]["event"] == event

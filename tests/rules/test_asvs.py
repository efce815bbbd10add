"""docs/security: the page on ASVS is its data, which is whole and points at what exists; the rules page is true."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

from tests.doors.api.test_openapi import WITHHELD
from tests.rules.rules_page import demanded

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "docs" / "security"
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "write_asvs.py"))
# The levels of all requirements of ASVS 5.0.0, section by section and in the order of their numbers.
LEVELS = """
1.1 22 · 1.2 1111122223 · 1.3 112222222223 · 1.4 222 · 1.5 123 · 2.1 122 · 2.2 112 · 2.3 12223 · 2.4 23
3.1 3 · 3.2 113 · 3.3 12223 · 3.4 11222233 · 3.5 11122333 · 3.6 3 · 3.7 22333
4.1 12233 · 4.2 23333 · 4.3 22 · 4.4 1222 · 5.1 2 · 5.2 112333 · 5.3 113 · 5.4 222
6.1 122 · 6.2 111111112222 · 6.3 11223333 · 6.4 112233 · 6.5 22222333 · 6.6 2223 · 6.7 33 · 6.8 2222
7.1 222 · 7.2 1111 · 7.3 22 · 7.4 11222 · 7.5 223 · 7.6 22 · 8.1 1233 · 8.2 1123 · 8.3 133 · 8.4 23
9.1 111 · 9.2 1222 · 10.1 22 · 10.2 223 · 10.3 22223 · 10.4 1111122222233333 · 10.5 22222 · 10.6 22 · 10.7 222
11.1 2233 · 11.2 22233 · 11.3 11233 · 11.4 1222 · 11.5 23 · 11.6 23 · 11.7 33 · 12.1 12233 · 12.2 11 · 12.3 22223
13.1 2333 · 13.2 222223 · 13.3 2233 · 13.4 1222233 · 14.1 22 · 14.2 12223333 · 14.3 122
15.1 12233 · 15.2 12233 · 15.3 1222222 · 15.4 3333 · 16.1 2 · 16.2 22222 · 16.3 2222 · 16.4 222 · 16.5 2223
17.1 23 · 17.2 22223333 · 17.3 22
"""
WORDS_MOST = 15


def standard() -> dict[str, int]:
    """The level of each requirement by its number."""
    pairs = re.findall(r"([0-9.]+) ([123]+)", LEVELS)
    return {f"{section}.{at}": int(level) for section, levels in pairs for at, level in enumerate(levels, 1)}


def data() -> list[Any]:
    return TOOL["requirements"]((SECURITY / "asvs.toml").read_text("utf-8"))


def wrong_in(one: Any) -> list[str]:
    """What an entry lacks."""
    met, applies = one.verdict == TOOL["MET"], one.verdict != TOOL["NOT_APPLICABLE"]
    wrong = {
        "unknown verdict": one.verdict not in TOOL["VERDICTS"],
        "met, and nobody knows where": met and not one.where,
        "no reason": not met and not one.note,
        "not applicable, and yet somewhere": not applies and bool(one.where or one.tests),
        "more words than a short wording has": len(one.says.split()) > WORDS_MOST,
        "a bar would break the table": "|" in one.says + one.note,
    }
    return [f"{one.number}: {what}" for what, is_so in wrong.items() if is_so]


def missing_in(one: Any) -> list[str]:
    """What an entry names that is not there."""
    paths = [path for path in one.where if not (ROOT / path).is_file()]
    return [f"{one.number}: {each}" for each in (*paths, *(test for test in one.tests if not is_there(test)))]


def is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    file = ROOT / path
    return file.is_file() and bool(
        re.search(rf"^(async )?def {re.escape(name)}\(", file.read_text("utf-8"), re.MULTILINE)
    )


def test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order():
    levels = standard()
    assert [sum(level == each for level in levels.values()) for each in (1, 2, 3)] == [70, 183, 92]
    assert {one.number: one.level for one in data()} == {number: level for number, level in levels.items() if level < 3}
    assert [one.number for one in data()] == [number for number, level in levels.items() if level < 3]


def test_every_verdict_says_where_or_why():
    assert [wrong for one in data() for wrong in wrong_in(one)] == []


def test_every_file_and_test_that_is_named_exists():
    assert [missing for one in data() for missing in missing_in(one)] == []


def test_the_page_is_its_data():
    assert (SECURITY / "asvs.md").read_text("utf-8") == TOOL["page"](data())


def test_the_rules_page_says_what_the_program_does():
    told = " ".join((SECURITY / "rules.md").read_text("utf-8").split())
    assert [text for text in (*demanded(), *WITHHELD) if text not in told] == []


def test_the_days_by_severity_are_promised():
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    promised = dict(re.findall(r"^\| (critical|high|medium|low)\b[^|]*\|[^|]*?(\d+) \|$", told, re.MULTILINE))
    days = [int(promised[severity]) for severity in ("critical", "high", "medium", "low")]
    assert days == sorted(days)


def test_an_entry_that_is_wrong_is_found():
    made = TOOL["Requirement"]
    assert wrong_in(made(number="1.1.1", level=2, says="short", verdict="met")) == [
        "1.1.1: met, and nobody knows where"
    ]
    assert wrong_in(made(number="1.1.1", level=2, says="short", verdict="not met")) == ["1.1.1: no reason"]
    assert wrong_in(made(number="1.1.1", level=2, says="short", verdict="nearly", where=["a"], note="b"))
    gone = made(
        number="1.1.1", level=2, says="short", verdict="met", where=["gone.py"], tests=["tests/gone.py::test_a"]
    )
    assert missing_in(gone) == ["1.1.1: gone.py", "1.1.1: tests/gone.py::test_a"]
    assert not is_there("tests/rules/test_asvs.py::test_that_nobody_wrote")

"""Every fault has one code in its area's range, and three parts in both languages that ask for the same values."""

from __future__ import annotations

import ast
import re
import string

import pytest

from counterfoil.basis import Broken, FaultKind, Trouble, Words, broken, refused
from counterfoil.support import by_code, catalogue, declared, near, normal
from tests.rules.source import PACKAGE, Source, package, planted

# The thousands of an area's codes (basis.fault names the ranges).
RANGES = {
    "doors": "1",
    "people": "2",
    "factors": "2",
    "second_person": "2",
    "activity": "2",
    "payments": "3",
    "records": "3",
    "providers": "4",
    "evidence": "5",
    "store": "6",
    "removal": "8",
    "app": "7",
    "demo": "7",
    "bench": "7",
    "basis": "79",
}

EXCLAMATIONS = ("!", "！")


def written(source: Source) -> list[str]:
    """The codes that a file gives to refused, trouble or broken."""
    return [
        node.args[0].value
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and source.full_name(node.func).rsplit(".", 1)[-1] in {"refused", "trouble", "broken"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def out_of_range(pairs: list[tuple[str, FaultKind]]) -> list[str]:
    return [
        f"{kind.code} is not in the range of {area}"
        for area, kind in pairs
        if not re.fullmatch(r"CF-\d{4}", kind.code, re.ASCII) or kind.code[3] not in RANGES.get(area, "")
    ]


def wrong_words(kind: FaultKind) -> list[str]:
    zh, en = _parts(kind.zh), _parts(kind.en)
    complaints = [f"{kind.code}: a part is empty" for part in (*zh, *en) if not part.strip()]
    complaints += [f"{kind.code}: exclamation: {part}" for part in (*zh, *en) if any(m in part for m in EXCLAMATIONS)]
    if fields(*zh) != fields(*en):
        complaints.append(f"{kind.code}: {sorted(fields(*zh) ^ fields(*en))} stands in one language only")
    complaints += [f"{kind.code}: no Chinese: {part}" for part in zh if part and part.isascii()]
    return complaints


def fields(*texts: str) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _parts(words: Words) -> tuple[str, str, str]:
    return words.what, words.money, words.do


def test_every_fault_that_is_written_is_in_the_catalogue():
    codes = [code for source in package() for code in written(source)]
    assert sorted({*codes} - catalogue().keys()) == []
    assert len(codes) == len({*codes})


def test_every_code_is_in_its_areas_range():
    assert out_of_range(declared()) == []


def test_every_fault_has_its_three_parts_in_both_languages():
    assert [said for kind in catalogue().values() for said in wrong_words(kind)] == []


def test_every_fault_has_a_status_that_fits_its_class():
    for kind in catalogue().values():
        # 202 is the one trouble that is no error: the payment is known, its outcome is not yet.
        assert 400 <= kind.status <= 599 or (kind.cls is Trouble and kind.status == 202), kind.code
        assert kind.cls is not Broken or kind.status == 500, kind.code


GOOD = Words("发生了 {n} 件事", "没有扣款", "请再试")
GOOD_EN = Words("{n} things happened", "Nothing was taken", "Try again")


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        (GOOD, Words("{n} things happened", "", "Try again")),
        (GOOD, Words("{n} things happened", "Nothing was taken", "Try again!")),
        (Words("发生了 {n} 件事", "没有扣款", "请再试！"), GOOD_EN),
        (GOOD, Words("Things happened", "Nothing was taken", "Try again")),
        (Words("{n} things", "没有扣款", "请再试"), GOOD_EN),
    ],
)
def test_wrong_words_are_found(zh, en):
    assert wrong_words(broken("CF-9999", zh=zh, en=en))
    assert not wrong_words(broken("CF-9999", zh=GOOD, en=GOOD_EN))


def test_a_code_out_of_range_or_shape_is_found():
    for wrong in ("CF-1001", "CF-31", "CF-3x01", "3001"):
        assert out_of_range([("payments", refused(wrong, 400, zh=GOOD, en=GOOD_EN))])
    assert not out_of_range([("payments", refused("CF-3001", 400, zh=GOOD, en=GOOD_EN))])


def test_a_written_code_is_seen():
    text = "from counterfoil.basis import refused\nX = refused('CF-3001', 400, zh=1, en=2)"
    assert written(planted(PACKAGE + "payments/take.py", text)) == ["CF-3001"]


def test_a_code_that_is_declared_twice_is_found():
    first, second = (refused("CF-1001", 400, zh=GOOD, en=GOOD_EN) for _ in range(2))
    with pytest.raises(ValueError, match="CF-1001"):
        by_code([first, second])
    assert by_code([first, first]) == {"CF-1001": first}


def test_a_code_is_understood_however_it_is_typed():
    assert {normal(typed) for typed in ("9001", "cf9001", "CF-9001", " cf-9001 ")} == {"CF-9001"}
    assert near("CF-9010", ["CF-9001", "CF-1234"]) == ["CF-9001"]

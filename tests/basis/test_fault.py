"""A fault says whose it is, and tells it in both languages."""

from importlib import import_module
from pkgutil import walk_packages
from string import Formatter

import pytest

import counterfoil
from counterfoil.basis import Broken, Fault, FaultKind, Refused, Trouble, Words, broken, insist, refused, trouble

WORDS = Words("{amount} too much", "Nothing", "Ask")
KINDS = {
    kind.code: kind
    for each in walk_packages(counterfoil.__path__, "counterfoil.")
    if each.name.endswith((".faults", ".fault"))
    for kind in vars(import_module(each.name)).values()
    if isinstance(kind, FaultKind)
}


@pytest.mark.parametrize(
    ("kind", "cls", "status"),
    [
        (refused("CF-1", 409, zh=WORDS, en=WORDS), Refused, 409),
        (trouble("CF-2", 503, zh=WORDS, en=WORDS, retry_after_seconds=3), Trouble, 503),
        (broken("CF-3", zh=WORDS, en=WORDS), Broken, 500),
    ],
)
def test_whose_fault_it_is_stands_in_the_class(kind, cls, status):
    with pytest.raises(cls) as raised:
        raise kind(field="amount_minor", instead="refund", amount=5)
    fault = raised.value
    assert isinstance(fault, Fault)
    assert (fault.kind.status, fault.field, fault.instead) == (status, "amount_minor", "refund")
    assert fault.tell("en").what == "5 too much"
    assert fault.tell("zh-CN").code == kind.code


def test_insist_says_nothing_where_all_is_well_and_stops_where_it_is_not():
    insist(condition=True, why="never shown")
    with pytest.raises(Broken) as raised:
        insist(condition=False, why="two heads for one merchant")
    assert raised.value.kind.code == "CF-9001"
    assert raised.value.__notes__ == ["two heads for one merchant"]
    assert "two heads" not in raised.value.tell("en").what


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_fault_has_three_parts_in_both_languages_with_the_same_blanks(kind):
    for words in (kind.zh, kind.en):
        assert all((words.what, words.money, words.do))
        assert not any(mark in part for part in (words.what, words.money, words.do) for mark in "!！")
    assert blanks(kind.zh) == blanks(kind.en)
    assert all(part.isascii() for part in (kind.en.what, kind.en.money, kind.en.do))
    assert not any(part.isascii() for part in (kind.zh.what, kind.zh.money, kind.zh.do))


def blanks(words):
    text = words.what + words.money + words.do
    return {name for _, name, _, _ in Formatter().parse(text) if name}

"""A fault says whose it is, and tells it in both languages."""

import pytest

from counterfoil.basis import Broken, Fault, Refused, Trouble, Words, broken, insist, refused, trouble

WORDS = Words("{amount} too much", "Nothing", "Ask")


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

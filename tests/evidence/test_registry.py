"""The registry of fact kinds only grows, and whatever an area declares stands in it."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import counterfoil
from counterfoil.basis import Fault
from counterfoil.evidence import disagreements, fact_kind, losses, parse_registry, registry

FROZEN = Path(__file__).with_name("registry_frozen.txt")


def declared():
    names = [each.name for each in walk_packages(counterfoil.__path__, "counterfoil.") if each.name.endswith(".facts")]
    return [kind for name in names for kind in import_module(name).KINDS]


def test_every_declared_kind_stands_in_the_registry():
    assert declared()
    assert disagreements(declared(), registry()) == []


def test_nothing_of_an_earlier_registry_was_taken_away_or_used_again():
    assert losses(parse_registry(FROZEN.read_text("utf-8")), registry()) == []


def test_a_kind_or_field_that_is_not_registered_is_named():
    known = parse_registry("1 txn.sent amount\n")
    kinds = [fact_kind("txn.sent", "amount", "wallet"), fact_kind("txn.lost")]
    assert disagreements(kinds, known) == [
        "txn.sent carries wallet, which registry.txt does not list",
        "txn.lost does not stand in registry.txt",
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2 b.b x\n", "a.a was taken away"),
        ("3 a.a x,y\n2 b.b x\n", "a.a changed its number"),
        ("1 a.a x\n2 b.b x\n", "a.a lost or moved a field"),
        ("1 a.a y,x\n2 b.b x\n", "a.a lost or moved a field"),
        ("2 a.a x,y\n", "number 2 is used again"),
    ],
)
def test_each_way_to_shrink_is_seen(now, told):
    assert told in losses(parse_registry("1 a.a x,y\n2 b.b x\n"), parse_registry(now))


def test_growing_is_no_loss():
    assert losses(parse_registry("1 a.a x\n"), parse_registry("1 a.a x,y\n2 b.b -\n")) == []


@pytest.mark.parametrize("text", ["1 a.a x\n1 b.b x\n", "1 a.a x\n2 a.a x\n", "0 a.a x\n", "1 a.a x,x\n", "1 a.a ts\n"])
def test_a_registry_that_is_no_registry_is_refused(text):
    with pytest.raises(Fault):
        parse_registry(text)

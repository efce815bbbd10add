"""What an operator number is called, in the merchant's words or ours."""

from __future__ import annotations

from counterfoil.locale import Translate
from counterfoil.people import NumberKind, NumberRule


def kind_called(t: Translate, rule: NumberRule, kind: NumberKind) -> str:
    """What the merchant calls that kind of number, else our word for it."""
    return rule.word(kind) or t(f"number_kind.{kind.value}")


def number_called(t: Translate, rule: NumberRule, number: str) -> str:
    """A number with what it is called before it: 主管 00."""
    return t("bar.operator", word=kind_called(t, rule, rule.kind(number)), number=number)

"""操作员号的规定: how long operator numbers are, whose the special ones are, and what each kind is called."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.evidence import SYSTEM
from counterfoil.people.facts import STAFF_RULE_SET
from counterfoil.people.permission import Role
from counterfoil.store import Fact

DIGITS: Final = range(1, 9)
WORD_CHARACTERS_MAX: Final = 20
# As card terminals have known them for decades.
SUPERVISOR_NUMBER: Final = "00"
ADMINISTRATOR_NUMBER: Final = "99"
_NUMBERS: Final = ("number_least", "number_most", "supervisor_number", "administrator_number")


class NumberKind(StrEnum):
    """主管, 终端管理员, 收银员: whose a number is by itself, whatever roles its holder has."""

    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    CASHIER = "cashier"

    @property
    def role(self) -> Role:
        """The role that is usually given with such a number."""
        return Role(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRule:
    """From ``number_least`` to ``number_most`` digits; the two special numbers, each empty where there is none.

    The ``…_word``: what that kind of number is called, all others by ``cashier_word``; empty: by our own word.
    """

    number_least: int
    number_most: int
    supervisor_number: str = SUPERVISOR_NUMBER
    administrator_number: str = ADMINISTRATOR_NUMBER
    supervisor_word: str = ""
    administrator_word: str = ""
    cashier_word: str = ""

    def fits(self, number: str) -> bool:
        """Whether a number has as many digits as the rule says."""
        return self.number_least <= len(number) <= self.number_most

    def kind(self, number: str) -> NumberKind:
        """Which kind of number it is."""
        if number and number == self.supervisor_number:
            return NumberKind.SUPERVISOR
        if number and number == self.administrator_number:
            return NumberKind.ADMINISTRATOR
        return NumberKind.CASHIER

    def word(self, kind: NumberKind) -> str:
        """What the merchant calls that kind; empty: by our own word."""
        words = {
            NumberKind.SUPERVISOR: self.supervisor_word,
            NumberKind.ADMINISTRATOR: self.administrator_word,
            NumberKind.CASHIER: self.cashier_word,
        }
        return words[kind]


def first_rule(least: int, most: int) -> NumberRule:
    """The rule a merchant begins with: the usual special numbers, where they have as many digits."""
    usual = NumberRule(number_least=least, number_most=most)
    if usual.fits(SUPERVISOR_NUMBER):
        return usual
    return replace(usual, supervisor_number="", administrator_number="")


def rule_fact(
    at: int, rule: NumberRule, *, by: str = SYSTEM, before: NumberRule | None = None, words_changed: bool = False
) -> Fact:
    """The numbers as they are and were; of the words, which are free text, only that they changed."""
    return STAFF_RULE_SET.fact(
        at=at,
        actor=by,
        number_least=rule.number_least,
        number_most=rule.number_most,
        supervisor_number=rule.supervisor_number,
        administrator_number=rule.administrator_number,
        before=None if before is None else {name: getattr(before, name) for name in _NUMBERS},
        words_changed=words_changed or None,
    )

"""Set the rule of operator numbers: their digits, the special ones, and what each kind is called."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, replace

from counterfoil.people import tables
from counterfoil.people.alter import in_service
from counterfoil.people.card_numbers import without_card
from counterfoil.people.demand import demand
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.number_faults import NUMBER_LENGTHS, NUMBER_WORD, SPECIAL_NUMBER
from counterfoil.people.number_rule import DIGITS, WORD_CHARACTERS_MAX, NumberKind, NumberRule, rule_fact
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.roles.held import staff_row
from counterfoil.people.roles.reading import as_number_rule
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.store import Change, Guard, Stale


def checked_rule(rule: NumberRule) -> NumberRule:
    """The rule as it is kept: numbers narrowed from full-width ones, words without the spaces around them.

    Raises Refused CF-2080 (digits), CF-2081 (a special number), CF-2082 (a word), CF-2190 (a card number); ``field``
    says which.
    """
    if rule.number_least not in DIGITS:
        raise NUMBER_LENGTHS(field="number_least")
    if rule.number_most not in DIGITS or rule.number_most < rule.number_least:
        raise NUMBER_LENGTHS(field="number_most")
    supervisor = _special(rule, rule.supervisor_number, "supervisor_number")
    administrator = _special(rule, rule.administrator_number, "administrator_number")
    if supervisor and supervisor == administrator:
        raise SPECIAL_NUMBER(field="administrator_number", least=rule.number_least, most=rule.number_most)
    return replace(
        rule,
        supervisor_number=supervisor,
        administrator_number=administrator,
        supervisor_word=_word(rule.supervisor_word, "supervisor_word"),
        administrator_word=_word(rule.administrator_word, "administrator_word"),
        cashier_word=_word(rule.cashier_word, "cashier_word"),
    )


async def set_number_rule(means: Means, actor: Actor, rule: NumberRule) -> None:
    """Put the rule in force; nothing where it is in force already. Numbers that exist go on working.

    Raises Refused CF-2021 (may not) and what ``checked_rule`` does; Trouble CF-2010.
    """
    # 1 may this person do it, and can there be such a rule
    demand(actor, Permission.MANAGE_SETTINGS)
    new = checked_rule(rule)
    for _ in range(ROUNDS_MAX):
        # 2 load
        still = await in_service(means, actor)
        row = await staff_row(means, actor.merchant_id)
        before = as_number_rule(row)
        if before == new:
            return
        # 3 commit with its fact: numbers as they were and are, of the words only that they changed
        renamed = any(before.word(kind) != new.word(kind) for kind in NumberKind)
        fact = rule_fact(means.clock.now(), new, by=actor.person_id, before=before, words_changed=renamed)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            guards=(Guard(tables.staff, row, asdict(new)),),
            requires=(still,),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()


def _special(rule: NumberRule, typed: str, field: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip()
    if plain and not (plain.isascii() and plain.isdecimal() and rule.fits(plain)):
        raise SPECIAL_NUMBER(field=field, least=rule.number_least, most=rule.number_most)
    return plain


def _word(typed: str, field: str) -> str:
    plain = unicodedata.normalize("NFC", typed).strip()
    if len(plain) > WORD_CHARACTERS_MAX or not plain.isprintable():
        raise NUMBER_WORD(field=field, most=WORD_CHARACTERS_MAX)
    without_card(plain, field)
    return plain

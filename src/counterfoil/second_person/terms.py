"""What it takes to approve something, by the rule in force and by how many others there are at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.factors import Means
from counterfoil.people import Rule, rule_for
from counterfoil.second_person.may import Others, others_of
from counterfoil.second_person.request import Request


@dataclass(frozen=True, slots=True)
class Terms:
    """``persons``: how many have to approve. ``alone``: there is nobody else at all.

    ``cools``: there are fewer others than the rule asks for, so time stands in for whoever is missing (冷静期).
    """

    persons: int
    alone: bool
    cools: bool


def terms_of(rule: Rule, others: Others, amount_minor: int | None) -> Terms:
    """What that rule takes of those others: never more than there are, and never at once where it is less."""
    needed, there = rule.needed(amount_minor), others.count
    return Terms(persons=max(1, min(needed, there)), alone=there == 0, cools=there < max(1, needed))


async def terms_now(means: Means, found: Request) -> Terms:
    """What approving it takes now: what it took when it was asked for, and no less than the rule says by now."""
    rule = await rule_for(means.store, found.merchant_id, found.act)
    others = await others_of(means.people, found.merchant_id, rule, found.asked_by, found.shop_id)
    now = terms_of(rule, others, found.amount_minor)
    return Terms(max(found.persons, now.persons), now.alone, now.cools)

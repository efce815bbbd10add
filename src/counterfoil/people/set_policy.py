"""Set the rule of one act: how many others it needs, from which amount, and who they may be."""

from __future__ import annotations

from typing import Final

from counterfoil.people.demand import demand
from counterfoil.people.facts import POLICY_SET
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission, Role
from counterfoil.people.person import ACTIVE
from counterfoil.people.policy import ALWAYS, PERSONS, WITH_AMOUNT, Act, Rule, demand_second, rule_row
from counterfoil.people.policy_faults import POLICY_WRONG
from counterfoil.people.roles.reading import own_roles
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.people.tables import second_person_rule
from counterfoil.store import Change, Guard, Insert, Lost

FROM_MINOR_MAX: Final = 1_000_000_000_00


async def check_rule(means: Means, merchant_id: int, rule: Rule) -> None:
    """Raises Refused CF-2151 for a rule that says nothing that can be kept; ``field`` says what is wrong."""
    known = {role.value for role in Role}
    known |= {one.id for one in await own_roles(means.store, merchant_id) if one.state == ACTIVE}
    if rule.persons not in PERSONS:
        raise POLICY_WRONG(field="persons")
    if rule.from_minor is not None and (rule.act not in WITH_AMOUNT or not 0 < rule.from_minor <= FROM_MINOR_MAX):
        raise POLICY_WRONG(field="from")
    if not rule.roles or not known.issuperset(rule.roles):
        raise POLICY_WRONG(field="roles")
    # Whoever may change the table unseen by others might as well have no table; and nobody moves money by a word.
    if rule.act in ALWAYS and not rule.persons:
        raise POLICY_WRONG(field="persons")


async def set_policy(means: Means, actor: Actor, rule: Rule) -> None:
    """Put the rule in force, from the next request on. Changing it obeys the rule about changing rules.

    Raises Refused CF-2021 (may not), CF-2150 (nobody else approved it), CF-2151; Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_POLICY)
    await demand_second(means.store, actor, Act.SET_POLICY)
    await check_rule(means, actor.merchant_id, rule)
    values = {"persons": rule.persons, "from_minor": rule.from_minor, "roles": " ".join(rule.roles)}
    for _ in range(ROUNDS_MAX):
        before = await rule_row(means.store, actor.merchant_id, rule.act)
        fact = POLICY_SET.fact(
            at=means.clock.now(),
            actor=actor.person_id,
            approver=actor.approver_id,
            act=rule.act.value,
            persons=rule.persons,
            from_minor=rule.from_minor,
            roles=" ".join(rule.roles),
        )
        blank = {"merchant_id": actor.merchant_id, "act": rule.act.value}
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            inserts=(Insert(second_person_rule, {**blank, **values}),) if before is None else (),
            guards=() if before is None else (Guard(second_person_rule, before, values),),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Lost:
            continue
        return
    raise SIGN_IN_BUSY()

"""Who may see a request, and who may approve it: somebody else, with one of the rule's roles, and what they lend."""

from __future__ import annotations

from counterfoil.people import (
    ACTIVE,
    MAY_NOT_APPROVE,
    SAME_PERSON,
    Actor,
    Means,
    Permission,
    Rule,
    grants,
    logins,
    persons,
    rule_for,
)
from counterfoil.second_person.faults import REQUEST_UNKNOWN
from counterfoil.second_person.request import Request


async def eligible(means: Means, merchant_id: int, rule: Rule, asked_by: str, shop_id: str | None) -> frozenset[str]:
    """The persons who could approve it in the office: active, with a login, a role of the rule, and not who asked."""
    store = means.store
    active = {one.id for one in await persons(store, merchant_id) if one.state == ACTIVE}
    inside = {one.person_id for one in (await logins(store, merchant_id)).values() if one.state == ACTIVE}
    having = {
        one.person_id
        for one in await grants(store, merchant_id)
        if one.role in rule.roles and one.shop_id in (None, shop_id)
    }
    return frozenset(active & inside & having - {asked_by})


async def demand_may_approve(means: Means, actor: Actor, request: Request) -> None:
    """Go on only if this person may approve it, or stands alone and may do so themselves.

    Raises Refused CF-2152 (it is the requester, or who approved it before), CF-2153 (no role of the rule, or lacks what
    would be lent).
    """
    rule = await rule_for(means.store, actor.merchant_id, request.act)
    others = await eligible(means, actor.merchant_id, rule, request.asked_by, request.shop_id)
    if actor.person_id == request.first_by:
        raise SAME_PERSON()
    if actor.person_id == request.asked_by:
        if not request.alone or others:
            raise SAME_PERSON()
        return
    if actor.person_id not in others:
        raise MAY_NOT_APPROVE()
    if request.lends is not None and not actor.may(request.lends, request.shop_id):
        raise MAY_NOT_APPROVE()


async def may_see(means: Means, actor: Actor, request: Request) -> bool:
    """Whether it is shown to this person: what it would do reads as whoever asked may read it, and that may be more.

    Seen by whoever asked or could approve it, who holds the right to approve things there, and who may read what it is
    about: the payments of its shop, or the evidence where it concerns the whole merchant.
    """
    about = Permission.READ if request.shop_id else Permission.READ_EVIDENCE
    if actor.person_id == request.asked_by or any(
        actor.may(one, request.shop_id) for one in (Permission.APPROVE, about)
    ):
        return True
    rule = await rule_for(means.store, actor.merchant_id, request.act)
    others = await eligible(means, actor.merchant_id, rule, request.asked_by, request.shop_id)
    return actor.person_id in others


async def demand_may_see(means: Means, actor: Actor, request: Request) -> None:
    """Go on only if it is shown to this person; to anybody else it is not there. Raises REQUEST_UNKNOWN."""
    if not await may_see(means, actor, request):
        raise REQUEST_UNKNOWN()

"""Who may see a request, and who may approve it: somebody else, with one of the rule's roles, and what they lend."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.basis import local_time
from counterfoil.people import (
    MAY_NOT_APPROVE,
    SAME_PERSON,
    Actor,
    Approver,
    Means,
    Permission,
    Rule,
    approvers,
    merchant,
    rule_for,
)
from counterfoil.second_person.faults import GONE_LATELY, REQUEST_UNKNOWN
from counterfoil.second_person.request import GONE_MICROS, Request


@dataclass(frozen=True, slots=True)
class Others:
    """Who else could approve something: ``now``, by their ids; ``gone``: who lately could, and still counts."""

    now: frozenset[str]
    gone: tuple[Approver, ...] = ()

    @property
    def count(self) -> int:
        """How many others there are for the rule."""
        return len(self.now) + len(self.gone)


async def others_of(means: Means, merchant_id: int, rule: Rule, asked_by: str, shop_id: str | None) -> Others:
    """Who, beside whoever asked, could approve it in the office: active, with a login and a role of the rule.

    Whoever did so within the last days counts, too, whoever took it from them: an administrator may disable an equal,
    and must not stand alone by that.
    """
    since = means.clock.now() - GONE_MICROS
    found = [one for one in await approvers(means.store, merchant_id, rule.roles, shop_id) if one.person_id != asked_by]
    return Others(
        now=frozenset(one.person_id for one in found if one.until is None),
        gone=tuple(one for one in found if one.until is not None and one.until > since),
    )


async def demand_enough(means: Means, merchant_id: int, others: Others, persons: int) -> None:
    """Go on only if as many can approve it as have to, of those who count. Raises Refused CF-2166.

    It names who was taken out last; how things are without them is asked once those days are over.
    """
    if not others.gone or len(others.now) >= persons:
        return
    whose = await merchant(means.store, merchant_id)
    zone = whose.zone if whose else "UTC"
    last = max(others.gone, key=lambda one: one.until or 0)
    since, until = [
        local_time(at, zone).strftime("%m-%d %H:%M") for at in (last.until or 0, (last.until or 0) + GONE_MICROS)
    ]
    raise GONE_LATELY(who=last.called, since=since, until=until)


async def eligible(means: Means, merchant_id: int, rule: Rule, asked_by: str, shop_id: str | None) -> frozenset[str]:
    """The persons who could approve it in the office: active, with a login, a role of the rule, and not who asked."""
    return (await others_of(means, merchant_id, rule, asked_by, shop_id)).now


async def demand_may_approve(means: Means, actor: Actor, request: Request) -> None:
    """Go on only if this person may approve it, or stands alone and may do so themselves.

    Raises Refused CF-2152 (it is the requester, or who approved it before), CF-2153 (no role of the rule, or lacks what
    would be lent), CF-2166 (alone only because somebody else was taken out lately).
    """
    rule = await rule_for(means.store, actor.merchant_id, request.act)
    others = await others_of(means, actor.merchant_id, rule, request.asked_by, request.shop_id)
    if actor.person_id == request.first_by:
        raise SAME_PERSON()
    if actor.person_id == request.asked_by:
        if not request.alone or others.now:
            raise SAME_PERSON()
        await demand_enough(means, actor.merchant_id, others, 1)
        return
    if actor.person_id not in others.now:
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

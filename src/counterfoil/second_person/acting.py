"""As whom an approved request is carried out: the person who asked, with what they may now and what was lent."""

from __future__ import annotations

from types import MappingProxyType

from counterfoil.basis import insist
from counterfoil.factors import Means
from counterfoil.people import ACTIVE, PERSON_UNKNOWN, PERSONS, Actor, Person, held_by, person, terminal
from counterfoil.second_person.request import Request


async def acting(means: Means, request: Request) -> tuple[Person, Actor]:
    """Who asked, and that person as an actor.

    What they may is read now: a role that was taken back meanwhile is gone. Before the approval the actor has nobody's
    approval, and so may be asked what would happen, and no more. Raises Refused CF-2018 (disabled meanwhile).
    """
    store, merchant_id = means.store, request.merchant_id
    who = await person(store, merchant_id, request.asked_by)
    if who is None or who.state != ACTIVE:
        raise PERSON_UNKNOWN(number="")
    held = await held_by(store, merchant_id, who.id)
    place = await terminal(store, merchant_id, request.terminal_id) if request.terminal_id else None
    in_shops = dict(held.in_shops)
    if request.lends is not None and request.shop_id is not None:
        in_shops[request.shop_id] = in_shops.get(request.shop_id, frozenset()) | {request.lends}
    insist(request.lends is None or request.shop_id is not None, "what is lent is lent for one shop")
    actor = Actor(
        merchant_id=merchant_id,
        person_id=who.id,
        permissions=held.everywhere,
        in_shops=MappingProxyType(in_shops),
        auth="pin+term" if request.terminal_id else "pin",
        terminal_id=request.terminal_id,
        here=place.shop_id if place else None,
        approver_id=request.approved_by,
        # The request has counted them; a shop with fewer people than the rule asks for was asked for all it has.
        approvals=max(PERSONS) if request.approved_by else 0,
        deed_sha256=request.request_sha256,
    )
    return who, actor

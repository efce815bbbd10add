"""Add a shop to a merchant that is open."""

from __future__ import annotations

from typing import cast

from counterfoil.basis import insist
from counterfoil.people.demand import demand
from counterfoil.people.faults import SHOP_TAKEN
from counterfoil.people.means import Means
from counterfoil.people.open_merchant import check_zone, shop_part
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import NewShop, Shop
from counterfoil.people.reading import shop, shops
from counterfoil.people.shapes import text
from counterfoil.store import Change, ChangePart


async def add_shop(means: Means, actor: Actor, new: NewShop) -> Shop:
    """The shop, still without terminals: ``add_terminal`` adds them.

    Raises Refused CF-2014 (name), CF-2017 (zone, day end), CF-2021 (may not), CF-2023 (name taken).
    """
    # 1 may this person do it, and has it the right shape
    demand(actor, Permission.MANAGE_PLACES)
    name = text(new.name, "name")
    check_zone(new.zone, new.day_ends_minute)
    insist(not new.terminals, "terminals are added one by one")
    # 2 the name tells it apart
    if any(known.name == name for known in await shops(means.store, actor.merchant_id)):
        raise SHOP_TAKEN(field="name")
    # 3 commit the shop and the fact
    part = shop_part(means, actor.merchant_id, new, means.clock.now(), by=actor.person_id)
    await means.store.commit(_change(means, actor, part))
    # 4 answer from the record
    made = await shop(means.store, actor.merchant_id, part.inserts[0].row["id"])
    insist(made is not None, "a shop just added is there")
    return cast("Shop", made)


def _change(means: Means, actor: Actor, part: ChangePart) -> Change:
    return Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, inserts=part.inserts, facts=part.facts)

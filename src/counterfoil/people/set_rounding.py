"""Set to what cash is rounded down in a shop (抹零)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people import tables
from counterfoil.people.demand import demand
from counterfoil.people.facts import SHOP_ROUNDING_SET
from counterfoil.people.faults import SETTING_WRONG, SHOP_UNKNOWN, SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ROUNDINGS
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.store import Change, Guard, Stale

_SHOP: Final = select(tables.shop).where(
    tables.shop.c.merchant_id == bindparam("merchant_id"), tables.shop.c.id == bindparam("id")
)


async def set_rounding(means: Means, actor: Actor, shop_id: str, rounding: str) -> None:
    """Write one of ROUNDINGS; nothing where it is that already.

    Raises Refused CF-2009 (none of that id), CF-2017 (no such rounding), CF-2021 (may not); Trouble CF-2010.
    """
    # 1 may this person do it, and is there such a rounding
    demand(actor, Permission.MANAGE_PLACES)
    if rounding not in ROUNDINGS:
        raise SETTING_WRONG(field="rounding")
    for _ in range(ROUNDS_MAX):
        # 2 load
        before = await means.store.fetch_one(_SHOP, {"merchant_id": actor.merchant_id, "id": shop_id})
        if before is None:
            raise SHOP_UNKNOWN()
        if before["rounding"] == rounding:
            return
        # 3 commit with its fact
        fact = SHOP_ROUNDING_SET.fact(at=means.clock.now(), actor=actor.person_id, subject=shop_id, rounding=rounding)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            guards=(Guard(tables.shop, before, {"rounding": rounding}),),
            facts=(fact,),
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()

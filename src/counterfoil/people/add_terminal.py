"""Add a terminal to a shop."""

from __future__ import annotations

from typing import cast

from counterfoil.basis import Broken, insist
from counterfoil.people.demand import demand
from counterfoil.people.faults import SHOP_UNKNOWN, TERMINAL_TAKEN
from counterfoil.people.means import Means
from counterfoil.people.open_merchant import terminal_part
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, NewTerminal, Terminal
from counterfoil.people.reading import shop, terminal_by_number
from counterfoil.people.shapes import terminal_number, text
from counterfoil.store import Change, ChangePart


async def add_terminal(means: Means, actor: Actor, shop_id: str, new: NewTerminal) -> Terminal:
    """The terminal, at which people of the merchant may sign in at once.

    Raises Refused CF-2007 (number), CF-2009 (no such active shop), CF-2014 (label), CF-2021 (may not), CF-2024 (number
    taken).
    """
    # 1 may this person do it, and has it the right shape
    demand(actor, Permission.MANAGE_PLACES)
    number = terminal_number(new.number)
    text(new.label, "label")
    # 2 the shop is there, the number is free
    where = await shop(means.store, actor.merchant_id, shop_id)
    if where is None or where.state != ACTIVE:
        raise SHOP_UNKNOWN(field="shop_id")
    if await terminal_by_number(means.store, actor.merchant_id, number):
        raise TERMINAL_TAKEN(field="number", number=number)
    # 3 commit the terminal and the fact; where two add the same number at once, the unique index decides
    part = terminal_part(means, actor.merchant_id, where.id, new, by=actor.person_id)
    try:
        await means.store.commit(_change(means, actor, part))
    except Broken:
        if await terminal_by_number(means.store, actor.merchant_id, number) is None:
            raise
        raise TERMINAL_TAKEN(field="number", number=number) from None
    # 4 answer from the record
    made = await terminal_by_number(means.store, actor.merchant_id, number)
    insist(made is not None, "a terminal just added is there")
    return cast("Terminal", made)


def _change(means: Means, actor: Actor, part: ChangePart) -> Change:
    return Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, inserts=part.inserts, facts=part.facts)

"""Give an operator, a terminal or a shop another name. Numbers stay: what was written under them keeps its meaning."""

from __future__ import annotations

from collections.abc import Mapping

from counterfoil.evidence import committed
from counterfoil.people import facts
from counterfoil.people.alter import PERSON, SHOP, TERMINAL, alter
from counterfoil.people.demand import demand
from counterfoil.people.faults import SHOP_TAKEN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.reading import shops
from counterfoil.people.shapes import SALT_BYTES, text
from counterfoil.store import Row


async def rename_operator(means: Means, actor: Actor, person_id: str, name: str) -> None:
    """Another name for an operator; the log keeps its salted commitment only.

    Raises Refused CF-2014 (name), CF-2018 (nobody of that id), CF-2021 (may not); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    new, salt = text(name, "name"), means.entropy.bytes(SALT_BYTES)

    def values(before: Row) -> Mapping[str, str | None]:
        return {} if before["name"] == new else committed("name", new, salt)

    await alter(means, actor, PERSON, person_id, values, facts.PERSON_RENAMED)


async def rename_terminal(means: Means, actor: Actor, terminal_id: str, label: str) -> None:
    """Another label for a terminal.

    Raises Refused CF-2008 (none of that id), CF-2014 (label), CF-2021 (may not); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_PLACES)
    new = text(label, "label")

    def values(before: Row) -> Mapping[str, str]:
        return {} if before["label"] == new else {"label": new}

    await alter(means, actor, TERMINAL, terminal_id, values, facts.TERMINAL_RENAMED)


async def rename_shop(means: Means, actor: Actor, shop_id: str, name: str) -> None:
    """Another name for a shop, which tells it apart from the merchant's others.

    Raises Refused CF-2009 (none of that id), CF-2014 (name), CF-2021 (may not), CF-2023 (name taken); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_PLACES)
    new = text(name, "name")
    if any(known.name == new and known.id != shop_id for known in await shops(means.store, actor.merchant_id)):
        raise SHOP_TAKEN(field="name")

    def values(before: Row) -> Mapping[str, str]:
        return {} if before["name"] == new else {"name": new}

    await alter(means, actor, SHOP, shop_id, values, facts.SHOP_RENAMED)

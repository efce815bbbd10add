"""Switch an API key off, at once; or on again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.people.alter import Kind, alter, row_of
from counterfoil.people.demand import demand
from counterfoil.people.facts import KEY_DISABLED, KEY_ENABLED
from counterfoil.people.key_faults import KEY_UNKNOWN
from counterfoil.people.make_key import allowed_by
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Held, Permission
from counterfoil.people.person import ACTIVE, DISABLED
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.roles.rights import demand_covers
from counterfoil.people.tables import api_key
from counterfoil.store import Row

KEY: Final = Kind(api_key, Permission.MANAGE_KEYS, KEY_UNKNOWN)


async def switch_key(means: Means, actor: Actor, key_id: str, *, on: bool) -> None:
    """Off: from the next request on the key opens nothing. On again only by somebody who may what it may.

    Raises Refused CF-2172 (none of that id), CF-2021 (may not), CF-2035 (more than the actor may), CF-2150 (on, and
    another person has to approve it); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_KEYS)
    if on:
        await demand_second(means.store, actor, Act.ENABLE_KEY)
        row = await row_of(means, KEY, actor.merchant_id, key_id)
        demand_covers(actor, Held(allowed_by(row["scopes"].split())))
    state = ACTIVE if on else DISABLED

    def values(before: Row) -> Mapping[str, str]:
        return {} if before["state"] == state else {"state": state}

    await alter(means, actor, KEY, key_id, values, KEY_ENABLED if on else KEY_DISABLED)

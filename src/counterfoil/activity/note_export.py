"""Note that somebody took activity along as a file; before the first byte of it leaves."""

from __future__ import annotations

from counterfoil.activity.facts import ACTIVITY_EXPORTED
from counterfoil.people import Actor, Means, Permission, demand_somewhere
from counterfoil.store import Change


async def note_export(
    means: Means, actor: Actor, *, form: str, first: str, last: str, count: int | None = None
) -> None:
    """Write the fact. Raises Refused CF-2021 for whoever may not export, or not see activity."""
    demand_somewhere(actor, Permission.READ_ACTIVITY)
    demand_somewhere(actor, Permission.EXPORT)
    fact = ACTIVITY_EXPORTED.fact(
        at=means.clock.now(), actor=actor.person_id, auth=actor.auth, form=form, first=first, last=last, count=count
    )
    await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, facts=(fact,)))

"""What asking for a lifting and lifting have in common: the hold at the state they begin from, and the one Change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.evidence import FactKind
from counterfoil.people import Actor, Means, Permission, demand, in_service
from counterfoil.removal.faults import HOLD_MOVED, HOLD_UNKNOWN
from counterfoil.removal.hold import Hold
from counterfoil.removal.reading import hold_by_id
from counterfoil.removal.states import HOLD, HoldEvent
from counterfoil.removal.tables import record_hold
from counterfoil.store import Change, Guard, Stale


async def at_state(means: Means, actor: Actor, hold_id: str, event: HoldEvent) -> Hold:
    """The hold, to which ``event`` may happen. Raises Refused CF-2021, CF-8002, CF-8003."""
    demand(actor, Permission.HOLD)
    found = await hold_by_id(means.store, actor.merchant_id, hold_id)
    if found is None:
        raise HOLD_UNKNOWN()
    if HOLD.move(found.state, event) is None:
        raise HOLD_MOVED()
    return found


async def moved(
    means: Means, actor: Actor, found: Hold, event: HoldEvent, values: Mapping[str, Any], fact: FactKind
) -> None:
    """Let ``event`` happen, with ``values`` beside the state. Raises Refused CF-8003 where somebody was faster."""
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=found.merchant_id,
        guards=(Guard(record_hold, found.row, {"state": HOLD.moves[found.state, event].value, **values}),),
        requires=(await in_service(means, actor),),
        facts=(
            fact.fact(
                at=means.clock.now(),
                actor=actor.person_id,
                subject=found.payment_id,
                auth=actor.auth,
                hold=found.id,
                number=found.number,
            ),
        ),
    )
    try:
        await means.store.commit(change)
    except Stale as error:
        raise HOLD_MOVED() from error

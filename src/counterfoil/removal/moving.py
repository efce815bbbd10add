"""What asking for a lifting and lifting have in common: the hold at the state they begin from, and what is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.evidence import FactKind
from counterfoil.people import Actor, Means, Permission, demand
from counterfoil.removal.faults import HOLD_MOVED, HOLD_UNKNOWN
from counterfoil.removal.hold import Hold
from counterfoil.removal.reading import hold_by_id
from counterfoil.removal.states import HOLD, HoldEvent
from counterfoil.removal.tables import record_hold
from counterfoil.store import ChangePart, Guard


@dataclass(frozen=True, slots=True)
class Told:
    """Which fact tells of it, and when it happened."""

    kind: FactKind
    at: int


async def at_state(means: Means, actor: Actor, hold_id: str, event: HoldEvent) -> Hold:
    """The hold, to which ``event`` may happen. Raises Refused CF-2021, CF-8002, CF-8003."""
    demand(actor, Permission.HOLD)
    found = await hold_by_id(means.store, actor.merchant_id, hold_id)
    if found is None:
        raise HOLD_UNKNOWN()
    if HOLD.move(found.state, event) is None:
        raise HOLD_MOVED()
    return found


def moving(actor: Actor, found: Hold, event: HoldEvent, values: Mapping[str, Any], told: Told) -> ChangePart:
    """Let ``event`` happen, with ``values`` beside the state, and its fact."""
    fact = told.kind.fact(
        at=told.at,
        actor=actor.person_id,
        subject=found.payment_id,
        auth=actor.auth,
        hold=found.id,
        number=found.number,
    )
    guard = Guard(record_hold, found.row, {"state": HOLD.moves[found.state, event].value, **values})
    return ChangePart(guards=(guard,), facts=(fact,))

"""What asking for a lifting and lifting have in common: the hold they begin from, and what is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.evidence import FactKind
from counterfoil.people import Actor, Means, Permission, demand
from counterfoil.removal.faults import HOLD_MOVED, HOLD_UNKNOWN
from counterfoil.removal.hold import Hold
from counterfoil.removal.reading import hold_by_id
from counterfoil.removal.states import HOLD, HoldEvent
from counterfoil.removal.tables import record_hold
from counterfoil.store import ChangePart, Guard

# In each round somebody wins, so this many at once all come to their turn.
TRIES: Final = 24


@dataclass(frozen=True, slots=True)
class Told:
    """Which fact tells of it, when it happened, and at whose desk where it was not the actor's own."""

    kind: FactKind
    at: int
    desk: str | None = None


async def hold_for(means: Means, actor: Actor, hold_id: str) -> Hold:
    """The hold as it is, for whoever may do something with it. Raises Refused CF-2021, CF-8002."""
    demand(actor, Permission.RELEASE_HOLD)
    found = await hold_by_id(means.store, actor.merchant_id, hold_id)
    if found is None:
        raise HOLD_UNKNOWN()
    return found


def legal(found: Hold, event: HoldEvent) -> None:
    """Go on only if ``event`` may happen to it now. Raises Refused CF-8003."""
    if HOLD.move(found.state, event) is None:
        raise HOLD_MOVED()


def moving(actor: Actor, found: Hold, event: HoldEvent, values: Mapping[str, Any], told: Told) -> ChangePart:
    """Let ``event`` happen, with ``values`` beside the state, and its fact."""
    fact = told.kind.fact(
        at=told.at,
        actor=actor.person_id,
        subject=found.payment_id,
        auth=actor.auth,
        hold=found.id,
        number=found.number,
        desk=told.desk,
    )
    guard = Guard(record_hold, found.row, {"state": HOLD.moves[found.state, event].value, **values})
    return ChangePart(guards=(guard,), facts=(fact,))

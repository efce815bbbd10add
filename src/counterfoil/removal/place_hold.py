"""Place a legal hold (设置保全锁定) on a record."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.payments import load
from counterfoil.people import Actor, Means, Permission, demand, in_service
from counterfoil.removal.facts import HOLD_PLACED
from counterfoil.removal.faults import HOLD_REASON, RECORD_UNKNOWN
from counterfoil.removal.hold import REASONS
from counterfoil.removal.states import HoldState
from counterfoil.removal.tables import record_hold
from counterfoil.store import Change, Draw, Drawn, Insert, Repeated

_COUNTER = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """``id`` is the caller's, so that a repeat places nothing twice; ``reason`` one of REASONS."""

    id: str
    payment_id: str
    reason: str


async def place_hold(means: Means, actor: Actor, asked: PlaceHold) -> None:
    """Keep the record where it is from now on. A repeat of the same id is taken as done.

    Raises Refused CF-2021 (may not), CF-8005 (reason), CF-8006 (no such record).
    """
    # 1 may this person do it, and is there such a reason
    demand(actor, Permission.HOLD)
    if asked.reason not in REASONS:
        raise HOLD_REASON(field="reason")
    # 2 is there such a record
    if await load(means.store, actor.merchant_id, asked.payment_id) is None:
        raise RECORD_UNKNOWN(field="payment_id")
    # 3 commit with its fact and a number of its own
    try:
        await means.store.commit(await _change(means, actor, asked))
    except Repeated:
        return


async def _change(means: Means, actor: Actor, asked: PlaceHold) -> Change:
    now = means.clock.now()
    change_id = means.ids.uuid()
    row = {
        "merchant_id": actor.merchant_id,
        "id": asked.id,
        "number": Drawn(_COUNTER),
        "payment_id": asked.payment_id,
        "reason": asked.reason,
        "state": HoldState.HELD.value,
        "placed_by": actor.person_id,
        "placed_at": now,
        "lifting_by": None,
        "lifting_at": None,
        "lifted_by": None,
        "lifted_at": None,
        "version": 1,
        "last_change": change_id,
    }
    fact = HOLD_PLACED.fact(
        at=now,
        actor=actor.person_id,
        subject=asked.payment_id,
        auth=actor.auth,
        hold=asked.id,
        number=Drawn(_COUNTER),
        reason=asked.reason,
    )
    return Change(
        change_id=change_id,
        merchant_id=actor.merchant_id,
        inserts=(Insert(record_hold, row),),
        requires=(await in_service(means, actor),),
        draws=(Draw(_COUNTER, _COUNTER),),
        facts=(fact,),
    )

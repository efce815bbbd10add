"""Place a legal hold (设置保全锁定) on a record."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from counterfoil.evidence import committed
from counterfoil.payments import load
from counterfoil.people import Actor, Means, Permission, demand, in_service
from counterfoil.removal.facts import HOLD_PLACED
from counterfoil.removal.faults import HOLD_REASON, HOLD_REFERENCE, RECORD_UNKNOWN
from counterfoil.removal.hold import REASONS
from counterfoil.removal.states import HoldState
from counterfoil.removal.tables import record_hold
from counterfoil.store import Change, Draw, Drawn, Insert, Repeated

REFERENCE_MAX: Final = 64
_COUNTER: Final = "hold"
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """``id`` is the caller's, so that a repeat places nothing twice; ``reason`` one of REASONS.

    ``reference``: a case number or a few words, at most 64 characters; it can be erased later.
    """

    id: str
    payment_id: str
    reason: str
    reference: str | None = None


async def place_hold(means: Means, actor: Actor, asked: PlaceHold) -> None:
    """Keep the record where it is from now on. A repeat of the same id is taken as done.

    Raises Refused CF-2021 (may not), CF-8005 (reason), CF-8006 (no such record), CF-8007 (reference).
    """
    # 1 may this person do it, and is what they wrote in order
    demand(actor, Permission.HOLD)
    if asked.reason not in REASONS:
        raise HOLD_REASON(field="reason")
    reference = _plain(asked.reference)
    # 2 is there such a record
    if await load(means.store, actor.merchant_id, asked.payment_id) is None:
        raise RECORD_UNKNOWN(field="payment_id")
    # 3 commit with its fact and a number of its own
    try:
        await means.store.commit(await _change(means, actor, asked, reference))
    except Repeated:
        return


def _plain(typed: str | None) -> str | None:
    plain = unicodedata.normalize("NFC", typed or "").strip()
    if len(plain) > REFERENCE_MAX or not plain.isprintable():
        raise HOLD_REFERENCE(field="reference", most=REFERENCE_MAX)
    return plain or None


async def _change(means: Means, actor: Actor, asked: PlaceHold, reference: str | None) -> Change:
    now = means.clock.now()
    change_id = means.ids.uuid()
    row = {
        "merchant_id": actor.merchant_id,
        "id": asked.id,
        "number": Drawn(_COUNTER),
        "payment_id": asked.payment_id,
        "reason": asked.reason,
        **committed("reference", reference, means.entropy.bytes(_SALT_BYTES)),
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

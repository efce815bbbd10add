"""Place a legal hold (设置保全锁定) on a record."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.evidence import committed
from counterfoil.payments import load, touch_part
from counterfoil.payments.tables import payment as payment_table
from counterfoil.payments.tables import payment_leg
from counterfoil.people import Actor, Means, Permission, demand, in_service, without_card
from counterfoil.removal.facts import HOLD_PLACED
from counterfoil.removal.faults import HOLD_BUSY, HOLD_ID_REUSED, HOLD_REASON, HOLD_REFERENCE, RECORD_UNKNOWN
from counterfoil.removal.hold import REASONS
from counterfoil.removal.moving import TRIES
from counterfoil.removal.reading import hold_by_id, id_in_use
from counterfoil.removal.states import HoldState
from counterfoil.removal.tables import record_hold
from counterfoil.store import ABSENT, Change, Draw, Drawn, Insert, Repeated, Require, Stale

REFERENCE_MAX: Final = 64
_COUNTER: Final = "hold"
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """``id`` is the caller's UUID, so that a repeat places nothing twice; ``reason`` one of REASONS.

    ``reference``: a case number or a few words, at most 64 characters; it can be erased later.
    """

    id: str
    payment_id: str
    reason: str
    reference: str | None = None


async def place_hold(means: Means, actor: Actor, asked: PlaceHold) -> None:
    """Keep the record where it is from now on. A repeat of the same id and content is taken as done.

    Raises Refused CF-2021 (may not), CF-8005 (reason), CF-8006 (no such record), CF-8007 (reference), CF-8008 (the id
    stands for other content; names the first field that differs); Trouble CF-8009 (too many at once).
    """
    # 1 may this person do it, and is what they wrote in order
    demand(actor, Permission.HOLD)
    asked = placeable(asked)
    for _ in range(TRIES):
        # 2 was this id seen before
        if await _placed_before(means, actor.merchant_id, asked):
            return
        # 3 the record as it is
        payment = await load(means.store, actor.merchant_id, asked.payment_id)
        if payment is None:
            raise RECORD_UNKNOWN(field="payment_id")
        # 4 commit with its fact, a number of its own, and the record: a removal decided without seeing this is Stale
        try:
            await means.store.commit((await _change(means, actor, asked)).plus(touch_part(payment)))
        except (Repeated, Stale):
            continue
        return
    raise HOLD_BUSY()


def placeable(asked: PlaceHold) -> PlaceHold:
    """What is asked for, in the form it is kept in. Raises Refused CF-8005 (reason), CF-8007 (reference)."""
    if asked.reason not in REASONS:
        raise HOLD_REASON(field="reason")
    return replace(asked, reference=_plain(asked.reference))


def _plain(typed: str | None) -> str | None:
    plain = unicodedata.normalize("NFC", typed or "").strip()
    if len(plain) > REFERENCE_MAX or not plain.isprintable():
        raise HOLD_REFERENCE(field="reference", most=REFERENCE_MAX)
    without_card(plain, "reference")
    return plain or None


async def _placed_before(means: Means, merchant_id: int, asked: PlaceHold) -> bool:
    """Whether this very hold is there. Raises HOLD_ID_REUSED where its id stands for anything else."""
    found = await hold_by_id(means.store, merchant_id, asked.id)
    if found is None:
        if await id_in_use(means.store, merchant_id, asked.id):
            raise HOLD_ID_REUSED(field="id", differs="id")
        return False
    # Of a reference that was erased nobody can tell any more whether it is the same.
    names = ("payment_id", "reason") if found.reference_erased else ("payment_id", "reason", "reference")
    for name in names:
        if getattr(found, name) != getattr(asked, name):
            raise HOLD_ID_REUSED(field=name, differs=name)
    return True


async def _change(means: Means, actor: Actor, asked: PlaceHold) -> Change:
    now = means.clock.now()
    change_id = means.ids.uuid()
    row = {
        "merchant_id": actor.merchant_id,
        "id": asked.id,
        "number": Drawn(_COUNTER),
        "payment_id": asked.payment_id,
        "reason": asked.reason,
        **committed("reference", asked.reference, means.entropy.bytes(_SALT_BYTES)),
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
        # Ids are unique over all acts: no payment, void or refund may have this one.
        requires=(
            await in_service(means, actor),
            *(
                Require(table, {"merchant_id": actor.merchant_id, "id": asked.id}, ABSENT)
                for table in (payment_table, payment_leg)
            ),
        ),
        draws=(Draw(_COUNTER, _COUNTER),),
        facts=(fact,),
    )

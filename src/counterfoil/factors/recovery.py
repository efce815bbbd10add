"""恢复码: ten codes for the day a device is lost; each counts once, and they are shown once, when they are made."""

from __future__ import annotations

import base64
from typing import Final

from counterfoil.basis import Secret
from counterfoil.factors.facts import RECOVERY_MADE
from counterfoil.factors.faults import FACTOR_UNKNOWN
from counterfoil.factors.means import Means
from counterfoil.factors.reading import code_rows, factors_of
from counterfoil.factors.show import code_digest
from counterfoil.factors.tables import recovery_code
from counterfoil.people import SIGN_IN_BUSY, Actor
from counterfoil.store import Change, ChangePart, Drop, Insert, Stale

CODES: Final = 10
# 136 random bits, so that a plain digest of it cannot be guessed: 28 characters of base32, in seven groups.
_CODE_BYTES: Final = 17
_GROUP: Final = 4
ROUNDS_MAX: Final = 12


def new_code(means: Means) -> Secret[str]:
    """A code as it is shown, such as ``K3TD-…-Q2LA``: seven groups of base32."""
    text = base64.b32encode(means.entropy.bytes(_CODE_BYTES)).decode().rstrip("=")
    return Secret("-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP)))


async def new_codes_part(means: Means, actor: Actor) -> tuple[ChangePart, tuple[Secret[str], ...]]:
    """The part of a Change that puts ten new codes in the place of all before; and the codes, to be shown once."""
    codes = tuple(new_code(means) for _ in range(CODES))
    now = means.clock.now()
    rows = [
        {
            "merchant_id": actor.merchant_id,
            "id": means.ids.uuid(),
            "person_id": actor.person_id,
            "code_sha256": code_digest(code.reveal()),
            "made_at": now,
        }
        for code in codes
    ]
    before = await code_rows(means.store, actor.merchant_id, actor.person_id)
    fact = RECOVERY_MADE.fact(at=now, actor=actor.person_id, subject=actor.person_id, count=CODES)
    part = ChangePart(
        inserts=tuple(Insert(recovery_code, row) for row in rows),
        drops=tuple(Drop(recovery_code, row) for row in before),
        facts=(fact,),
    )
    return part, codes


async def make_recovery_codes(means: Means, actor: Actor) -> tuple[Secret[str], ...]:
    """Ten new codes; those before are worth nothing from then on. Raises Refused CF-2065 where there is no factor."""
    if not (await factors_of(means.store, actor.merchant_id, actor.person_id)).count:
        raise FACTOR_UNKNOWN()
    for _ in range(ROUNDS_MAX):
        part, codes = await new_codes_part(means, actor)
        change = Change(
            change_id=means.ids.uuid(),
            merchant_id=actor.merchant_id,
            inserts=part.inserts,
            drops=part.drops,
            facts=part.facts,
        )
        try:
            await means.store.commit(change)
        except Stale:
            continue
        return codes
    raise SIGN_IN_BUSY()

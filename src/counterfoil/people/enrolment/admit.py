"""Whether a form comes from the device that is this terminal: its signature, and a counter that only rises."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from counterfoil.people.enrol_faults import (
    COUNTER_USED,
    NOT_SIGNED,
    ONLY_ENROLLED,
    SIGNATURE_WRONG,
    TERMINAL_FORKED,
    TERMINAL_REVOKED,
)
from counterfoil.people.enrolment.reading import FORKED, REVOKED, key_in, only_enrolled, row_of
from counterfoil.people.enrolment.window import committed_now
from counterfoil.people.facts import KEY_FORKED
from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.means import Means
from counterfoil.people.session import ROUNDS_MAX, end_sessions
from counterfoil.people.tables import enrolment, signed_counter
from counterfoil.store import ChangePart, Guard, Row

# How many counters are remembered with what was signed under them: enough to tell a form sent twice from two devices.
REMEMBERED: Final = 16
COUNTER_MAX: Final = 10**15
_MARK_HEX: Final = 16


@dataclass(frozen=True, slots=True)
class Signed:
    """What a form was signed for, and with what; ``body_sha256`` (hex) is over the body without the signature."""

    method: str
    path: str
    body_sha256: str
    counter: int
    signature: str

    def message(self, merchant_id: int, terminal_id: str) -> bytes:
        """The bytes a device signs."""
        device = f"{merchant_id}.{terminal_id}"
        lines = ("counterfoil-till-1", device, str(self.counter), self.method, self.path, self.body_sha256)
        return "\n".join(lines).encode()


async def admit(means: Means, merchant_id: int, terminal_id: str, signed: Signed | None) -> bool:
    """Whether the terminal is enrolled; the form is then its own device's, and was not seen before.

    Raises Refused CF-2131 (not signed), CF-2132 (wrong signature), CF-2133 (counter used or gone back), CF-2134 (two
    devices), CF-2135 (revoked), CF-2136 (not enrolled, where all must be); Trouble CF-2010.
    """
    # 1 what is known of the terminal
    known = await row_of(means.store, "enrolment", merchant_id, terminal_id)
    if known is None:
        if await only_enrolled(means.store, merchant_id):
            raise ONLY_ENROLLED()
        return False
    if known["state"] in (REVOKED, FORKED):
        raise TERMINAL_REVOKED() if known["state"] == REVOKED else TERMINAL_FORKED()
    # 2 the signature is of its key
    if signed is None:
        raise NOT_SIGNED()
    message = signed.message(merchant_id, terminal_id)
    if not 0 < signed.counter < COUNTER_MAX or not key_in(known).signed(message, signed.signature):
        raise SIGNATURE_WRONG()
    # 3 the counter rises; two forms at once pass one after the other
    for _ in range(ROUNDS_MAX):
        if await _counted(means, known, signed.counter, hashlib.sha256(message).hexdigest()[:_MARK_HEX]):
            return True
    raise SIGN_IN_BUSY()


async def _counted(means: Means, known: Row, counter: int, mark: str) -> bool:
    merchant_id, terminal_id = known["merchant_id"], known["terminal_id"]
    before = await row_of(means.store, "signed_counter", merchant_id, terminal_id)
    if before is None:
        raise TERMINAL_REVOKED()
    seen = _seen(before)
    if counter <= before["counter"]:
        if seen.get(counter, mark) != mark:
            await _lock(means, merchant_id, terminal_id, counter)
            raise TERMINAL_FORKED()
        raise COUNTER_USED()
    kept = [*before["recent"].split(), f"{counter}:{mark}"][-REMEMBERED:]
    values = {"counter": counter, "recent": " ".join(kept)}
    return await committed_now(means, merchant_id, ChangePart(guards=(Guard(signed_counter, before, values),)))


async def _lock(means: Means, merchant_id: int, terminal_id: str, counter: int) -> None:
    for _ in range(ROUNDS_MAX):
        before = await row_of(means.store, "enrolment", merchant_id, terminal_id)
        if before is None or before["state"] in (REVOKED, FORKED):
            break
        fact = KEY_FORKED.fact(
            at=means.clock.now(), subject=terminal_id, key_sha256=key_in(before).sha256, counter=counter
        )
        part = ChangePart(guards=(Guard(enrolment, before, {"state": FORKED}),), facts=(fact,))
        if await committed_now(means, merchant_id, part):
            break
    await end_sessions(means, merchant_id, terminal_id=terminal_id)


def _seen(row: Row) -> dict[int, str]:
    pairs = (one.partition(":") for one in row["recent"].split())
    return {int(counter): mark for counter, _, mark in pairs}

"""``GET /payments/{payment_id}/proof``: the proof that a fact of this payment stands in the log."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import evidence
from counterfoil.basis import Both
from counterfoil.doors.api.acts import PAYMENT_ID, within_reach
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.api.fields import Position
from counterfoil.doors.faults import PROOF_NOT_FOUND
from counterfoil.doors.said import said
from counterfoil.payments import PAYMENT_NOT_FOUND, Payment


class ProofOf(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which of its facts."""

    position: Annotated[
        Position | None, said("Position in the log; left out: the newest fact", "日志中的位置；不填为最新一条")
    ] = None


async def proof(call: Call) -> Reply:
    """Find the fact among the payment's own, and ask for its proof."""
    payment = await within_reach(call)
    asked = call.sought(ProofOf).position
    position = payment.position if asked is None else asked
    if position is None or (asked is not None and not await _own(call, payment, asked)):
        raise PROOF_NOT_FOUND(field="position")
    return Reply(200, await evidence.proof(call.app.archive, payment.merchant_id, position))


async def _own(call: Call, payment: Payment, position: int) -> bool:
    """Whether the fact at ``position`` speaks of this payment: a key of one shop sees no other's facts."""
    leaves = await evidence.timeline(call.app.store, payment.merchant_id, payment.id)
    return any(found == position for found, _ in leaves)


PROOF: Final = Endpoint(
    method="GET",
    path="/payments/{payment_id}/proof",
    name="proof",
    scope="read",
    title=Both("存证证明", "Proof of a fact"),
    story=Both(
        "C2SP .tlog-proof 文本，任何人可用别家的软件核验。最新一条在一分钟内签入检查点。",
        "A C2SP .tlog-proof text, which anybody can verify with other people's software. "
        "The newest fact is under a signed checkpoint within a minute.",
    ),
    ids=PAYMENT_ID,
    query=ProofOf,
    answers={200: Answer(Both("证明", "The proof"), None)},
    faults=(PAYMENT_NOT_FOUND, PROOF_NOT_FOUND),
    run=proof,
)

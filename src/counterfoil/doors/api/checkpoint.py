"""``GET /evidence/checkpoint``: the newest signed head of the merchant's log."""

from __future__ import annotations

from typing import Final

from counterfoil import evidence
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply
from counterfoil.doors.faults import PROOF_NOT_FOUND
from counterfoil.doors.language import Both


async def checkpoint(call: Call) -> Reply:
    """Read it."""
    note = await evidence.latest_checkpoint(call.app.store, call.actor.merchant_id)
    if note is None:
        raise PROOF_NOT_FOUND()
    return Reply(200, note.encode())


CHECKPOINT: Final = Endpoint(
    method="GET",
    path="/evidence/checkpoint",
    name="checkpoint",
    scope="read",
    title=Both("最新检查点", "Newest checkpoint"),
    story=Both(
        "C2SP 签名文本：日志名、条数、根哈希、签名。日志分片在 /evidence/<merchant_id>/ 下只读提供。",
        "A C2SP signed note: the log's name, its size, its root and the signature. "
        "Tiles are served read-only under /evidence/<merchant_id>/.",
    ),
    answers={200: Answer(Both("检查点", "The checkpoint"), None)},
    faults=(PROOF_NOT_FOUND,),
    run=checkpoint,
)

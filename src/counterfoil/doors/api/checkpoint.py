"""``GET /evidence/checkpoint``: the newest signed head of the merchant's log."""

from __future__ import annotations

from typing import Final

from counterfoil import evidence
from counterfoil.basis import Both
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, Reply


async def checkpoint(call: Call) -> Reply:
    """Read it."""
    return Reply(200, await evidence.latest_checkpoint(call.app.store, call.actor.merchant_id))


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
    run=checkpoint,
)

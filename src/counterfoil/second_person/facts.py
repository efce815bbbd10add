"""The facts this area writes; the subject of each is the request. No name, no reason's text: ids, digests, counts."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

# ``needed`` is what the rule asks for, ``persons`` how many of them there are; ``ripe``: not approved before that.
REQUEST_ASKED: Final = fact_kind(
    "request.asked",
    *("act", "amount", "request_sha256", "persons", "alone", "ends", "shop", "terminal", "needed", "ripe"),
)
# ``made``: the approver had made the payment it is about; ``approval`` is the id of what they confirmed; ``persons``:
# how many it takes by now, where a rule was raised after it was asked for.
REQUEST_APPROVED: Final = fact_kind(
    "request.approved", "act", "request_sha256", "approval", "state", "made", "alone", "persons"
)
REQUEST_DECLINED: Final = fact_kind("request.declined", "act", "request_sha256", "state")
REQUEST_WITHDRAWN: Final = fact_kind("request.withdrawn", "act", "request_sha256")
REQUEST_EXPIRED: Final = fact_kind("request.expired", "act", "request_sha256")
REQUEST_DONE: Final = fact_kind("request.done", "act", "request_sha256", "approver")
REQUEST_FAILED: Final = fact_kind("request.failed", "act", "request_sha256", "approver", "code")

KINDS: Final = (
    REQUEST_ASKED,
    REQUEST_APPROVED,
    REQUEST_DECLINED,
    REQUEST_WITHDRAWN,
    REQUEST_EXPIRED,
    REQUEST_DONE,
    REQUEST_FAILED,
)

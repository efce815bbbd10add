"""What payments write into the log. The subject is always the payment; ``leg`` names a void, reversal or refund."""

from typing import Final

from counterfoil.evidence import FactKind, fact_kind

_MOVE: Final = ("from", "to", "term", "auth", "approver", "leg", "amount", "why", "provider", "pref", "day")

SENT: Final = fact_kind(
    "txn.sent", *_MOVE, "shop", "account", "method", "wallet", "entry", "cday", "voucher", "rounding", "request_sha256"
)
CAPTURED: Final = fact_kind("txn.captured", *_MOVE, "shop", "method", "wallet", "ptn")
DECLINED: Final = fact_kind("txn.declined", *_MOVE, "code")
UNKNOWN: Final = fact_kind("txn.unknown", *_MOVE)
RESOLVED: Final = fact_kind("txn.resolved", *_MOVE, "shop", "method", "wallet", "ptn", "code")
REVERSING: Final = fact_kind("txn.reversing", *_MOVE, "request_sha256")
REVERSAL_SENT: Final = fact_kind("txn.reversal_sent", *_MOVE)
REVERSED: Final = fact_kind("txn.reversed", *_MOVE, "ptn")
MANUAL: Final = fact_kind("txn.manual", *_MOVE)
LATE_SUCCESS: Final = fact_kind("txn.late_success", *_MOVE, "ptn")
# A person said what the provider's statement says, of the charge or of a ``leg``; ``how`` is what that is, and the
# digest is of the statement's line, which is kept sealed beside the payment.
RESOLVED_MANUALLY: Final = fact_kind(
    "txn.resolved_manually", *_MOVE, "shop", "method", "wallet", "how", "statement_sha256"
)
VOIDING: Final = fact_kind("txn.voiding", *_MOVE, "reason", "request_sha256")
VOIDED: Final = fact_kind("txn.voided", *_MOVE, "shop", "method", "wallet", "ptn")
VOID_REFUSED: Final = fact_kind("txn.void_refused", *_MOVE, "code")
VOID_UNKNOWN: Final = fact_kind("txn.void_unknown", *_MOVE)
REFUND_CREATED: Final = fact_kind("refund.created", *_MOVE, "reason", "state", "request_sha256")
REFUND_SENT: Final = fact_kind("refund.sent", *_MOVE)
REFUND_UNKNOWN: Final = fact_kind("refund.unknown", *_MOVE)
REFUND_FAILED: Final = fact_kind("refund.failed", *_MOVE, "code")
REFUND_QUEUED: Final = fact_kind("refund.queued", *_MOVE, "code")
REFUND_CANCELLED: Final = fact_kind("refund.cancelled", *_MOVE)
REFUNDED: Final = fact_kind("txn.refunded", *_MOVE, "shop", "method", "wallet", "ptn")
RECORDED: Final = fact_kind(
    "txn.recorded", *_MOVE, "shop", "account", "method", "wallet", "entry", "cday", "ptn", "request_sha256"
)
# ``sha256`` is that of the kept bytes; ``hidden``: card data was left out of them.
NOTICE_KEPT: Final = fact_kind("notice.kept", "account", "amount", "hidden", "pref", "provider", "sha256")
NOTICE_ENDED: Final = fact_kind("notice.ended", "how", "payment", "pref", "to")
# A person put it aside; ``how`` is why it was left to one.
NOTICE_CLOSED: Final = fact_kind("notice.closed", "auth", "how", "payment", "pref", "reason", "to")
# ``count`` notices lost their raw bytes, which were kept long enough; what was read of them stays.
NOTICES_CLEARED: Final = fact_kind("notices.cleared", "count")

# The call never left: the same payment goes to another account. ``from`` and ``to`` are the state, ``past`` the account
# it did not reach, ``account`` the one it goes to now.
REROUTED: Final = fact_kind("txn.rerouted", *_MOVE, "past", "account", "cday")

KINDS: Final[tuple[FactKind, ...]] = (
    SENT,
    CAPTURED,
    DECLINED,
    UNKNOWN,
    RESOLVED,
    REVERSING,
    REVERSAL_SENT,
    REVERSED,
    MANUAL,
    LATE_SUCCESS,
    RESOLVED_MANUALLY,
    VOIDING,
    VOIDED,
    VOID_REFUSED,
    VOID_UNKNOWN,
    REFUND_CREATED,
    REFUND_SENT,
    REFUND_UNKNOWN,
    REFUND_FAILED,
    REFUND_QUEUED,
    REFUND_CANCELLED,
    REFUNDED,
    RECORDED,
    REROUTED,
    NOTICE_KEPT,
    NOTICE_ENDED,
    NOTICE_CLOSED,
    NOTICES_CLEARED,
)

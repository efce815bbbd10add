"""Payments and their legs.

``payment`` is the payment, the record of its request (so a repeat is answered from it) and its first attempt in one
row. ``payment_leg`` holds what comes after: the void, the reversal, each refund; a leg changes only in a Change that
guards its payment. Amounts are minor units of ``currency``; times are UTC microseconds.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Index, text

from counterfoil.store import Blob, Id, Line, Whole, belongs_to, by_merchant, erasable, evidenced, versioned, working

# Nearly all payments are captured, and what was sent stands in ``payment_by_due``.
RARE_STATE: Final = "money NOT IN ('captured', 'sent')"


def _newest_last(name: str, *columns: str, when: str | None = None) -> Index:
    """An index read newest first within ``columns``, of the payments of which ``when`` holds.

    It carries the facets and the amount: a filter is judged in it, so that a page reads only rows that it shows.
    """
    condition = None if when is None else text(when)
    names = ("merchant_id", *columns, "taken_at", "id", "facets", "amount_minor")
    return Index(name, *names, sqlite_where=condition, postgresql_where=condition)


def _where_known(name: str, column: str) -> Index:
    """An index of the payments that have a ``column``."""
    condition = text(f"{column} IS NOT NULL")
    return Index(name, "merchant_id", column, sqlite_where=condition, postgresql_where=condition)


payment: Final = by_merchant(
    "payment",
    evidenced("id", Id),
    evidenced("order_no", Line),
    evidenced("voucher_no", Whole, null=True),
    evidenced("batch_no", Whole),
    evidenced("shop_id", Id),
    evidenced("terminal_id", Id),
    # Nobody took what came in by the printed code.
    evidenced("operator_id", Id, null=True),
    evidenced("account_id", Id),
    evidenced("provider", Line),
    evidenced("method", Line),
    evidenced("wallet", Line),
    evidenced("card_kind", Line),
    evidenced("entry", Line),
    evidenced("currency", Line),
    evidenced("amount_minor", Whole),
    evidenced("payer_minor", Whole, null=True),
    evidenced("merchant_discount_minor", Whole, null=True),
    evidenced("platform_discount_minor", Whole, null=True),
    evidenced("fee_minor", Whole, null=True),
    evidenced("net_minor", Whole, null=True),
    evidenced("tendered_minor", Whole, null=True),
    evidenced("change_minor", Whole, null=True),
    evidenced("rounding_minor", Whole, null=True),
    evidenced("refund_reserved_minor", Whole),
    evidenced("refunded_minor", Whole),
    evidenced("bill_ref", Line, null=True),
    evidenced("invoice_ref", Line, null=True),
    evidenced("reference_no", Line, null=True),
    evidenced("provider_trade_no", Line, null=True),
    evidenced("wallet_trade_no", Line, null=True),
    evidenced("last_four", Line, null=True),
    # Batch and voucher of the provider's card terminal, as its slip shows them.
    evidenced("slip_batch_no", Line, null=True),
    evidenced("slip_voucher_no", Line, null=True),
    evidenced("business_day", Line),
    evidenced("clearing_day", Line),
    evidenced("void_until", Whole),
    evidenced("taken_at", Whole),
    evidenced("captured_at", Whole, null=True),
    evidenced("ended_at", Whole, null=True),
    evidenced("money", Line),
    evidenced("settlement", Line),
    evidenced("visibility", Line),
    evidenced("dispute", Line),
    evidenced("decline_reason", Line, null=True),
    evidenced("request", Line),
    # What the indexes carry of it; they follow from the columns above.
    evidenced("facets", Whole),
    evidenced("amount_band", Whole),
    # Why it went through this account (providers.Routed).
    working("routed", Line, null=True),
    # Who drives it now, until when, and when somebody must look at it next; NULL once nothing is open.
    working("driver", Id, null=True),
    working("driver_until", Whole, null=True),
    working("due_at", Whole, null=True),
    working("asks", Whole, default="0"),
    working("awaiting", Line, null=True),
    # The code shown to the customer and its end, or the end of the bill at the card terminal, while it can be paid.
    working("code", Line, null=True),
    working("code_until", Whole, null=True),
    working("unknown_since", Whole, null=True),
    working("not_found_asks", Whole, default="0"),
    working("not_found_since", Whole, null=True),
    *versioned(),
    belongs_to("provider_account", "account_id", key=("id",)),
    belongs_to("terminal", "terminal_id", key=("id",)),
    _newest_last("payment_by_time"),
    _newest_last("payment_by_band", "amount_band"),
    _newest_last("payment_by_rare_state", "money", when=RARE_STATE),
    _newest_last("payment_by_last_four", "last_four", when="last_four IS NOT NULL"),
    _newest_last("payment_by_bill", "bill_ref", when="bill_ref IS NOT NULL"),
    _newest_last("payment_by_voucher", "voucher_no"),
    Index("payment_by_order_no", "merchant_id", "order_no", unique=True),
    _where_known("payment_by_provider_trade", "provider_trade_no"),
    _where_known("payment_by_wallet_trade", "wallet_trade_no"),
    _where_known("payment_by_reference", "reference_no"),
    _where_known("payment_by_due", "due_at"),
    Index(
        "payment_for_a_person",
        "merchant_id",
        "taken_at",
        sqlite_where=text("money = 'manual'"),
        postgresql_where=text("money = 'manual'"),
    ),
    key=("id",),
    root=True,
)

payment_leg: Final = by_merchant(
    "payment_leg",
    evidenced("id", Id),
    evidenced("payment_id", Id),
    evidenced("kind", Line),
    evidenced("order_no", Line),
    evidenced("amount_minor", Whole),
    evidenced("currency", Line),
    evidenced("state", Line),
    evidenced("reason", Line),
    *erasable("reason_text"),
    evidenced("actor_id", Line),
    evidenced("approver_id", Id, null=True),
    evidenced("terminal_id", Id, null=True),
    evidenced("returned_minor", Whole, null=True),
    evidenced("provider_trade_no", Line, null=True),
    evidenced("wallet_trade_no", Line, null=True),
    evidenced("decline_reason", Line, null=True),
    evidenced("business_day", Line),
    evidenced("clearing_day", Line),
    evidenced("asked_at", Whole),
    evidenced("ended_at", Whole, null=True),
    # Since when it waits for the account to cover it; with ``created`` that is the queue.
    evidenced("queued_at", Whole, null=True),
    evidenced("request", Line),
    working("asks", Whole, default="0"),
    # In the queue: when it is tried next, when it was tried last, how often it was short.
    working("due_at", Whole, null=True),
    working("tried_at", Whole, null=True),
    working("tries", Whole, default="0"),
    *versioned(),
    belongs_to("payment", "payment_id", key=("id",)),
    Index("payment_leg_by_payment", "merchant_id", "payment_id", "asked_at"),
    Index("payment_leg_by_order_no", "merchant_id", "order_no", unique=True),
    _where_known("payment_leg_by_provider_trade", "provider_trade_no"),
    _where_known("payment_leg_by_wallet_trade", "wallet_trade_no"),
    Index(
        "payment_leg_by_due",
        "merchant_id",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "payment_leg_given_up",
        "merchant_id",
        "ended_at",
        sqlite_where=text("decline_reason = 'funds_not_in_time'"),
        postgresql_where=text("decline_reason = 'funds_not_in_time'"),
    ),
    key=("id",),
    root=True,
)

# What a person found on the provider's statement of a payment, or of a void or refund (``leg_id``), that no answer had
# ended. ``sealed`` is the line, which may name somebody; ``statement_sha256`` its digest.
payment_resolution: Final = by_merchant(
    "payment_resolution",
    evidenced("id", Id),
    evidenced("payment_id", Id),
    evidenced("leg_id", Id, null=True),
    evidenced("finding", Line),
    evidenced("statement_sha256", Line),
    evidenced("actor_id", Id),
    evidenced("approver_id", Id, null=True),
    evidenced("resolved_at", Whole),
    working("sealed", Blob, null=True),
    *versioned(),
    belongs_to("payment", "payment_id", key=("id",)),
    Index("payment_resolution_by_payment", "merchant_id", "payment_id", "resolved_at"),
    key=("id",),
    root=True,
)

# A cache: the amount that only one payment in a thousand of a shop exceeds, so that a till can ask twice. No figure
# where there were too few payments to say.
usual_amount: Final = by_merchant(
    "usual_amount",
    working("shop_id", Id),
    working("made_at", Whole),
    working("count", Whole),
    working("most_minor", Whole, null=True),
    *versioned(),
    key=("shop_id",),
    root=True,
)

# A cache, summed inside the commits: verify and day close refold the log and name a difference.
day_totals: Final = by_merchant(
    "day_totals",
    working("shop_id", Id),
    working("business_day", Line),
    working("method", Line),
    working("wallet", Line),
    working("kind", Line),
    working("count", Whole),
    working("minor", Whole),
    key=("shop_id", "business_day", "method", "wallet", "kind"),
)

# A cache of the same sums, one row for a merchant's business day over all its shops, so that years are read as so many
# rows whatever the number of shops; written and refolded together with the other.
merchant_day: Final = by_merchant(
    "merchant_day",
    working("business_day", Line),
    working("payments", Whole),
    working("gross_minor", Whole),
    working("voids", Whole),
    working("voided_minor", Whole),
    working("refunds", Whole),
    working("refunded_minor", Whole),
    key=("business_day",),
)
# Where ``merchant_day`` holds count and sum of each kind of ``day_totals``.
DAY_COLUMNS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "sale": ("payments", "gross_minor"),
        "void": ("voids", "voided_minor"),
        "refund": ("refunds", "refunded_minor"),
    }
)

# What a provider told us by itself; ``said`` holds what was verified and read of it, without personal data, ``raw`` the
# bytes and the signature as they arrived, until they are cleared out, or without card data (notice_bytes);
# ``body_sha256`` is that of the bytes in it. ``how``: what came of it, or why a person has to decide; ``reason``: why
# that person put it aside.
provider_notice: Final = by_merchant(
    "provider_notice",
    evidenced("id", Id),
    evidenced("account_id", Id),
    evidenced("order_no", Line),
    evidenced("body_sha256", Line),
    evidenced("said", Line),
    *erasable("raw"),
    evidenced("kept_at", Whole),
    evidenced("state", Line),
    evidenced("how", Line, null=True),
    evidenced("reason", Line, null=True),
    evidenced("payment_id", Id, null=True),
    evidenced("ended_at", Whole, null=True),
    working("due_at", Whole, null=True),
    working("tries", Whole, default="0"),
    *versioned(),
    belongs_to("provider_account", "account_id", key=("id",)),
    _where_known("provider_notice_by_due", "due_at"),
    Index(
        "provider_notice_to_clear",
        "merchant_id",
        "ended_at",
        sqlite_where=text("raw IS NOT NULL AND state = 'done'"),
        postgresql_where=text("raw IS NOT NULL AND state = 'done'"),
    ),
    Index(
        "provider_notice_for_a_person",
        "merchant_id",
        "kept_at",
        "id",
        sqlite_where=text("state = 'person'"),
        postgresql_where=text("state = 'person'"),
    ),
    key=("id",),
    root=True,
)

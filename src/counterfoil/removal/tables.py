"""Legal holds on records. Times are UTC microseconds; persons are ids."""

from typing import Final

from sqlalchemy import Index, text

from counterfoil.store import Id, Line, Whole, belongs_to, by_merchant, erasable, evidenced, versioned

_ACTIVE: Final = text("state != 'lifted'")

record_hold: Final = by_merchant(
    "record_hold",
    evidenced("id", Id),
    # Drawn under the log's head, after the row stands: never null once it is committed.
    evidenced("number", Whole, null=True),
    evidenced("payment_id", Id),
    evidenced("reason", Line),
    *erasable("reference"),
    evidenced("state", Line),
    evidenced("placed_by", Id),
    evidenced("placed_at", Whole),
    evidenced("lifting_by", Id, null=True),
    evidenced("lifting_at", Whole, null=True),
    evidenced("lifted_by", Id, null=True),
    evidenced("lifted_at", Whole, null=True),
    *versioned(),
    belongs_to("payment", "payment_id", key=("id",)),
    Index("record_hold_by_payment", "merchant_id", "payment_id", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    Index("record_hold_by_time", "merchant_id", "placed_at", "id"),
    Index("record_hold_by_state", "merchant_id", "state", "placed_at", "id"),
    Index("record_hold_by_number", "merchant_id", "number"),
    key=("id",),
    root=True,
)

"""What somebody asked another person to approve. Times are UTC microseconds; persons are ids."""

from typing import Final

from sqlalchemy import Index, text

from counterfoil.store import Blob, Id, Line, Whole, belongs_to, by_merchant, evidenced, versioned, working

# What still waits for somebody: to be decided, or to be carried out. Both engines find it by the index in these words.
LIVE: Final = text("state IN ('asked', 'half', 'approved')")

second_request: Final = by_merchant(
    "second_request",
    evidenced("id", Id),
    evidenced("act", Line),
    evidenced("asked_by", Id),
    evidenced("terminal_id", Id, null=True),
    evidenced("shop_id", Id, null=True),
    evidenced("lends", Line, null=True),
    evidenced("amount_minor", Whole, null=True),
    evidenced("request_sha256", Line),
    evidenced("persons", Whole),
    evidenced("alone", Whole),
    evidenced("asked_at", Whole),
    evidenced("ripe_at", Whole),
    evidenced("ends_at", Whole),
    evidenced("asked_approval_id", Id, null=True),
    evidenced("state", Line),
    evidenced("first_by", Id, null=True),
    evidenced("approved_by", Id, null=True),
    evidenced("ended_by", Id, null=True),
    evidenced("ended_at", Whole, null=True),
    evidenced("why", Line, null=True),
    working("reason", Line, null=True),
    working("sealed", Blob, null=True),
    *versioned(),
    belongs_to("person", "asked_by", key=("id",)),
    Index("second_request_live", "merchant_id", "ends_at", "id", sqlite_where=LIVE, postgresql_where=LIVE),
    Index("second_request_by_time", "merchant_id", "asked_at", "id"),
    key=("id",),
    root=True,
)

"""A provider account (收款通道), one merchant's contract with one provider, and which accounts take a payment where.

An account's settings stand in the settings file with keys in files of their own, or here, sealed, where they were
entered in the office (``settings_at`` says when). ``activating_at``: when a provider was asked to hand them out and
no answer of it has been kept since; None where there is no such call.
"""

from typing import Final

from sqlalchemy import Index

from counterfoil.store import Blob, Id, Line, Whole, by_merchant, evidenced, versioned, working

provider_account: Final = by_merchant(
    "provider_account",
    evidenced("id", Id),
    evidenced("provider", Line),
    evidenced("name", Line),
    evidenced("environment", Line),
    evidenced("state", Line),
    evidenced("merchant_no", Line),
    evidenced("zone", Line),
    evidenced("cut_minute", Whole),
    working("sealed_state", Blob, null=True),
    working("sealed_settings", Blob, null=True),
    evidenced("settings_at", Whole, null=True),
    working("activating_at", Whole, null=True),
    evidenced("made_at", Whole),
    *versioned(),
    Index("provider_account_by_name", "merchant_id", "name", unique=True),
    key=("id",),
    root=True,
)

# What the calls of five minutes from ``at`` on were like, as one process counts them; it writes its own rows alone,
# away from any payment, and they go after two hours. ``took``: answered calls by the bucket of their time.
account_pulse: Final = by_merchant(
    "account_pulse",
    working("id", Id),
    working("account_id", Id),
    working("process", Id),
    working("at", Whole),
    working("answered", Whole),
    working("away", Whole),
    working("not_sent", Whole),
    working("no_answer", Whole),
    working("took", Line),
    working("error_at", Whole, null=True),
    working("error_end", Line, null=True),
    working("error_why", Line, null=True),
    *versioned(),
    Index("account_pulse_by_time", "merchant_id", "account_id", "at"),
    key=("id",),
    root=True,
)

# One row a place and method. ``scope``: ``merchant``, ``shop:<id>`` or ``terminal:<id>``. ``account_ids``: in the order
# in which they are tried, separated by spaces; none: no route here any more.
provider_route: Final = by_merchant(
    "provider_route",
    evidenced("id", Id),
    evidenced("scope", Line),
    evidenced("method", Line),
    evidenced("account_ids", Line),
    evidenced("made_at", Whole),
    *versioned(),
    Index("provider_route_by_place", "merchant_id", "scope", "method", unique=True),
    key=("id",),
    root=True,
)

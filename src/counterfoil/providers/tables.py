"""A provider account (收款通道): one merchant's contract with one provider. Its keys stand in files, never here."""

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
    evidenced("made_at", Whole),
    *versioned(),
    Index("provider_account_by_name", "merchant_id", "name", unique=True),
    key=("id",),
    root=True,
)

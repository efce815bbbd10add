"""What people show beside a password, what they are asked to confirm, and what they confirmed.

Times are UTC microseconds.
"""

from typing import Final

from sqlalchemy import Index

from counterfoil.store import Blob, Id, Line, Whole, belongs_to, by_merchant, evidenced, versioned, working

# The public key's digest is evidenced: a passkey that somebody wrote into the table has no fact, and verify names it.
passkey: Final = by_merchant(
    "passkey",
    evidenced("id", Id),
    evidenced("person_id", Id),
    evidenced("credential_sha256", Line),
    evidenced("public_key_sha256", Line),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    working("credential_id", Line),
    working("public_key", Line),
    working("rp_id", Line),
    working("sign_count", Whole),
    working("name", Line),
    working("used_at", Whole, null=True),
    *versioned(),
    belongs_to("person", "person_id", key=("id",)),
    Index("passkey_by_credential", "merchant_id", "credential_sha256", unique=True),
    Index("passkey_by_person", "merchant_id", "person_id"),
    key=("id",),
    root=True,
)

# An app that shows a code of six digits. ``last_step`` is the newest time step whose code was taken.
code_app: Final = by_merchant(
    "code_app",
    evidenced("id", Id),
    evidenced("person_id", Id),
    evidenced("secret_sha256", Line),
    evidenced("state", Line),
    evidenced("made_at", Whole),
    working("sealed_secret", Blob, null=True),
    working("last_step", Whole),
    working("used_at", Whole, null=True),
    *versioned(),
    belongs_to("person", "person_id", key=("id",)),
    Index("code_app_by_person", "merchant_id", "person_id"),
    key=("id",),
    root=True,
)

# A code that was used is a row that is gone.
recovery_code: Final = by_merchant(
    "recovery_code",
    working("id", Id),
    working("person_id", Id),
    working("code_sha256", Line),
    working("made_at", Whole),
    *versioned(),
    Index("recovery_code_by_person", "merchant_id", "person_id"),
    key=("id",),
    root=True,
)

# Wrong codes and passwords of somebody signed in, by person.
factor_tries: Final = by_merchant(
    "factor_tries",
    working("id", Id),
    working("tries", Whole),
    working("tried_at", Whole),
    working("locked_until", Whole, null=True),
    *versioned(),
    key=("id",),
    root=True,
)

# What somebody is asked to confirm; it goes with the confirmation, so that there is no second one.
confirmation: Final = by_merchant(
    "confirmation",
    working("id", Id),
    working("person_id", Id),
    working("session_id", Id),
    working("nonce", Line),
    working("deed", Line),
    working("sealed_form", Blob),
    working("made_at", Whole),
    working("ends_at", Whole),
    *versioned(),
    key=("id",),
    root=True,
)

# Which sealed tickets were used; until they would have ended anyway.
spent_ticket: Final = by_merchant(
    "spent_ticket",
    working("id", Id),
    working("ends_at", Whole),
    *versioned(),
    key=("id",),
    root=True,
)

approval: Final = by_merchant(
    "approval",
    evidenced("id", Id),
    evidenced("person_id", Id),
    evidenced("act", Line),
    evidenced("method", Line),
    evidenced("request_sha256", Line),
    evidenced("evidence_sha256", Line),
    evidenced("made_at", Whole),
    working("evidence", Line, null=True),
    *versioned(),
    Index("approval_by_time", "merchant_id", "made_at", "id"),
    key=("id",),
    root=True,
)

factor_reset: Final = by_merchant(
    "factor_reset",
    evidenced("id", Id),
    evidenced("person_id", Id),
    evidenced("begun_by", Id),
    evidenced("begun_at", Whole),
    evidenced("ends_at", Whole),
    evidenced("state", Line),
    working("code_sha256", Line),
    *versioned(),
    Index("factor_reset_by_person", "merchant_id", "person_id"),
    key=("id",),
    root=True,
)

"""What this area holds of people, what of it may be erased, what must stay, and why."""

from __future__ import annotations

from typing import Final

from counterfoil.factors import tables
from counterfoil.people import Holding

HOLDINGS: Final = (
    Holding(
        tables.passkey,
        ("id", "person_id", "credential_sha256", "public_key_sha256", "state", "made_at"),
        erasable=False,
        why="which key a person confirmed with must stay answerable as long as what they confirmed is kept",
    ),
    Holding(
        tables.passkey,
        ("credential_id", "public_key", "rp_id", "sign_count", "name", "used_at"),
        erasable=True,
        why="of use only while the passkey may be shown; what was confirmed with it carries its own copy of the key",
    ),
    Holding(
        tables.code_app,
        ("id", "person_id", "secret_sha256", "state", "made_at"),
        erasable=False,
        why="that a person had a code app, and which, must stay answerable as long as what they confirmed is kept",
    ),
    Holding(
        tables.code_app,
        ("sealed_secret", "last_step", "used_at"),
        erasable=True,
        why="of use only while its codes may be shown; the secret goes when the app is removed",
    ),
    Holding(
        tables.recovery_code,
        ("id", "person_id", "code_sha256", "made_at"),
        erasable=True,
        why="of use only until it is used, and dropped then",
    ),
    Holding(
        tables.factor_tries,
        ("id", "tries", "tried_at", "locked_until"),
        erasable=True,
        why="of use only while it counts",
    ),
    Holding(
        tables.confirmation,
        ("id", "person_id", "session_id", "nonce", "deed", "sealed_form", "made_at", "ends_at"),
        erasable=True,
        why="of use for two minutes, dropped with the answer or once it is over",
    ),
    Holding(
        tables.spent_ticket,
        ("id", "ends_at"),
        erasable=True,
        why="of use for five minutes, so that nothing counts twice; says nothing of anybody",
    ),
    Holding(
        tables.approval,
        ("id", "person_id", "act", "method", "request_sha256", "evidence_sha256", "made_at"),
        erasable=False,
        why="who confirmed what must stay answerable as long as the act is kept",
    ),
    Holding(
        tables.approval,
        ("evidence",),
        erasable=True,
        why="what was confirmed and how, in full; may go once the retention of the act is over, its digest stays",
    ),
    Holding(
        tables.factor_reset,
        ("id", "person_id", "begun_by", "begun_at", "ends_at", "state"),
        erasable=False,
        why="who let somebody begin anew must stay answerable",
    ),
    Holding(
        tables.factor_reset,
        ("code_sha256",),
        erasable=True,
        why="of use for a day, until the reset is finished",
    ),
)

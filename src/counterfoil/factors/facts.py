"""What this area writes into the log. No name, no code, no credential id: ids, digests, counts.

The subject is the passkey, the code app or the approval; of the others the person.
"""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

PASSKEY_ADDED: Final = fact_kind("passkey.added", "person", "credential_sha256", "public_key_sha256")
PASSKEY_REMOVED: Final = fact_kind("passkey.removed", "person", "why")
# The count went back from ``before`` to ``count``: there may be a copy of the key.
PASSKEY_LOCKED: Final = fact_kind("passkey.locked", "person", "before", "count")
CODE_APP_ADDED: Final = fact_kind("code_app.added", "person", "secret_sha256")
CODE_APP_REMOVED: Final = fact_kind("code_app.removed", "person", "why")
RECOVERY_MADE: Final = fact_kind("recovery.made", "count")
# ``left``: how many recovery codes are left, where one was used.
FACTOR_SHOWN: Final = fact_kind("factor.shown", "method", "passkey", "left")
RESET_BEGUN: Final = fact_kind("factors.reset_begun", "reset", "ends")
RESET_AT_MACHINE: Final = fact_kind("factors.reset_at_machine", "reset", "ends")
RESET_FINISHED: Final = fact_kind("factors.reset_finished", "reset", "begun_by")
ACT_CONFIRMED: Final = fact_kind("act.confirmed", "act", "method", "passkey", "request_sha256", "evidence_sha256")

KINDS: Final = (
    PASSKEY_ADDED,
    PASSKEY_REMOVED,
    PASSKEY_LOCKED,
    CODE_APP_ADDED,
    CODE_APP_REMOVED,
    RECOVERY_MADE,
    FACTOR_SHOWN,
    RESET_BEGUN,
    RESET_AT_MACHINE,
    RESET_FINISHED,
    ACT_CONFIRMED,
)

"""The facts this area writes."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

ACCOUNT_OPENED: Final = fact_kind("account.opened", "provider", "environment", "merchant_no")
ACCOUNT_DEACTIVATED: Final = fact_kind("account.deactivated", "reason")
ACCOUNT_REINSTATED: Final = fact_kind("account.reinstated", "reason")

# ``given``: the names of the fields; of a key only the fingerprint of its public half, of other secrets nothing.
ACCOUNT_CONFIGURED: Final = fact_kind("account.configured", "given", "fingerprints")
# Keys that took the place of others, by field: prints of them, as ``key_print`` makes them; nothing secret.
ACCOUNT_KEY_ROTATED: Final = fact_kind("account.key_rotated", "before", "after")
# What the account holds sealed is sealed anew: the numbers of the keys in the key file, before and after.
ACCOUNT_RESEALED: Final = fact_kind("account.resealed", "before", "after")
# The provider was asked to hand out settings; ``how`` it went where nothing was handed out.
ACCOUNT_ACTIVATING: Final = fact_kind("account.activating")
ACCOUNT_NOT_ACTIVATED: Final = fact_kind("account.not_activated", "how")
ROUTE_SET: Final = fact_kind("route.set", "scope", "method", "accounts", "before")

KINDS: Final = (
    ACCOUNT_OPENED,
    ACCOUNT_DEACTIVATED,
    ACCOUNT_REINSTATED,
    ACCOUNT_CONFIGURED,
    ACCOUNT_KEY_ROTATED,
    ACCOUNT_RESEALED,
    ACCOUNT_ACTIVATING,
    ACCOUNT_NOT_ACTIVATED,
    ROUTE_SET,
)

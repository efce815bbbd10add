"""The facts this area writes."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

ACCOUNT_OPENED: Final = fact_kind("account.opened", "provider", "environment", "merchant_no")
ACCOUNT_DEACTIVATED: Final = fact_kind("account.deactivated", "reason")
ACCOUNT_REINSTATED: Final = fact_kind("account.reinstated", "reason")

KINDS: Final = (ACCOUNT_OPENED, ACCOUNT_DEACTIVATED, ACCOUNT_REINSTATED)

"""The facts this area writes."""

from __future__ import annotations

from typing import Final

from counterfoil.evidence import fact_kind

ACCOUNT_OPENED: Final = fact_kind("account.opened", "provider", "environment", "merchant_no")

KINDS: Final = (ACCOUNT_OPENED,)

"""Merchant and terminal records (mcqs), read and passed on as they are: their members are not public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.providers import NOT_READ
from counterfoil.providers.lakala.wire import Envelope

MERCHANT_READS: Final = (
    "merchant/queryMerchantDetail",
    "merchant/queryMerAccount",
    "merchant/queryShopListByNum",
    "busi/queryBusiListByNum",
    "limit/queryLimit",
)
TERMINAL_READS: Final = ("merchant/queryTermAccount", "busi/queryTermTranType", "busi/queryTermFee")
_OK: Final = frozenset({"000000", "BBS00000"})


def passed_on(said: object) -> Mapping[str, Any]:
    """The members of a good answer. Raises NOT_READ naming what was said instead."""
    if isinstance(said, Envelope) and said.code in _OK:
        return said.resp_data or {}
    raise NOT_READ(said=said.code[:16] if isinstance(said, Envelope) else str(getattr(said, "detail", ""))[:60])

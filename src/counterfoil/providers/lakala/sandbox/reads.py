"""Merchant and terminal reads (mcqs). What Lakala answers is not public: these repeat the question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from counterfoil.providers.lakala.reads import MERCHANT_READS, TERMINAL_READS
from counterfoil.providers.lakala.sandbox.calls import Asked, Told
from counterfoil.providers.lakala.sandbox.ledger import Ledger

OK: Final = Told("000000", "SUCCESS")


def _read(_ledger: Ledger, asked: Asked) -> Told:
    data = {"merCupNo": asked.text("merCupNo"), "orderNo": asked.text("orderNo"), "sbxMerName": "沙箱商户"}
    return replace(OK, data=data)


def _read_terminal(ledger: Ledger, asked: Asked) -> Told:
    told = _read(ledger, asked)
    return replace(told, data={**told.data, "termNo": asked.text("termNo")})


CALLS: Final[dict[str, Callable[[Ledger, Asked], Told]]] = {
    **{f"/api/v2/mcqs/{path}": _read for path in MERCHANT_READS},
    **{f"/api/v2/mcqs/{path}": _read_terminal for path in TERMINAL_READS},
}

"""The other two ways to give money back: the idempotent refund, and the unified one with its question and its fee."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from counterfoil.providers.lakala.sandbox import calls
from counterfoil.providers.lakala.sandbox.calls import Asked, Told
from counterfoil.providers.lakala.sandbox.ledger import Ledger

OK: Final = Told("000000", "SUCCESS")
# What the sandbox's merchant pays: 0.38 %, rounded half up to a fen.
_FEE_PER_MYRIAD: Final = 38


def idmrefund(ledger: Ledger, asked: Asked) -> Told:
    """The same as a refund, under ``out_refund_order_no``; sent again it answers the same."""
    return _renamed(calls.refund(ledger, _as_labs(asked)))


def idmrefundquery(ledger: Ledger, asked: Asked) -> Told:
    """What became of an idempotent refund."""
    return _renamed(calls.tradequery(ledger, _as_labs(asked)))


def unified(ledger: Ledger, asked: Asked) -> Told:
    """统一退货: a refund that says its state."""
    told = calls.refund(ledger, asked, unified=True)
    return replace(OK, data={**told.data, "trade_state": "SUCCESS", "channel_ret_desc": "RFD00000#成功"})


def unified_query(ledger: Ledger, asked: Asked) -> Told:
    """What became of a unified refund."""
    told = calls.tradequery(ledger, asked)
    amount = told.data["total_amount"]
    return replace(OK, data={**told.data, "refund_amount": amount, "channel_ret_desc": "RFD00000#成功"})


def unified_fee(ledger: Ledger, asked: Asked) -> Told:
    """The fee that a refund would give back. The name of its member is ours: Lakala's is not public."""
    amount = asked.amount("refund_amount")
    charge = calls.origin(ledger, asked)
    if charge is None:
        raise calls.Wrong("SBX90404 原交易不存在")
    if amount > charge.left:
        raise calls.Wrong("SBX90301 超过可退金额")
    fee = (amount * _FEE_PER_MYRIAD + 5_000) // 10_000
    about = {"merchant_no": charge.merchant_no, "origin_out_trade_no": charge.order_no}
    return replace(OK, data={**about, "refund_amount": str(amount), "sbx_refund_fee": str(fee)})


def _as_labs(asked: Asked) -> Asked:
    return replace(asked, data={**asked.data, "out_trade_no": asked.data.get("out_refund_order_no")})


def _renamed(told: Told) -> Told:
    data = {("out_refund_order_no" if name == "out_trade_no" else name): value for name, value in told.data.items()}
    return replace(told, data=data)


CALLS: Final[dict[str, Callable[[Ledger, Asked], Told]]] = {
    "/api/v3/labs/relation/idmrefund": idmrefund,
    "/api/v3/labs/query/idmrefundquery": idmrefundquery,
    "/api/v3/rfd/refund_front/refund": unified,
    "/api/v3/rfd/refund_front/refund_query": unified_query,
    "/api/v3/rfd/refund_front/refund_fee": unified_fee,
}

"""The other ways to give money back: the idempotent refund, the unified one with question and fee, its older twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from counterfoil.providers.lakala.sandbox import calls, said
from counterfoil.providers.lakala.sandbox.calls import Asked, Told
from counterfoil.providers.lakala.sandbox.held import LAMS_QUERY, LAMS_REFUND
from counterfoil.providers.lakala.sandbox.ledger import Ledger, Trade
from counterfoil.providers.lakala.wire import wire_time

OK: Final = Told("000000", "SUCCESS")
_DONE: Final = {"trade_state": "SUCCESS", "channel_ret_desc": "RFD00000#成功"}
# What the sandbox's merchant pays: 0.38 %, rounded half up to a fen.
_FEE_PER_MYRIAD: Final = 38


def idmrefund(ledger: Ledger, asked: Asked) -> Told:
    """The same as a refund, under ``out_refund_order_no``; sent again it answers the same."""
    told = calls.refund(ledger, _as_labs(asked))
    return replace(told, data={**told.data, "out_refund_order_no": told.data["out_trade_no"]})


def idmrefundquery(ledger: Ledger, asked: Asked) -> Told:
    """What became of an idempotent refund: tradequery's members, as the document's sample has them."""
    told = calls.tradequery(ledger, _as_labs(asked))
    return replace(told, data={**told.data, "out_refund_order_no": told.data["out_trade_no"]})


def unified(ledger: Ledger, asked: Asked) -> Told:
    """统一退货: a refund that says its state."""
    told = calls.refund(ledger, asked, unified=True)
    whole = told.data["refund_amount"] == told.data["total_amount"]
    data = {name: value for name, value in told.data.items() if name != "up_iss_addn_data"}
    return replace(OK, data={**data, **_DONE, "refund_type": "ALL" if whole else "PART", "up_iss_add_data": ""})


def unified_query(ledger: Ledger, asked: Asked) -> Told:
    """What became of a unified refund. A real answer names no merchant; the document neither."""
    number = asked.maybe("trade_no")
    leg = ledger.find(asked.text("merchant_no"), order_no=asked.maybe("out_trade_no"), number=number)
    if leg is None or leg.kind != "refund":
        raise calls.Wrong("SBX90404 订单不存在")
    return replace(OK, data={**_listed(leg), **_origin(ledger, leg), **_DONE})


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


def lams(ledger: Ledger, asked: Asked) -> Told:
    """The unified refund's older twin."""
    return replace(OK, data=calls.refund(ledger, asked, unified=True).data)


def lams_query(ledger: Ledger, asked: Asked) -> Told:
    """The refunds under this number, or those of the charge it names: a list.

    ``origin_out_trade_no`` names the refund, and ``out_trade_no`` then is the question's own number: so the official
    Java SDK (1.0.6) says of these fields, and a PHP client writes them. A client that knows but one number sends the
    refund's as ``out_trade_no``.
    """
    merchant_no, named = asked.text("merchant_no"), asked.maybe("origin_out_trade_no")
    legs_named = (ledger.find(merchant_no, order_no=number) for number in (named, asked.text("out_trade_no")))
    own = next((leg for leg in legs_named if leg is not None and leg.kind == "refund"), None)
    charge = calls.origin(ledger, asked) if own is None else None
    legs = said.legs(ledger, charge) if charge is not None else [own]
    listed = [{**_listed(leg), "trade_state": leg.state} for leg in legs if leg is not None and leg.kind == "refund"]
    if not listed:
        raise calls.Wrong("SBX90404 订单不存在")
    return replace(OK, data={"refund_list": listed})


def _listed(leg: Trade) -> dict[str, Any]:
    """One refund, as the two questions list it; what only a card sale has is empty for a scan."""
    amount = str(leg.amount)
    return {
        "out_trade_no": leg.order_no,
        "trade_time": wire_time(leg.at),
        "trade_no": leg.trade_no,
        "log_no": leg.log_no,
        "acc_trade_no": leg.acc_trade_no,
        "refund_amount": amount,
        "payer_amount": amount,
        "account_type": said.wallet_of(leg),
        "pay_mode": "",
        "crd_no": "",
        "acc_settle_amount": amount,
        "acc_mdiscount_amount": "0",
        "acc_discount_amount": "0",
    }


def _origin(ledger: Ledger, leg: Trade) -> dict[str, str]:
    charge = ledger.find(leg.merchant_no, order_no=leg.origin)
    if charge is None:
        return {}
    return {
        "origin_trade_no": charge.trade_no,
        "origin_out_trade_no": charge.order_no,
        "origin_log_no": charge.log_no,
        "origin_total_amount": str(charge.amount),
    }


def _as_labs(asked: Asked) -> Asked:
    return replace(asked, data={**asked.data, "out_trade_no": asked.data.get("out_refund_order_no")})


CALLS: Final[dict[str, Callable[[Ledger, Asked], Told]]] = {
    "/api/v3/labs/relation/idmrefund": idmrefund,
    "/api/v3/labs/query/idmrefundquery": idmrefundquery,
    "/api/v3/rfd/refund_front/refund": unified,
    "/api/v3/rfd/refund_front/refund_query": unified_query,
    "/api/v3/rfd/refund_front/refund_fee": unified_fee,
    LAMS_REFUND: lams,
    LAMS_QUERY: lams_query,
}

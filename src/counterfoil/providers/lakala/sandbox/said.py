"""What answers and notices say of a trade: the members that Lakala's documents list for each call, all of them texts.

What the wallet would have told (a customer's id, a bank) is made up from the trade's own numbers, always the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.basis import MICROS
from counterfoil.providers.lakala.sandbox.ledger import UPCARD, Ledger, Trade
from counterfoil.providers.lakala.wire import wire_time

NATIVE: Final = "41"
_UNPAID: Final = frozenset({"CREATE", "DEAL", "CLOSE", "FAIL"})
_STATES: Final = {
    "SUCCESS": "交易成功",
    "CREATE": "订单已创建",
    "DEAL": "交易处理中",
    "CLOSE": "订单已关闭",
    "PART_REFUND": "部分退款",
    "REFUND": "已全额退款",
    "FAIL": "交易失败",
}
_BANKS: Final = {"WECHAT": "CMB_DEBIT", "ALIPAY": "ALIPAYACCOUNT"}
_APP_ID: Final = "wx0000000000sandbx"
TERM_NO: Final = "SBX00001"


def term_of(trade: Trade) -> str:
    """The terminal that a trade named, or the sandbox's own."""
    return trade.term_no or TERM_NO


def wallet_of(trade: Trade) -> str:
    """``account_type``: the wallet; empty for a card."""
    return trade.pay_mode or ("" if trade.account_type == UPCARD else trade.account_type)


def about(trade: Trade) -> dict[str, str]:
    """What micropay, tradequery and the notice all say of a charge, or of a leg looked up by its own number."""
    payer = trade.amount - trade.merchant_discount - trade.platform_discount
    return {
        "merchant_no": trade.merchant_no,
        "out_trade_no": trade.order_no,
        "trade_no": trade.trade_no,
        "log_no": trade.log_no,
        "acc_trade_no": trade.acc_trade_no,
        "account_type": wallet_of(trade),
        "settle_merchant_no": trade.merchant_no,
        "settle_term_no": term_of(trade),
        "card_type": trade.card_type,
        "total_amount": str(trade.amount),
        "payer_amount": str(payer),
        "acc_settle_amount": str(payer + trade.platform_discount),
        "acc_mdiscount_amount": str(trade.merchant_discount),
        "acc_discount_amount": str(trade.platform_discount),
        "acc_other_discount_amount": "0",
        "bank_type": _BANKS.get(trade.account_type, ""),
        "trade_time": wire_time(trade.at),
        "remark": "",
    }


def customer(trade: Trade) -> dict[str, str]:
    """``user_id1`` and ``user_id2`` of who paid; empty while nobody has."""
    number = "" if trade.state in _UNPAID else trade.acc_trade_no[-16:]
    return {"user_id1": number and f"sbx1{number}", "user_id2": number and f"sbx2{number}"}


def found(trade: Trade) -> dict[str, str]:
    """What tradequery says beyond that."""
    charged = "MICROPAY" if trade.until is None else "PREORDER"
    return {
        **about(trade),
        **customer(trade),
        "trade_main_type": {"charge": charged, "void": "CANCEL", "refund": "REFUND"}[trade.kind],
        "trade_state": trade.state,
        "trade_state_desc": trade.told or _STATES.get(trade.state, ""),
        "trade_req_date": wire_time(trade.at)[:8],
        "acc_activity_id": "",
        "up_coupon_info": "",
        "trade_info": "",
    }


def charged(trade: Trade, need_query: str) -> dict[str, Any]:
    """What micropay answers: all of it, and who paid where the wallet would say."""
    told = customer(trade)
    fields = {"user_id": told["user_id2"], "open_id": told["user_id2"]}
    return {**about(trade), "need_query": need_query, "acc_resp_fields": fields}


def ordered(trade: Trade, fields: Mapping[str, str]) -> dict[str, Any]:
    """What preorder answers; ``fields`` is what the customer's wallet needs."""
    shown = ("merchant_no", "out_trade_no", "trade_no", "log_no", "settle_merchant_no", "settle_term_no")
    return {**{name: value for name, value in about(trade).items() if name in shown}, "acc_resp_fields": dict(fields)}


def to_pay(trade: Trade, trans_type: str, base_url: str, sub_appid: str) -> dict[str, str]:
    """What the customer's wallet needs, in the shape of its way. Nothing of it pays but the page of a code.

    ``app_id`` is the ``sub_appid`` that was asked for: a client holds the two equal.
    """
    url = f"{base_url}/pay/{trade.merchant_no}/{trade.trade_no}"
    if trans_type == NATIVE:
        return {"code": url, "code_image": ""}
    if trade.account_type == "UQRCODEPAY":
        return {"redirect_url": url}
    if trans_type == "81":
        return {"form_data": url}
    prepay_id = trade.acc_trade_no
    if trade.account_type == "BESTPAY":
        return {"best_pay_info": url}
    if trade.account_type == "ALIPAY":
        return {"prepay_id": prepay_id}
    partner = {"partner_id": trade.merchant_no} if trans_type == "61" else {}
    return {
        "prepay_id": prepay_id,
        "pay_sign": hashlib.sha256(prepay_id.encode()).hexdigest(),
        "app_id": sub_appid or _APP_ID,
        "time_stamp": str(trade.at // MICROS),
        "nonce_str": prepay_id[:16],
        "package": f"prepay_id={prepay_id}",
        "sign_type": "RSA",
        **partner,
    }


def undone(leg: Trade, charge: Trade) -> dict[str, str]:
    """What revoked and refund answer of a leg."""
    told = {
        "merchant_no": leg.merchant_no,
        "out_trade_no": leg.order_no,
        "trade_no": leg.trade_no,
        "log_no": leg.log_no,
        "acc_trade_no": leg.acc_trade_no,
        "account_type": wallet_of(leg),
        "total_amount": str(charge.amount),
        "trade_time": wire_time(leg.at),
        "origin_trade_no": charge.trade_no,
        "origin_out_trade_no": charge.order_no,
    }
    if leg.kind == "refund":
        amount = str(leg.amount)
        told |= {"refund_amount": amount, "payer_amount": amount, "origin_log_no": charge.log_no}
        told |= {"up_iss_addn_data": "", "up_coupon_info": "", "trade_info": ""}
    return told


def legs(ledger: Ledger, charge: Trade) -> list[Trade]:
    """What was undone of a charge, oldest first."""
    of_it = (charge.merchant_no, charge.order_no)
    return [trade for trade in ledger.trades() if (trade.merchant_no, trade.origin) == of_it]

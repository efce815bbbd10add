"""The cashier (聚合收银台): an order whose page takes a card or a wallet, its question and its closing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from counterfoil.basis import MICROS
from counterfoil.providers.lakala.sandbox import calls, said
from counterfoil.providers.lakala.sandbox.calls import Asked, Told, Wrong
from counterfoil.providers.lakala.sandbox.ledger import UPCARD, Ledger, Trade, pay_order_no
from counterfoil.providers.lakala.sandbox.trick import Trick
from counterfoil.providers.lakala.wire import from_wire_time, wire_time

CARD: Final = UPCARD
OK: Final = Told("000000", "操作成功")
_WEEK: Final = 7 * 24 * 3600 * MICROS
_STATUS: Final = {"CREATE": "0", "SUCCESS": "2", "FAIL": "3", "CLOSE": "7", "PART_REFUND": "6", "REFUND": "6"}
_UNPAID: Final = frozenset({"0", "3", "4", "7"})
_DECLINED: Final = "SBX90108 发卡行拒绝"
# A channel that nobody named: the number a real answer gave.
_CHANNEL: Final = "95"
# ``counter_param.pay_mode``, and the wallet and its acc_type that then pays. Not listed: a card.
_WALLETS: Final = {"ALIPAY": ("ALIPAY", "04"), "WECHAT": ("WECHAT", "02"), "UNION": ("UQRCODEPAY", "99")}
# Who pays an order that asks for nobody: its page is opened on a phone or a computer, where there is no card terminal.
_UNASKED: Final = "WECHAT"


def create(ledger: Ledger, asked: Asked) -> Told:
    """special_create: an order for the page of the cashier, at most seven days."""
    merchant_no, order_no, amount = asked.text("merchant_no"), asked.text("out_order_no"), asked.amount("total_amount")
    until = from_wire_time(asked.maybe("order_efficient_time"))
    if asked.trick is Trick.CODE_REFUSED:
        raise Wrong("SBX90106 没有开通收银台")
    trade = calls.repeated(ledger, merchant_no, order_no, asked.content("total_amount", "order_efficient_time"))
    if trade is None:
        if until is None or until <= asked.now:
            raise Wrong("SBX90107 order_efficient_time 须晚于当前北京时间")
        trade = _ordered(asked, merchant_no, order_no, amount, min(until, asked.now + _WEEK))
        ledger.save(trade)
    url = f"{asked.base_url}/pay/{merchant_no}/{trade.trade_no}"
    # A text here, as the real answer has it, where the document says a number.
    return replace(OK, data={**_about(trade), "total_amount": str(trade.amount), "counter_url": url})


def query(ledger: Ledger, asked: Asked) -> Told:
    """The order's state, and its trades, newest first."""
    trade = _found(ledger, asked)
    status = _STATUS[trade.state]
    if trade.state == "CREATE" and asked.now >= (trade.until or 0):
        status = "4"
    trades = [] if status in _UNPAID else [*_returned(ledger, trade), _trade(trade)]
    return replace(OK, data={**_whole(trade), "order_status": status, "order_trade_info_list": trades})


def close(ledger: Ledger, asked: Asked) -> Told:
    """Close an order that nobody has paid."""
    trade = _found(ledger, asked)
    if trade.state == "CREATE" and trade.trick in {Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE}:
        calls.pay(ledger, trade, asked.now)
    if trade.state not in {"CREATE", "CLOSE", "FAIL"} and trade.trick != Trick.CODE_LATE:
        raise Wrong("SBX90203 已付款，不能关单")
    if trade.state == "CREATE":
        trade.state, trade.turns_at = "CLOSE", None
        ledger.save(trade)
    return replace(OK, data={**_about(trade), "order_status": _STATUS[trade.state]})


def decline(ledger: Ledger, trade: Trade, now: int) -> bool:
    """The card's bank says no; whether anybody still waited for it."""
    if ledger.turn(trade, now).state != "CREATE":
        return False
    trade.state, trade.at, trade.told, trade.turns_at = "FAIL", now, _DECLINED, None
    ledger.save(trade)
    return True


def told_of(trade: Trade) -> dict[str, Any]:
    """What a notice says of a paid order: one trade, whose ``log_no`` is lower case here."""
    told = _trade(trade)
    told["log_no"] = told.pop("log_No")
    # Empty where nothing was discounted, as in a real notice; those of labs say 0.
    amounts = {"acc_settle_amount": str(trade.amount), "acc_mdiscount_amount": "", "acc_discount_amount": ""}
    told |= {**amounts, "acc_other_discount_amount": "", "trade_remark": ""}
    return {**_whole(trade), "order_status": _STATUS[trade.state], "order_trade_info": told}


def _ordered(asked: Asked, merchant_no: str, order_no: str, amount: int, until: int) -> Trade:
    wallet, kind = _WALLETS.get(_pay_mode(asked), ("", "00"))
    trade = Trade(
        merchant_no=merchant_no,
        order_no=order_no,
        kind="charge",
        amount=amount,
        state="CREATE",
        at=asked.now,
        content=asked.content("total_amount", "order_efficient_time"),
        account_type=CARD,
        card_type=kind,
        trick=asked.trick or "",
        until=until,
        notify_url=asked.maybe("notify_url"),
        term_no=asked.maybe("term_no"),
        title=asked.maybe("order_info"),
        channel_id=asked.maybe("channel_id") or _CHANNEL,
        pay_mode=wallet,
        made=asked.now,
    )
    if asked.scan_seconds is not None and asked.trick not in calls.NOT_SCANNED | calls.NOT_SHOWN:
        trade.turns_at = asked.now + int(asked.scan_seconds * MICROS)
    if asked.trick in {Trick.CARD_DECLINED, Trick.BALANCE}:
        trade.turns_into, trade.turns_told = "FAIL", _DECLINED
    calls.number(trade)
    return trade


def _pay_mode(asked: Asked) -> str:
    """What ``counter_param`` asks for; else a card where ``busi_type_param`` lists nothing but cards."""
    param = _json(asked, "counter_param")
    if isinstance(param, dict) and param.get("pay_mode"):
        return str(param["pay_mode"])
    listed = _json(asked, "busi_type_param")
    kinds = {each.get("busi_type") for each in listed if isinstance(each, dict)} if isinstance(listed, list) else set()
    return CARD if kinds == {CARD} else _UNASKED


def _json(asked: Asked, name: str) -> Any:
    """A member that is a text of JSON; None where it is left out."""
    try:
        return json.loads(asked.maybe(name) or "null")
    except (ValueError, RecursionError) as error:
        raise Wrong(f"SBX90107 {name} 校验失败") from error


def _found(ledger: Ledger, asked: Asked) -> Trade:
    number = asked.maybe("pay_order_no")
    trade = ledger.find(asked.text("merchant_no"), order_no=asked.maybe("out_order_no"), number=number)
    if trade is None or trade.account_type != CARD or trade.kind != "charge":
        raise Wrong("SBX90404 订单不存在")
    return ledger.turn(trade, asked.now)


def _about(trade: Trade) -> dict[str, Any]:
    return {
        "merchant_no": trade.merchant_no,
        "channel_id": trade.channel_id or _CHANNEL,
        "out_order_no": trade.order_no,
        "pay_order_no": pay_order_no(trade.trade_no),
        "total_amount": trade.amount,
        "order_create_time": wire_time(trade.made or trade.at),
        "order_efficient_time": wire_time(trade.until or trade.at),
    }


def _whole(trade: Trade) -> dict[str, Any]:
    return {
        **_about(trade),
        "term_no": said.term_of(trade),
        "trans_merchant_no": trade.merchant_no,
        "trans_term_no": said.term_of(trade),
        "order_info": trade.title,
    }


def _trade(trade: Trade) -> dict[str, Any]:
    common = {
        "trade_no": trade.trade_no,
        "log_No": trade.log_no,
        "trade_type": "PAY",
        "trade_status": "S",
        "trade_amount": trade.amount,
        "payer_amount": trade.amount,
        "trade_time": wire_time(trade.at),
        "acc_trade_no": trade.acc_trade_no,
        "acc_type": trade.card_type,
        "payer_name": "",
        "payer_account_bank": "",
        "settle_merchant_no": trade.merchant_no,
        "settle_term_no": said.term_of(trade),
        "bank_type": "",
        **said.customer(trade),
    }
    if trade.pay_mode:
        return {**common, "busi_type": "SCPAY", "pay_mode": trade.pay_mode, "payer_account_no": ""}
    return {
        **common,
        "busi_type": CARD,
        "trade_ref_no": trade.log_no[-12:],
        "payer_account_no": "622202******1234",
        "client_batch_no": "000001",
        "client_seq_no": trade.log_no[-6:],
    }


def _returned(ledger: Ledger, trade: Trade) -> list[dict[str, Any]]:
    """What went back of an order, newest first."""
    if trade.state == "SUCCESS":
        return []
    kinds = {"refund": "REFUND", "void": "CANCEL"}
    return [
        {**_trade(leg), "trade_type": kinds[leg.kind], "origin_trade_no": trade.trade_no}
        for leg in reversed(said.legs(ledger, trade))
    ]


CALLS: Final[dict[str, Callable[[Ledger, Asked], Told]]] = {
    "/api/v3/ccss/counter/order/special_create": create,
    # Its older path, which independent clients still call.
    "/api/v3/ccss/counter/order/create": create,
    "/api/v3/ccss/counter/order/query": query,
    "/api/v3/ccss/counter/order/close": close,
}

"""The six calls, decided on the ledger. No sockets, no signatures; each answers a result, a code and the order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import MICROS
from counterfoil.providers import wallet_of
from counterfoil.providers.shouqianba.sandbox.ledger import Ledger, Order
from counterfoil.providers.shouqianba.sandbox.trick import Trick
from counterfoil.providers.shouqianba.wire import china_day, wire_time

CODE_SECONDS: Final = 240
_TEXT_MAX: Final = 64
_CLIENT_SN_MAX: Final = 32
_REQUEST_NO_MAX: Final = 20
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
# What a refusal says beside its code.
WORDS: Final = {
    "CLIENT_SN_CONFLICT": "client_sn在系统中已存在",
    "EXPIRED_BARCODE": "过期的支付条码",
    "INVALID_BARCODE": "条码错误",
    "INSUFFICIENT_FUND": "账户金额不足",
    "BUYER_OVER_TRANSACTION_LIMIT": "付款人单笔付款金额超过上限",
    "UNEXPECTED_PROVIDER_ERROR": "不认识的支付通道",
    "UPAY_ORDER_NOT_EXISTS": "订单不存在",
    "UPAY_REFUND_ORDER_NOOP": "无效操作，本次退款已经完成了",
    "UPAY_REFUND_INVALID_ORDER_STATE": "当前订单状态不可退款",
    "REFUNDABLE_AMOUNT_NOT_ENOUGH": "订单可退金额不足",
    "SELLER_BALANCE_NOT_ENOUGH": "卖家余额不足",
    "UPAY_CANCEL_ORDER_NOOP": "无效操作，订单已经是撤单状态了",
    "UPAY_CANCEL_INVALID_ORDER_STATE": "当前订单状态不可撤销",
}
_PAYWAYS: Final = {"wechat": "3", "alipay": "1", "unionpay": "17", "other": "18"}
# 1 and 2 both are Alipay: older texts and clients say 2.
_NAMES: Final = {"3": "微信", "1": "支付宝", "2": "支付宝", "17": "云闪付", "18": "翼支付"}
_WALLET_TYPES: Final = {
    "3": "WALLET_WEIXIN",
    "1": "WALLET_ALIPAY",
    "2": "WALLET_ALIPAY",
    "17": "BANKCARD_DEBIT",
    "18": "CARD_BALANCE",
}
_SHORT_TRIES: Final = 2
# Refused before any flow; and failed after one began, which leaves an order. Of an expired code the owner's texts print
# the second.
_REFUSALS: Final = {Trick.LIMIT: "BUYER_OVER_TRANSACTION_LIMIT"}
_FAILURES: Final = {Trick.BALANCE: "INSUFFICIENT_FUND", Trick.CODE_EXPIRED: "EXPIRED_BARCODE"}
# Of sub_payway, what is paid inside of a wallet: WAP and mini program. Not played here.
_IN_WALLETS: Final = frozenset({"3", "4"})
_ASKED_FIRST: Final = frozenset({Trick.PASSWORD, Trick.PASSWORD_NEVER, Trick.PASSWORD_CANCELLED})
_NOT_SCANNED: Final = frozenset(
    {Trick.CODE_NEVER, Trick.CODE_PAID_AT_CANCEL, Trick.CODE_LATE, Trick.CUT_AFTER, Trick.UNLISTED_CODE}
)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer before its envelope: the inner result and code, and the order, if one is told."""

    result_code: str
    error_code: str = ""
    data: Mapping[str, Any] | None = None


class Wrong(Exception):  # noqa: N818 - carries an answer, not a failure of ours
    """Ends a call before it was taken (``result_code`` 400): the field of that name is not right."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call: the request's members, the moment, the trick in force, and how long a customer takes."""

    said: Mapping[str, Any]
    now: int
    trick: Trick | None
    wait_seconds: float
    scan_seconds: float | None
    base_url: str

    def text(self, name: str, most: int = _TEXT_MAX) -> str:
        """A member that must be there. Raises Wrong."""
        value = self.said.get(name)
        if not isinstance(value, str) or not 0 < len(value.encode()) <= most:
            raise Wrong(name)
        return value

    def amount(self, name: str) -> int:
        """An amount above zero, digits in text. Raises Wrong."""
        value = self.said.get(name)
        if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
            raise Wrong(name)
        return int(value)

    def order(self, ledger: Ledger) -> Order | None:
        """The order it names, by ``sn`` or ``client_sn``, as it stands now. Raises Wrong where it names none."""
        sn, client_sn = str(self.said.get("sn") or ""), str(self.said.get("client_sn") or "")
        if not sn and not client_sn:
            raise Wrong("client_sn")
        found = ledger.find(sn=sn, client_sn=client_sn)
        return None if found is None else ledger.turn(found, self.now)


NO_ORDER: Final = Told("FAIL", "UPAY_ORDER_NOT_EXISTS")


def pay(ledger: Ledger, asked: Asked) -> Told:
    """Charge the customer's code. A ``payway`` that is said wins over what the code looks like."""
    wallet = wallet_of(asked.text("dynamic_id", _CLIENT_SN_MAX))
    order = _new(ledger, asked, str(asked.said.get("payway") or _PAYWAYS.get(wallet or "", "18")), "1")
    if (refusal := _refusal(ledger, asked, order, wallet)) is not None:
        return Told("FAIL", refusal)
    if asked.trick in _ASKED_FIRST:
        return _ask_the_customer(ledger, order, asked)
    if asked.trick is Trick.PAY_ERROR:
        order.order_status, order.status = "PAY_ERROR", "FAIL_ERROR"
        ledger.save(order)
        return Told("PAY_FAIL_ERROR", "UNEXPECTED_PROVIDER_ERROR", about(order))
    failure = _FAILURES.get(asked.trick, "") if asked.trick else ""
    ledger.settle(order, "PAY_CANCELED" if failure else "PAID", asked.now)
    return Told("PAY_FAIL" if failure else "PAY_SUCCESS", failure, about(order))


def _refusal(ledger: Ledger, asked: Asked, order: Order, wallet: str | None) -> str | None:
    """Why no payment is begun at all."""
    if order.payway not in _NAMES:
        return "UNEXPECTED_PROVIDER_ERROR"
    if ledger.find(client_sn=order.client_sn) is not None:
        return "CLIENT_SN_CONFLICT"
    if wallet is None:
        return "INVALID_BARCODE"
    return _REFUSALS.get(asked.trick) if asked.trick else None


def _ask_the_customer(ledger: Ledger, order: Order, asked: Asked) -> Told:
    order.status = "IN_PROG"
    if asked.trick is not Trick.PASSWORD_NEVER:
        order.turns_at = asked.now + int(asked.wait_seconds * MICROS)
    if asked.trick is Trick.PASSWORD_CANCELLED:
        order.turns_into = "PAY_CANCELED"
    ledger.save(order)
    return Told("PAY_IN_PROGRESS", "", about(order))


def precreate(ledger: Ledger, asked: Asked) -> Told:
    """Make a code for one wallet's customer to scan; the order ends by itself after four minutes."""
    payway = asked.text("payway", 2)
    if str(asked.said.get("sub_payway") or "") in _IN_WALLETS:
        # The texts want ``payer_uid`` with these.
        raise Wrong("sub_payway" if asked.said.get("payer_uid") else "payer_uid")
    if payway not in _NAMES:
        return Told("FAIL", "UNEXPECTED_PROVIDER_ERROR")
    order = _new(ledger, asked, payway, "2")
    if ledger.find(client_sn=order.client_sn) is not None:
        return Told("FAIL", "CLIENT_SN_CONFLICT")
    if asked.trick in {Trick.CODE_REFUSED, Trick.BALANCE}:
        return Told("FAIL", "UNEXPECTED_PROVIDER_ERROR")
    order.until = asked.now + CODE_SECONDS * MICROS
    if asked.scan_seconds is not None and asked.trick not in _NOT_SCANNED:
        order.turns_at = asked.now + int(asked.scan_seconds * MICROS)
    ledger.save(order)
    code = f"{asked.base_url}/pay/{order.sn}"
    return Told("PRECREATE_SUCCESS", "", {**about(order), "qr_code": code, "qr_code_image_url": ""})


def query(ledger: Ledger, asked: Asked) -> Told:
    """An order as it stands, or one refund of it."""
    order, request_no = asked.order(ledger), str(asked.said.get("refund_request_no") or "")
    if order is None or (request_no and request_no not in order.refunds):
        return NO_ORDER
    latest = about(order)
    if request_no:
        latest |= {"client_tsn": f"{order.client_sn}-{request_no}", "status": "SUCCESS"}
    return Told("SUCCESS", "", latest)


def refund(ledger: Ledger, asked: Asked) -> Told:
    """Give back the whole or a part of what is left of an order, once for each number."""
    request_no, amount = asked.text("refund_request_no", _REQUEST_NO_MAX), asked.amount("refund_amount")
    order = asked.order(ledger)
    if order is None:
        return NO_ORDER
    if request_no in order.refunds:
        return Told("FAIL", "UPAY_REFUND_ORDER_NOOP")
    if order.order_status not in {"PAID", "PARTIAL_REFUNDED"}:
        return Told("FAIL", "UPAY_REFUND_INVALID_ORDER_STATE")
    if amount > order.left:
        return Told("FAIL", "REFUNDABLE_AMOUNT_NOT_ENOUGH")
    if asked.trick is Trick.FUNDS_SHORT or (order.trick == Trick.FUNDS_SHORT and _short(ledger, order)):
        return Told("FAIL", "SELLER_BALANCE_NOT_ENOUGH")
    order.refunds = {**order.refunds, request_no: amount}
    order.left -= amount
    order.order_status = "PARTIAL_REFUNDED" if order.left else "REFUNDED"
    order.client_tsn, order.finished_at = f"{order.client_sn}-{request_no}", asked.now
    order.operator = str(asked.said.get("operator") or order.operator)
    ledger.save(order)
    return Told("REFUND_SUCCESS", "", about(order))


def cancel(ledger: Ledger, asked: Asked) -> Told:
    """Stop an order that is open, or take back the whole of one paid today."""
    order = asked.order(ledger)
    if order is None:
        return NO_ORDER
    if order.order_status == "CREATED":
        return _abort(ledger, order, asked.now)
    if order.order_status in {"CANCELED", "PAY_CANCELED"}:
        return Told("FAIL", "UPAY_CANCEL_ORDER_NOOP")
    if order.order_status == "PAY_ERROR":
        return Told("CANCEL_ERROR", "", about(order))
    if order.order_status != "PAID" or china_day(order.taken_at or 0) != china_day(asked.now):
        return Told("FAIL", "UPAY_CANCEL_INVALID_ORDER_STATE")
    order.order_status, order.status = "CANCELED", "SUCCESS"
    order.left, order.undone_at, order.finished_at = 0, asked.now, asked.now
    ledger.save(order)
    return Told("CANCEL_SUCCESS", "", about(order))


def revoke(ledger: Ledger, asked: Asked) -> Told:
    """The same on the server, for what a person takes back."""
    return cancel(ledger, asked)


def _abort(ledger: Ledger, order: Order, now: int) -> Told:
    if order.trick == Trick.CODE_PAID_AT_CANCEL:
        ledger.settle(order, "PAID", now)
        return Told("CANCEL_ABORT_ERROR", "", about(order))
    told = {**about(order), "order_status": "CANCELED", "status": "SUCCESS", "net_amount": "0"}
    if order.trick == Trick.CODE_LATE:
        ledger.settle(order, "PAID", now)
        return Told("CANCEL_ABORT_SUCCESS", "", told)
    order.order_status, order.status, order.finished_at = "CANCELED", "SUCCESS", now
    ledger.save(order)
    return Told("CANCEL_ABORT_SUCCESS", "", told)


def customer_pays(ledger: Ledger, order: Order, now: int) -> bool:
    """A customer pays a shown code; whether it could still be paid."""
    if ledger.turn(order, now).order_status != "CREATED":
        return False
    ledger.settle(order, "PAID", now)
    return True


def about(order: Order) -> dict[str, Any]:
    """An order as every answer tells it; what is not there is an empty text, as in life."""
    final = order.finished_at and order.order_status not in {"CREATED", "PAY_ERROR"}
    paid = order.taken_at is not None
    left = order.left if paid or order.order_status == "CANCELED" else order.total
    return {
        "terminal_sn": order.terminal_sn,
        "sn": order.sn,
        "client_sn": order.client_sn,
        "client_tsn": order.client_tsn or order.client_sn,
        "trade_no": f"42{order.sn.rjust(26, '0')}" if paid else "",
        "ctime": wire_time(order.at),
        "finish_time": wire_time(order.finished_at) if final else "",
        "channel_finish_time": wire_time(order.finished_at) if final and paid else "",
        "status": order.status,
        "order_status": order.order_status,
        "payway": order.payway,
        "payway_name": _NAMES[order.payway],
        "sub_payway": order.sub_payway,
        "payer_uid": "",
        "payer_login": "",
        "total_amount": str(order.total),
        "net_amount": str(left),
        "subject": order.subject,
        "operator": order.operator,
        "reflect": order.reflect,
        "payment_list": _payment_list(order) if paid else [],
    }


def _payment_list(order: Order) -> list[dict[str, str]]:
    shop = platform = 0
    if order.trick == Trick.COUPON:
        shop, platform = min(50, order.total // 4), min(100, order.total // 2)
    parts = {
        _WALLET_TYPES[order.payway]: order.total - shop - platform,
        "DISCOUNT_CHANNEL_MCH": shop,
        "HONGBAO_CHANNEL": platform,
    }
    return [{"type": kind, "amount_total": str(amount)} for kind, amount in parts.items() if amount]


def _new(ledger: Ledger, asked: Asked, payway: str, sub_payway: str) -> Order:
    number = 7_895_000_000_000_001 + ledger.count
    return Order(
        sn=str(number),
        client_sn=asked.text("client_sn", _CLIENT_SN_MAX),
        terminal_sn=asked.text("terminal_sn"),
        total=asked.amount("total_amount"),
        order_status="CREATED",
        status="CREATED",
        at=asked.now,
        payway=payway,
        sub_payway=sub_payway,
        subject=asked.text("subject", 4 * _TEXT_MAX),
        operator=str(asked.said.get("operator") or ""),
        trick=asked.trick or "",
        notify_url=str(asked.said.get("notify_url") or ""),
        reflect=asked.said.get("reflect") or "",
    )


def _short(ledger: Ledger, order: Order) -> bool:
    """Whether the account still does not cover a refund: twice it does not."""
    if order.short_tries >= _SHORT_TRIES:
        return False
    order.short_tries += 1
    ledger.save(order)
    return True

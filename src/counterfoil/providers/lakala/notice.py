"""Lakala's notices: which charge was paid, as the labs calls and the cashier each say it.

Only ``SUCCESS`` (labs) and a paid order whose newest trade is a successful PAY (cashier) are taken at their word; every
other state is a hint, and what became of the payment is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from counterfoil.basis import CNY, Money
from counterfoil.providers import Approved, Notice, NoticeReply, NotOurs, NotOursWhy
from counterfoil.providers.lakala.answers import CURRENCIES, parts_of_card, parts_of_charge
from counterfoil.providers.lakala.codes import CASHIER_PAID
from counterfoil.providers.lakala.signing import NotSigned, verify_notice
from counterfoil.providers.lakala.wire import Unreadable, fen, word

_ORDER_NO_MAX: Final = 64
_Read: TypeAlias = Callable[[Mapping[str, Any], int], Approved]
_KEPT: Final = NoticeReply('{"code":"SUCCESS","message":"执行成功"}'.encode())


def read_notice(
    headers: Mapping[str, str], body: bytes, keys: Mapping[int, RSAPublicKey], merchant_no: str
) -> Notice | NotOurs:
    """Verify the raw bytes, then read. ``keys``: the platform's, by certificate serial."""
    try:
        verify_notice(headers.get("authorization", ""), body, keys)
    except NotSigned as error:
        return NotOurs(NotOursWhy.NOT_SIGNED, str(error)[:100])
    try:
        data = _members(body)
        if word(data, "merchant_no") != merchant_no:
            return NotOurs(NotOursWhy.OTHER_MERCHANT)
        return _cashier(data) if "out_order_no" in data else _labs(data)
    except Unreadable as error:
        return NotOurs(NotOursWhy.UNREADABLE, str(error)[:100])


def reply(refused: str | None) -> NoticeReply:
    """``SUCCESS``, or ``FAIL`` with our code, which asks for the notice to be sent again."""
    if refused is None:
        return _KEPT
    return NoticeReply(json.dumps({"code": "FAIL", "message": refused}, separators=(",", ":")).encode())


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if not isinstance(data, dict):
        raise Unreadable("not an object")
    return data


def _labs(data: Mapping[str, Any]) -> Notice:
    """``trade_status``; the real one had ``trade_state`` too, the same. Where they differ, nothing is sure."""
    states = {data[name] for name in ("trade_status", "trade_state") if isinstance(data.get(name), str)}
    return _notice(data, word(data, "out_trade_no"), parts_of_charge, data if states == {"SUCCESS"} else None)


def _cashier(data: Mapping[str, Any]) -> Notice:
    trade = data.get("order_trade_info")
    trade = trade if isinstance(trade, dict) else {}
    said = (str(data.get("order_status")), trade.get("trade_type"), trade.get("trade_status"))
    return _notice(data, word(data, "out_order_no"), parts_of_card, trade if said == CASHIER_PAID else None)


def _notice(data: Mapping[str, Any], order_no: str | None, read: _Read, trade: Mapping[str, Any] | None) -> Notice:
    """``trade``: what was paid, as ``read`` understands it; None: the notice is only a hint."""
    if order_no is None or len(order_no) > _ORDER_NO_MAX or not order_no.isprintable():
        raise Unreadable("no order number")
    merchant_no = word(data, "merchant_no") or ""
    if trade is None or data.get("trans_currency") not in CURRENCIES:
        return Notice(order_no=order_no, merchant_no=merchant_no)
    minor = fen(data.get("total_amount"))
    paid = _paid(read, trade, minor)
    return Notice(order_no=order_no, merchant_no=merchant_no, amount=Money(minor, CNY), outcome=paid)


def _paid(read: _Read, trade: Mapping[str, Any], minor: int) -> Approved | None:
    """What was paid; None, a hint, where its parts do not add up to it."""
    try:
        return read(trade, minor)
    except Unreadable:
        return None

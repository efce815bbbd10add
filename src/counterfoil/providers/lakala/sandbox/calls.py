"""The six calls, decided on the ledger. No sockets, no signatures; each answers a code, words and data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from counterfoil.basis import MICROS, next_cut
from counterfoil.providers import wallet_of
from counterfoil.providers.lakala.sandbox import said
from counterfoil.providers.lakala.sandbox.ledger import UPCARD, Ledger, Trade, numbers_of
from counterfoil.providers.lakala.sandbox.trick import CARD, SHOWN, Trick, trick_of
from counterfoil.providers.lakala.wire import Unreadable, fen, wire_time, word

ZONE: Final = "Asia/Shanghai"
CUT_MINUTE: Final = 23 * 60
_ORDER_NO_MAX: Final = 32
_ACCOUNT_TYPES: Final = {
    "wechat": "WECHAT",
    "alipay": "ALIPAY",
    "unionpay": "UQRCODEPAY",
    "ecny": "DCPAY",
}
# The two whose codes count as one wallet here, by the digits their codes begin with.
_OTHERS: Final = {"51": "BESTPAY", "83": "SUNING"}
_CARD_TYPES: Final = {"wechat": "02", "alipay": "04", "unionpay": "00", "ecny": "05", "other": "99"}
_SHORT_TRIES: Final = 2
_FROM_CARD: Final = {"ALIPAY": "04", "UQRCODEPAY": "00", "WECHAT": "02", "BESTPAY": "99"}
# Which wallets each trans_type is for: 41 a code, 51 within a page, 61 an app, 71 a mini-program, 81 a web page.
_OFFERED: Final = {
    said.NATIVE: ("ALIPAY", "UQRCODEPAY"),
    "51": ("ALIPAY", "BESTPAY", "UQRCODEPAY", "WECHAT"),
    "61": ("WECHAT",),
    "71": ("WECHAT",),
    "81": ("ALIPAY",),
}
NOT_SCANNED: Final = frozenset({Trick.CODE_NEVER, Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE})
# The code reached nobody who could show it.
NOT_SHOWN: Final = frozenset(
    {Trick.CUT_AFTER, Trick.WRONG_SIGNATURE, Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT, Trick.OTHER_CURRENCY}
)
_MINUTES: Final = {str(minutes): minutes for minutes in range(1, 16)}
_MINUTES_UNSAID: Final = 5
_ENTRIES: Final = {"micropay": "consumer_code", "preorder": SHOWN, "special_create": CARD}
_PAID: Final = frozenset({"SUCCESS", "PART_REFUND"})
_DECLINES: Final = {
    Trick.BALANCE: "SBX90101 余额不足",
    Trick.CODE_EXPIRED: "SBX90102 付款码已失效",
    Trick.LIMIT: "SBX90103 超过支付限额",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer before its envelope."""

    code: str
    msg: str
    data: Mapping[str, Any] = field(default_factory=dict)


OK: Final = Told("BBS00000", "成功")


class Wrong(Exception):  # noqa: N818 - carries an answer, not a failure of ours
    """Ends a call with a refusal."""

    def __init__(self, code_and_words: str) -> None:
        """``SBX90101 余额不足``: the code, a space, the words."""
        super().__init__(code_and_words)
        code, _, words = code_and_words.partition(" ")
        self.told = Told(code, words)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call: the request's data, the moment, the trick in force, and how long a customer takes.

    ``password_seconds`` over a password; ``scan_seconds`` until a shown code is paid, None where nobody pays it by
    himself. ``base_url`` is where the sandbox was reached: a shown code leads there.
    """

    data: Mapping[str, Any]
    now: int
    trick: Trick | None
    password_seconds: float
    scan_seconds: float | None = None
    base_url: str = ""

    def text(self, name: str) -> str:
        """A member that must be there. Raises Wrong with Lakala's own field code."""
        value = word(self.data, name)
        if value is None or len(value) > _ORDER_NO_MAX:
            raise Wrong(f"BBS11000 {name} 校验失败")
        return value

    def maybe(self, name: str) -> str:
        """A member that may be absent, null or empty."""
        return word(self.data, name) or ""

    def within(self, outer: str, name: str) -> str:
        """A member of a member; "" where either is absent."""
        fields = self.data.get(outer)
        return (word(fields, name) or "") if isinstance(fields, dict) else ""

    def amount(self, name: str) -> int:
        """An amount above zero, as text or number."""
        try:
            amount = fen(self.data.get(name))
        except Unreadable as error:
            raise Wrong(f"BBS11000 {name} 校验失败") from error
        if amount == 0:
            raise Wrong(f"BBS11000 {name} 校验失败")
        return amount

    def content(self, *names: str) -> str:
        """A digest of the members that make two requests the same."""
        told = "\n".join(f"{name}={self.data.get(name)}" for name in ("merchant_no", "term_no", *names))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def micropay(ledger: Ledger, asked: Asked) -> Told:
    """Charge the customer's code."""
    merchant_no, order_no = asked.text("merchant_no"), asked.text("out_trade_no")
    auth_code = asked.text("auth_code")
    amount, wallet = asked.amount("total_amount"), wallet_of(auth_code)
    content = asked.content("total_amount", "auth_code")
    if wallet is None:
        raise Wrong("BBS11000 auth_code 校验失败")
    known = repeated(ledger, merchant_no, order_no, content)
    if known is not None:
        return _charged(ledger.turn(known, asked.now))
    trade = Trade(
        merchant_no=merchant_no,
        order_no=order_no,
        kind="charge",
        amount=amount,
        state="SUCCESS",
        at=asked.now,
        content=content,
        account_type=_ACCOUNT_TYPES.get(wallet) or _OTHERS[auth_code[:2]],
        term_no=asked.maybe("term_no"),
        card_type=_CARD_TYPES[wallet],
        left=amount,
        trick=asked.trick or "",
    )
    _play(trade, asked)
    number(trade)
    ledger.save(trade)
    return _charged(trade)


def preorder(ledger: Ledger, asked: Asked) -> Told:
    """Make a code for one wallet's customer to scan (trans_type 41)."""
    merchant_no, order_no = asked.text("merchant_no"), asked.text("out_trade_no")
    amount, account_type = asked.amount("total_amount"), asked.text("account_type")
    content = asked.content("total_amount", "account_type", "trans_type")
    minutes = _minutes(asked)
    trans_type = asked.text("trans_type")
    if account_type not in _OFFERED.get(trans_type, ()):
        raise Wrong("SBX90106 此钱包不能用这种方式出示收款码")
    if asked.trick is Trick.CODE_REFUSED:
        raise Wrong("SBX90106 没有开通收款码")
    trade = repeated(ledger, merchant_no, order_no, content)
    if trade is None:
        trade = Trade(
            merchant_no=merchant_no,
            order_no=order_no,
            kind="charge",
            amount=amount,
            state="CREATE",
            at=asked.now,
            content=content,
            account_type=account_type,
            term_no=asked.maybe("term_no"),
            card_type=_FROM_CARD[account_type],
            trick=asked.trick or "",
            until=asked.now + minutes * 60 * MICROS,
            notify_url=asked.maybe("notify_url"),
        )
        if asked.scan_seconds is not None and asked.trick not in NOT_SCANNED | NOT_SHOWN:
            trade.turns_at = asked.now + int(asked.scan_seconds * MICROS)
        number(trade)
        ledger.save(trade)
    if ledger.turn(trade, asked.now).state != "CREATE":
        raise Wrong("SBX90105 订单已付款或已关闭")
    fields = said.to_pay(trade, trans_type, asked.base_url, asked.within("acc_busi_fields", "sub_appid"))
    return replace(OK, data=said.ordered(trade, fields))


def close(ledger: Ledger, asked: Asked) -> Told:
    """Close a shown code that nobody has paid, or the number of one that never came. Closed again: the same."""
    merchant_no = asked.text("merchant_no")
    charge = origin(ledger, asked)
    if charge is None:
        _close_number(ledger, merchant_no, asked)
        raise Wrong("SBX90405 没有可关闭的订单，订单号已关闭")
    if charge.until is None:
        raise Wrong("SBX90202 付款码收款不能关单，请撤销")
    if charge.state == "CREATE" and charge.trick in {Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE}:
        pay(ledger, charge, asked.now)
    if charge.state not in {"CREATE", "CLOSE"} and charge.trick != Trick.CODE_LATE:
        raise Wrong("SBX90203 已付款，不能关单")
    if charge.state == "CREATE":
        charge.state, charge.turns_at = "CLOSE", None
        ledger.save(charge)
    data = {
        "merchant_no": charge.merchant_no,
        "origin_out_trade_no": charge.order_no,
        "origin_trade_no": charge.trade_no,
        "trade_time": wire_time(asked.now),
    }
    return replace(OK, data=data)


def pay(ledger: Ledger, trade: Trade, now: int) -> bool:
    """A customer pays a shown code; whether it could still be paid."""
    if ledger.turn(trade, now).state != "CREATE" or trade.until is None or now >= trade.until:
        return False
    trade.state, trade.at, trade.left, trade.turns_at = "SUCCESS", now, trade.amount, None
    ledger.paid(trade)
    return True


def tradequery(ledger: Ledger, asked: Asked) -> Told:
    """Look a trade up by its trade number, or by its order number."""
    merchant_no = asked.text("merchant_no")
    trade = ledger.find(merchant_no, order_no=asked.maybe("out_trade_no"), number=asked.maybe("trade_no"))
    if trade is None or trade.kind == "closed":
        raise Wrong("SBX90404 订单不存在")
    return replace(OK, data=said.found(ledger.turn(trade, asked.now)))


def revoked(ledger: Ledger, asked: Asked) -> Told:
    """Undo a charge before the day cut, or one that is still open; close the number of one that never came."""
    merchant_no, order_no = asked.text("merchant_no"), asked.text("out_trade_no")
    content = asked.content("origin_out_trade_no", "origin_trade_no")
    known = repeated(ledger, merchant_no, order_no, content)
    charge = origin(ledger, asked)
    if known is not None and charge is not None:
        return _undone(known, charge)
    if charge is None:
        _close_number(ledger, merchant_no, asked)
        raise Wrong("SBX90405 没有可撤销的交易，订单号已关闭")
    _may_be_undone(charge, asked.now)
    leg = _leg(charge, order_no, "void", charge.amount, now=asked.now, content=content)
    charge.state, charge.left = ("CLOSE" if charge.state == "DEAL" else "REFUND"), 0
    ledger.save(charge, leg)
    return _undone(leg, charge)


def refund(ledger: Ledger, asked: Asked, *, unified: bool = False) -> Told:
    """Give back the whole or a part of what is left of a charge; of a card, by the ``unified`` call only.

    Whether a place must be named, ``hold`` knows.
    """
    merchant_no, order_no = asked.text("merchant_no"), asked.text("out_trade_no")
    amount = asked.amount("refund_amount")
    content = asked.content("refund_amount", "origin_out_trade_no", "origin_trade_no", "origin_log_no")
    known = repeated(ledger, merchant_no, order_no, content)
    charge = origin(ledger, asked)
    if known is not None and charge is not None:
        return _undone(known, charge)
    if charge is None:
        raise Wrong("SBX90404 原交易不存在")
    if by_card(charge) and not unified:
        raise Wrong("SBX90202 银行卡收款请用统一退货")
    if charge.state not in {*_PAID, "REFUND"}:
        raise Wrong("SBX90202 原交易状态不允许退款")
    if amount > charge.left:
        raise Wrong("SBX90301 超过可退金额")
    if asked.trick is Trick.FUNDS_SHORT or (
        charge.trick == Trick.FUNDS_SHORT and _short(ledger, charge, amount, asked)
    ):
        raise Wrong("SBX90302 可退余额不足")
    leg = _leg(charge, order_no, "refund", amount, now=asked.now, content=content)
    charge.left -= amount
    charge.state = "PART_REFUND" if charge.left else "REFUND"
    ledger.save(charge, leg)
    return _undone(leg, charge)


def by_card(trade: Trade) -> bool:
    """Whether a card paid, or will: an order at the cashier that no wallet pays."""
    return trade.account_type == UPCARD and not trade.pay_mode


def _short(ledger: Ledger, charge: Trade, amount: int, asked: Asked) -> bool:
    """Whether the account still does not cover it: not until as much came in since the first try, or the third try."""
    if charge.short_tries and ledger.charged_since(charge, charge.short_since) >= amount:
        return False
    if charge.short_tries >= _SHORT_TRIES:
        return False
    charge.short_tries, charge.short_since = charge.short_tries + 1, charge.short_since or asked.now
    ledger.save(charge)
    return True


def trick_by_amount(path: str, data: Mapping[str, Any]) -> Trick | None:
    """The trick a charge's amount asks for; other calls have none of their own."""
    entry = _ENTRIES.get(path.rpartition("/")[2])
    if entry is None:
        return None
    try:
        return trick_of(fen(data.get("total_amount")), entry)
    except Unreadable:
        return None


def _play(trade: Trade, asked: Asked) -> None:
    """What a trick does to a new charge."""
    match asked.trick:
        case Trick.BALANCE | Trick.CODE_EXPIRED | Trick.LIMIT:
            trade.state, trade.left, trade.told = "FAIL", 0, _DECLINES[asked.trick]
        case Trick.PASSWORD | Trick.PASSWORD_CANCELLED | Trick.PASSWORD_NEVER:
            # Lakala tells by itself only of what was in progress when it answered.
            trade.state, trade.left, trade.notify_url = "DEAL", 0, asked.maybe("notify_url")
            if asked.trick is not Trick.PASSWORD_NEVER:
                trade.turns_at = asked.now + int(asked.password_seconds * MICROS)
            if asked.trick is Trick.PASSWORD_CANCELLED:
                trade.turns_into, trade.turns_told = "FAIL", "SBX90104 顾客取消付款"
        case Trick.COUPON:
            trade.merchant_discount, trade.platform_discount = min(50, trade.amount // 4), min(100, trade.amount // 2)


def _charged(trade: Trade) -> Told:
    if trade.state == "FAIL":
        code, _, words = trade.told.partition(" ")
        return Told(code, words, {"merchant_no": trade.merchant_no, "out_trade_no": trade.order_no})
    if trade.state == "DEAL":
        return Told("BBS10000", "等待顾客输入密码", said.charged(trade, "1"))
    if trade.state not in _PAID:
        raise Wrong("SBX90105 订单已关闭")
    return replace(OK, data=said.charged(trade, "0"))


def _undone(leg: Trade, charge: Trade) -> Told:
    return replace(OK, data=said.undone(leg, charge))


def _leg(charge: Trade, order_no: str, kind: str, amount: int, *, now: int, content: str) -> Trade:
    leg = Trade(
        merchant_no=charge.merchant_no,
        order_no=order_no,
        kind=kind,
        amount=amount,
        state="SUCCESS",
        at=now,
        content=content,
        account_type=charge.account_type,
        term_no=charge.term_no,
        pay_mode=charge.pay_mode,
        card_type=charge.card_type,
        origin=charge.order_no,
    )
    number(leg)
    return leg


def number(trade: Trade) -> None:
    """Give a trade its three numbers."""
    numbers = numbers_of(trade.merchant_no, trade.order_no, trade.kind, trade.at)
    trade.trade_no, trade.log_no, trade.acc_trade_no = numbers.trade_no, numbers.log_no, numbers.acc_trade_no


def repeated(ledger: Ledger, merchant_no: str, order_no: str, content: str) -> Trade | None:
    """The trade of this number where the request is a repeat. Raises Wrong where the number was used for another."""
    known = ledger.find(merchant_no, order_no=order_no)
    if known is not None and known.kind == "closed":
        raise Wrong("SBX90105 订单已关闭")
    if known is not None and known.content != content:
        raise Wrong("SBX90409 订单号已用于其他内容")
    return known


def origin(ledger: Ledger, asked: Asked) -> Trade | None:
    """The charge a call is about: by trade number, statement number, order number, in that order."""
    merchant_no = asked.text("merchant_no")
    number = asked.maybe("origin_trade_no") or asked.maybe("origin_log_no")
    found = ledger.find(merchant_no, order_no=asked.maybe("origin_out_trade_no"), number=number)
    if found is None or found.kind != "charge":
        return None
    return ledger.turn(found, asked.now)


def _may_be_undone(charge: Trade, now: int) -> None:
    if charge.until is not None:
        raise Wrong("SBX90202 收款码收款不能撤销，请退款")
    if charge.state in {"FAIL", "CLOSE", "REFUND"}:
        raise Wrong("SBX90405 没有可撤销的交易")
    if charge.state == "PART_REFUND":
        raise Wrong("SBX90202 已部分退款，不能撤销")
    if charge.state == "SUCCESS" and now >= next_cut(charge.at, ZONE, CUT_MINUTE):
        raise Wrong("SBX90201 已过日切，请退款")


def _close_number(ledger: Ledger, merchant_no: str, asked: Asked) -> None:
    """Keep the number of a charge that was undone before it came, so that it cannot come any more."""
    order_no = asked.maybe("origin_out_trade_no")
    if order_no and ledger.find(merchant_no, order_no=order_no) is None:
        ledger.save(
            Trade(merchant_no=merchant_no, order_no=order_no, kind="closed", amount=0, state="CLOSE", at=asked.now)
        )


def _minutes(asked: Asked) -> int:
    """``timeout_express``: 1 to 15 minutes, 5 where it is left out. One client writes it outside of its object."""
    told = asked.within("acc_busi_fields", "timeout_express") or asked.maybe("timeout_express")
    if not told:
        return _MINUTES_UNSAID
    if told not in _MINUTES:
        raise Wrong("BBS11000 timeout_express 校验失败")
    return _MINUTES[told]


def static_code(ledger: Ledger, merchant_no: str, amount: int, *, now: int, notify_url: str, digits: str) -> Trade:
    """Somebody paid by the printed code: nobody asked for it, and the number is the platform's own."""
    trade = Trade(
        merchant_no=merchant_no,
        order_no=f"LKLS{digits}",
        kind="charge",
        amount=amount,
        state="SUCCESS",
        at=now,
        account_type="WECHAT",
        card_type="02",
        left=amount,
        notify_url=notify_url,
    )
    number(trade)
    ledger.paid(trade)
    return trade

"""``POST /payments``: take money."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from counterfoil import payments
from counterfoil.basis import Both, Money, NotMoney, Secret
from counterfoil.doors.api.acts import DONE, replied
from counterfoil.doors.api.endpoint import Call, Endpoint, Reply
from counterfoil.doors.api.fields import (
    WAIT_SECONDS,
    AmountMinor,
    AskId,
    Currency,
    Entry,
    Method,
    Minor,
    Number,
    Reference,
    ShopId,
    TerminalId,
    WaitSeconds,
    Wallet,
)
from counterfoil.doors.faults import WRONG_VALUE
from counterfoil.doors.said import said
from counterfoil.payments import TakeAsk


class Take(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is taken, where, and how."""

    id: AskId
    shop_id: ShopId
    terminal_id: TerminalId
    method: Annotated[Method, said("How it comes technically", "收款方式")]
    entry: Annotated[Entry, said("How the card or code is read", "读取方式")]
    amount_minor: AmountMinor
    currency: Currency
    auth_code: Annotated[
        Number | None,
        said(
            "The customer's payment code, for entry consumer_code; never kept",
            "顾客付款码（entry 为 consumer_code 时必填），系统不保存",
            shown={"writeOnly": True},
        ),
    ] = None
    wallet: Annotated[
        Wallet | None,
        said(
            "The wallet that is to scan the code, for entry merchant_code; the answer then holds the code to draw",
            "要扫收款码的钱包（entry 为 merchant_code 时必填）；应答中给出收款码内容",
        ),
    ] = None
    tendered_minor: Annotated[Minor | None, said("Cash handed over, for method cash", "现金实收（现金收款时）")] = None
    rounding_minor: Annotated[
        Minor | None,
        said(
            "Cash only: what the shop's own setting waives of the amount due; amount_minor is what is charged",
            "仅现金：按门店设置抹去的零头；amount_minor 为抹零后的金额",
        ),
    ] = None
    bill_ref: Annotated[
        Reference | None,
        said("The caller's bill; joins several payments of one bill", "账单号；同一账单的几笔收款由它相连"),
    ] = None
    invoice_ref: Annotated[Reference | None, said("The caller's invoice", "发票号")] = None
    wait_seconds: WaitSeconds = WAIT_SECONDS


async def take(call: Call) -> Reply:
    """Ask ``payments.take``."""
    body = call.asked(Take)
    return replied(call, await payments.take(call.app.payments, call.actor, _ask(body)))


def _ask(body: Take) -> TakeAsk:
    return TakeAsk(
        id=body.id.lower(),
        shop_id=body.shop_id.lower(),
        terminal_id=body.terminal_id.lower(),
        method=body.method,
        entry=body.entry,
        amount=_money(body.amount_minor, body.currency),
        auth_code=None if body.auth_code is None else Secret(body.auth_code),
        wallet=body.wallet,
        tendered=None if body.tendered_minor is None else _money(body.tendered_minor, body.currency),
        rounding=None if body.rounding_minor is None else _money(body.rounding_minor, body.currency),
        bill_ref=body.bill_ref,
        invoice_ref=body.invoice_ref,
        wait_seconds=body.wait_seconds,
    )


def _money(minor: int, currency: str) -> Money:
    """An amount. Raises WRONG_VALUE for a currency nobody here knows."""
    try:
        return Money(minor, currency)
    except NotMoney:
        raise WRONG_VALUE(field="currency", name="currency") from None


TAKE: Final = Endpoint(
    method="POST",
    path="/payments",
    name="take",
    scope="pay",
    title=Both("收款", "Take a payment"),
    story=Both(
        "编号由调用方生成并先行保存。没有收到回答时，用同一编号再请求一次：不会重复扣款，按记录回答。"
        "出示收款码（entry 为 merchant_code）：应答 202，code 画成二维码给顾客扫，code_until 前有效；"
        "之后查询结果，顾客不付了请撤回。收银行卡（method 为 card，entry 为 unknown：刷、插或挥，终端不告知）："
        "单子送到渠道在收银台旁的银行卡终端，应答 202，code_until 前有效；结果同样查询或撤回。这里从不接收卡号。",
        "The id is made and kept by the caller first. Where no answer came, ask again with the same id: "
        "nobody is charged twice, and the record answers. With entry merchant_code the answer is 202 with code, to be "
        "drawn as a QR code for the customer until code_until; look the payment up for its end, or withdraw it. "
        "A card (method card, entry unknown: whether it is swiped, inserted or tapped, nobody tells) is paid at the "
        "provider's own terminal beside the till: the answer is 202, and the bill waits there until code_until; it is "
        "looked up and withdrawn in the same way. No card number is ever taken here.",
    ),
    body=Take,
    answers=DONE,
    run=take,
)

"""``GET /payments/{payment_id}/receipt``: the receipt as the bytes of a receipt printer; ``….svg``: as a picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Final, Literal

import msgspec

from counterfoil import records
from counterfoil.basis import Both
from counterfoil.doors.api.acts import PAYMENT_ID, within_reach
from counterfoil.doors.api.endpoint import Answer, Call, Endpoint, File, Reply
from counterfoil.doors.api.fields import Uuid
from counterfoil.doors.said import said
from counterfoil.payments import PAYMENT_NOT_FOUND

_MEDIA: Final = "application/octet-stream"
_PICTURE: Final = "image/svg+xml; charset=utf-8"


class ReceiptOf(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which receipt, for which paper."""

    leg_id: Annotated[
        Uuid | None, said("The void or refund; left out: the payment", "撤销或退款的编号；不填为收款")
    ] = None
    paper: Annotated[Literal["58", "80"], said("Width of the paper in mm", "纸宽（毫米）")] = "80"


async def receipt(call: Call) -> Reply:
    """Ask ``records.receipt``; a copy that was counted before stays marked."""
    found, paper = await _found(call)
    return Reply(200, File(_MEDIA, f"receipt-{found.order_no.value}.bin", _whole(records.escpos(found, paper))))


async def picture(call: Call) -> Reply:
    """The same as a picture."""
    found, paper = await _found(call)
    return Reply(200, File(_PICTURE, f"receipt-{found.order_no.value}.svg", _whole(records.svg(found, paper))))


async def _found(call: Call) -> tuple[records.Receipt, str]:
    payment, query = await within_reach(call), call.sought(ReceiptOf)
    leg_id = None if query.leg_id is None else query.leg_id.lower()
    found = await records.receipt(call.app.records, payment.merchant_id, payment.id, call.language, leg_id=leg_id)
    return found, query.paper


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


RECEIPT: Final = Endpoint(
    method="GET",
    path="/payments/{payment_id}/receipt",
    name="receipt",
    scope="read",
    title=Both("小票", "Receipt"),
    story=Both(
        "收款、撤销或退款凭证的 ESC/POS 字节，原样发给小票打印机；文字为 GB18030，lang 决定语言。",
        "The receipt of the payment, or of a void or refund, as ESC/POS bytes to be sent to a receipt printer as they "
        "are; text in GB18030, in the language of lang.",
    ),
    ids=PAYMENT_ID,
    query=ReceiptOf,
    answers={200: Answer(Both("打印机字节", "Bytes for the printer"), None, (_MEDIA,))},
    faults=(PAYMENT_NOT_FOUND, records.NO_RECEIPT),
    run=receipt,
)
PICTURE: Final = Endpoint(
    method="GET",
    path="/payments/{payment_id}/receipt.svg",
    name="receipt_picture",
    scope="read",
    title=Both("小票图片", "Receipt as a picture"),
    story=Both(
        "同一张凭证的 SVG 图片，可发给顾客；lang 决定语言。",
        "The same receipt as an SVG picture, to be sent to a customer; in the language of lang.",
    ),
    ids=PAYMENT_ID,
    query=ReceiptOf,
    answers={200: Answer(Both("SVG 图片", "An SVG picture"), None, (_PICTURE,))},
    faults=(PAYMENT_NOT_FOUND, records.NO_RECEIPT),
    run=picture,
)

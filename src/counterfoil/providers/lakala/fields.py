"""Every field this folder sends: how long it may be, and whether it must be there. Held before sending.

The table is the documents' (``String(n)`` and M or C); where they give no length the SDK's flag alone stands, with 0
for no length known. ``digits``: fen, digits only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.basis import Fault
from counterfoil.providers import field_wrong


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name (``a.b`` within an object), its longest text, whether it must be there, whether digits."""

    name: str
    most: int
    must: bool = False
    digits: bool = False


_M: Final = True
_PLACE: Final = (Field("merchant_no", 32, _M), Field("term_no", 32, _M))
_LOCATION: Final = (
    Field("location_info.request_ip", 64, _M),
    Field("location_info.base_station", 128),
    Field("location_info.location", 32),
)
_PAY: Final = (
    Field("out_trade_no", 32, _M),
    Field("total_amount", 12, _M, digits=True),
    Field("busi_mode", 8),
    Field("subject", 42),
    Field("pay_order_no", 64),
    Field("notify_url", 128),
    Field("settle_type", 4),
    Field("remark", 128),
)
_ORIGIN: Final = (
    Field("origin_out_trade_no", 32),
    Field("origin_trade_no", 32),
    Field("origin_log_no", 14),
)
_UNIFIED: Final = (
    Field("merchant_no", 15, _M),
    Field("term_no", 8, _M),
    Field("refund_amount", 12, _M, digits=True),
    *_ORIGIN,
)
_MERCHANT_READ: Final = (Field("merCupNo", 0, _M), Field("orderNo", 0, _M))
_TERMINAL_READ: Final = (*_MERCHANT_READ, Field("termNo", 0, _M))
_MERCHANT_READS: Final = (
    "merchant/queryMerchantDetail",
    "merchant/queryMerAccount",
    "merchant/queryShopListByNum",
    "busi/queryBusiListByNum",
    "limit/queryLimit",
)
_TERMINAL_READS: Final = ("merchant/queryTermAccount", "busi/queryTermTranType", "busi/queryTermFee")

_MICROPAY: Final = (*_PLACE, *_PAY, *_LOCATION, Field("auth_code", 32, _M), Field("scan_type", 1))
_PREORDER: Final = (
    *_PLACE,
    *_PAY,
    *_LOCATION,
    Field("account_type", 32, _M),
    Field("trans_type", 2, _M),
    Field("acc_busi_fields.timeout_express", 2, digits=True),
    Field("acc_busi_fields.sub_appid", 32),
    Field("acc_busi_fields.user_id", 64),
    Field("acc_busi_fields.attach", 128),
    Field("acc_busi_fields.device_info", 32),
)
_CREATE: Final = (
    Field("out_order_no", 32, _M),
    Field("merchant_no", 32, _M),
    Field("vpos_id", 32),
    Field("channel_id", 32),
    Field("total_amount", 12, _M, digits=True),
    Field("order_efficient_time", 14, _M, digits=True),
    Field("notify_url", 128),
    Field("support_cancel", 1, digits=True),
    Field("support_refund", 1, digits=True),
    Field("support_repeat_pay", 1, digits=True),
    Field("out_user_id", 64),
    Field("callback_url", 128),
    Field("order_info", 64, _M),
    Field("term_no", 32),
    Field("counter_param", 1024),
    Field("counter_remark", 128),
    Field("busi_type_param", 256),
    Field("shop_name", 64),
)

FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "/api/v3/labs/trans/micropay": _MICROPAY,
    "/api/v3/labs/trans/micropay_encry": _MICROPAY,
    "/api/v3/labs/trans/preorder": _PREORDER,
    "/api/v3/labs/trans/preorder_encry": _PREORDER,
    "/api/v3/labs/query/tradequery": (
        *_PLACE,
        Field("out_trade_no", 32),
        Field("trade_no", 32),
        Field("trade_req_date", 8, digits=True),
    ),
    "/api/v3/labs/relation/close": (*_PLACE, *_ORIGIN, *_LOCATION),
    "/api/v3/labs/relation/revoked": (*_PLACE, Field("out_trade_no", 32, _M), *_ORIGIN, *_LOCATION),
    "/api/v3/labs/relation/refund": (
        *_PLACE,
        Field("out_trade_no", 32, _M),
        Field("refund_amount", 12, _M, digits=True),
        Field("refund_reason", 32, _M),
        *_ORIGIN,
        *_LOCATION,
    ),
    "/api/v3/labs/relation/idmrefund": (
        *_PLACE,
        Field("out_refund_order_no", 32, _M),
        Field("refund_amount", 12, _M, digits=True),
        Field("refund_reason", 32),
        *_ORIGIN,
        *_LOCATION,
    ),
    "/api/v3/labs/query/idmrefundquery": (*_PLACE, Field("out_refund_order_no", 32, _M)),
    "/api/v3/rfd/refund_front/refund": (
        *_UNIFIED,
        Field("out_trade_no", 32, _M),
        Field("refund_reason", 32),
        Field("refund_acc_mode", 2),
        Field("notify_url", 128),
        Field("refund_amt_sts", 2),
        *_LOCATION,
    ),
    "/api/v3/rfd/refund_front/refund_query": (
        Field("merchant_no", 15, _M),
        Field("term_no", 8, _M),
        Field("out_trade_no", 32),
        Field("trade_no", 32),
    ),
    "/api/v3/rfd/refund_front/refund_fee": _UNIFIED,
    "/api/v3/ccss/counter/order/special_create": _CREATE,
    "/api/v3/ccss/counter/order/special_create_encry": _CREATE,
    "/api/v3/ccss/counter/order/query": (
        Field("merchant_no", 32, _M),
        Field("out_order_no", 32),
        Field("pay_order_no", 64),
        Field("channel_id", 32),
    ),
    "/api/v3/ccss/counter/order/close": (
        Field("merchant_no", 32, _M),
        Field("out_order_no", 32),
        Field("pay_order_no", 64),
        Field("channel_id", 32),
    ),
    **{f"/api/v2/mcqs/{read}": _MERCHANT_READ for read in _MERCHANT_READS},
    **{f"/api/v2/mcqs/{read}": _TERMINAL_READ for read in _TERMINAL_READS},
}


def wrong_field(path: str, data: Mapping[str, Any]) -> Fault | None:
    """The first field of ``data`` that may not be sent to ``path``; None: all of it may.

    Missing is CF-4230, too long CF-4231, of another kind CF-4232, one that this call does not have CF-4233.
    """
    table = {field.name: field for field in FIELDS[path]}
    said = dict(_flat(data))
    for field in table.values():
        if field.must and said.get(field.name) in (None, ""):
            return field_wrong("missing", field.name)
    for name, value in said.items():
        known = table.get(name)
        if known is None:
            return field_wrong("unknown", name)
        if why := _wrong(known, value):
            return field_wrong(why, name, most=str(known.most))
    return None


def _wrong(field: Field, value: Any) -> str | None:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or (field.digits and text and not (text.isascii() and text.isdigit())):
        return "kind"
    return "long" if field.most and len(text) > field.most else None


def _flat(data: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{within}{name}.")
        elif value is not None:
            yield f"{within}{name}", value

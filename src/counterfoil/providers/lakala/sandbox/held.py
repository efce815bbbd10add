"""Holds the fields of a request to the documents' table, as the platform does from its side.

Only what the documents list is held: it must be there, is no longer than they say, and an amount has digits only. Let
be is what clients of others' making are seen to send: further members, ``null``, whole numbers for texts, a refund
without its reason, a place written at length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.providers.lakala.fields import FIELDS, Field
from counterfoil.providers.lakala.sandbox.calls import Wrong

_M: Final = True
# The older twin of the unified refund, which our connector does not call.
LAMS_REFUND: Final = "/api/v3/lams/trade/trade_refund"
LAMS_QUERY: Final = "/api/v3/lams/trade/trade_refund_query"
_LAMS: Final = (
    Field("merchant_no", 32, _M),
    Field("term_no", 32, _M),
    Field("out_trade_no", 32, _M),
    Field("origin_biz_type", 1, _M),
    Field("origin_trade_no", 32),
)
HELD: Final[Mapping[str, tuple[Field, ...]]] = {
    **FIELDS,
    "/api/v3/ccss/counter/order/create": FIELDS["/api/v3/ccss/counter/order/special_create"],
    LAMS_REFUND: (
        *_LAMS,
        Field("refund_amount", 12, _M, digits=True),
        Field("origin_trade_date", 8, _M, digits=True),
        Field("origin_log_no", 14),
        Field("origin_card_no", 32),
    ),
    LAMS_QUERY: (
        *_LAMS,
        Field("origin_trade_date", 8, _M, digits=True),
        Field("origin_trade_ref_no", 12),
        Field("origin_out_trade_no", 32),
    ),
}
# Asked for by one official SDK and not by the other; longer than the documents say in a published client.
_NEED_NOT: Final = frozenset({"refund_reason"})
_AT_LENGTH: Final = frozenset({"location_info.location"})
# The cashier's codes are not public.
_CASHIER: Final = "/api/v3/ccss/"


def hold(path: str, data: Mapping[str, Any]) -> None:
    """Raises Wrong naming the first field that the platform would not take."""
    code = "SBX90107" if path.startswith(_CASHIER) else "BBS11000"
    for field in HELD.get(path, ()):
        if not _fits(field, _value(data, field.name)):
            raise Wrong(f"{code} {field.name} 校验失败")


def _value(data: Mapping[str, Any], name: str) -> Any:
    outer, _, inner = name.partition(".")
    value = data.get(outer)
    if not inner:
        return value
    return value.get(inner) if isinstance(value, Mapping) else None


def _fits(field: Field, value: Any) -> bool:
    if value is None or value == "":
        return not field.must or field.name in _NEED_NOT
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or (field.digits and not (text.isascii() and text.isdigit())):
        return False
    return not field.most or field.name in _AT_LENGTH or len(text) <= field.most

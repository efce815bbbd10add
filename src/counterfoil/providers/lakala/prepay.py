"""What ``preorder`` answers for each ``trans_type``: which members a wallet needs to pay, and none other.

41 a code to draw · 51 within a page of the wallet · 61 an app · 71 a mini-program · 81 a web page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.providers.lakala.wire import Unreadable, word

_WECHAT: Final = ("prepay_id", "pay_sign", "app_id", "time_stamp", "nonce_str", "package", "sign_type")
SHAPES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("ALIPAY", "41"): ("code",),
    ("UQRCODEPAY", "41"): ("code",),
    ("ALIPAY", "51"): ("prepay_id",),
    ("UQRCODEPAY", "51"): ("redirect_url",),
    ("WECHAT", "51"): _WECHAT,
    ("WECHAT", "71"): _WECHAT,
    ("WECHAT", "61"): (*_WECHAT, "partner_id"),
}


def to_pay(data: Mapping[str, Any], account_type: str, trans_type: str) -> dict[str, str]:
    """The members of ``acc_resp_fields`` a wallet needs. Raises Unreadable where one is missing or the way unknown."""
    fields = data.get("acc_resp_fields")
    shape = SHAPES.get((account_type, trans_type))
    if shape is None or not isinstance(fields, Mapping):
        raise Unreadable("no such way to pay")
    found = {name: word(fields, name) for name in shape}
    missing = [name for name, value in found.items() if value is None]
    if missing:
        raise Unreadable(f"{missing[0]} is missing")
    return {name: value for name, value in found.items() if value is not None}

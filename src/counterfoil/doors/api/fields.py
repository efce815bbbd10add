"""The fields that several shapes share, each with its words and its bounds."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from counterfoil.doors.said import said
from counterfoil.payments import AMOUNT_MINOR_MAX, WAIT_SECONDS_MAX

UUID: Final = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_UUID_FORMAT: Final = {"format": "uuid"}
WAIT_SECONDS: Final = 30
WHOLE_MAX: Final = 10**15
# Text of people and other systems: printable, on one line.
_LINE: Final = r"^[^\x00-\x1f\x7f]*$"

Method: TypeAlias = Literal["card", "qr", "nfc", "cash"]
Wallet: TypeAlias = Literal["wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other"]
Entry: TypeAlias = Literal["swipe", "chip", "tap", "keyed", "consumer_code", "merchant_code", "static_code", "unknown"]
Reason: TypeAlias = Literal[
    "WRONG_AMOUNT",
    "OTHER_METHOD",
    "CHARGED_TWICE",
    "CUSTOMER_CHANGED_MIND",
    "OUT_OF_STOCK",
    "QUALITY",
    "PRICE",
    "TEST",
    "OTHER",
]

AskId: TypeAlias = Annotated[
    str,
    said(
        "A UUID made and kept by the caller before it asks. The same id and content again is answered from the record",
        "调用方在请求前生成并保存的 UUID。相同编号、相同内容再次请求，按记录回答，不会重复扣款",
        shown=_UUID_FORMAT,
        pattern=UUID,
    ),
]
Uuid: TypeAlias = Annotated[str, msgspec.Meta(pattern=UUID, extra_json_schema=_UUID_FORMAT)]
# A UUID, or the short number a person signs in with.
Operator: TypeAlias = Annotated[str, msgspec.Meta(pattern=f"{UUID}|^[0-9]{{1,8}}$")]
Number: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Token: TypeAlias = Annotated[str, msgspec.Meta(max_length=1024)]
Position: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=WHOLE_MAX)]
Minor: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=WHOLE_MAX)]
Day: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", extra_json_schema={"format": "date"})
]
Provider: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
TimeText: TypeAlias = Annotated[str, msgspec.Meta(max_length=40, extra_json_schema={"format": "date-time"})]
ShopId: TypeAlias = Annotated[str, said("The shop", "门店", shown=_UUID_FORMAT, pattern=UUID)]
TerminalId: TypeAlias = Annotated[str, said("The terminal", "终端", shown=_UUID_FORMAT, pattern=UUID)]
AmountMinor: TypeAlias = Annotated[
    int,
    said(
        "Amount in minor units of the currency (fen for CNY): 3800 is 38.00",
        "金额，以货币最小单位计（人民币为分）：3800 即 38.00 元",
        shown={"minimum": 1, "maximum": AMOUNT_MINOR_MAX},
    ),
]
Currency: TypeAlias = Annotated[str, said("ISO 4217 code", "ISO 4217 货币代码", pattern="^[A-Z]{3}$")]
ReasonText: TypeAlias = Annotated[
    Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_LINE)] | None,
    said("The reason in words", "原因说明"),
]
Reference: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_LINE)]
WaitSeconds: TypeAlias = Annotated[
    int,
    said(
        "How long to stay on the line for the outcome; the payment goes on without its caller",
        "最多等待结果的秒数；超过后款项处理仍会继续",
        ge=0,
        le=WAIT_SECONDS_MAX,
    ),
]

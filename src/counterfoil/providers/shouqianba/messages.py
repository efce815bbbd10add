"""What Shouqianba's words mean for the money, all of them in one place. A word that is not here is Unknown.

An answer has four: ``result_code`` outside (was the request taken), ``result_code`` inside (how did this call go),
``error_code`` (why not) and ``order_status`` (what the order is now). A yes or a no counts only where the inner word
and the order's fit each other: ``FITS``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counterfoil.providers import DeclineReason


class Call(StrEnum):
    """The call an answer is to."""

    PAY = "pay"
    PRECREATE = "precreate"
    QUERY = "query"
    REFUND = "refund"
    REVOKE = "revoke"
    CANCEL = "cancel"


class Went(StrEnum):
    """How a call went."""

    DONE = "done"
    FAILED = "failed"  # began, and was taken back
    RUNNING = "running"
    UNSURE = "unsure"
    REFUSED = "refused"  # did not begin: ``error_code`` says why


class Stands(StrEnum):
    """What a refusal's ``error_code`` says, where it is not a reason for a no."""

    ALREADY_DONE = "already_done"
    NOT_FOUND = "not_found"
    SAYS_NOTHING = "says_nothing"  # it is about an earlier call with this number
    IF_CANCELED = "if_canceled"  # a no, once the order is PAY_CANCELED


Meaning = DeclineReason | Stands

TAKEN: Final = "200"
# Outside 200: the request was refused before it did anything. Anything else outside is Unknown.
WRONG_SIGNATURE: Final = "ILLEGAL_SIGN"
NOT_TAKEN: Final[dict[tuple[str, str], DeclineReason]] = {
    ("400", "INVALID_PARAMS"): DeclineReason.CONFIGURATION,
    ("400", "INVALID_PARAMETER"): DeclineReason.CONFIGURATION,
    ("400", "INVALID_TERMINAL"): DeclineReason.CONFIGURATION,
    ("400", "TERMINAL_NOT_EXISTS"): DeclineReason.CONFIGURATION,
    ("400", WRONG_SIGNATURE): DeclineReason.CONFIGURATION,
}

_UNDONE: Final = {
    "CANCEL_SUCCESS": Went.DONE,
    "CANCEL_ABORT_SUCCESS": Went.DONE,
    "CANCEL_IN_PROGRESS": Went.RUNNING,
    "CANCEL_ABORT_IN_PROGRESS": Went.RUNNING,
    "CANCEL_ERROR": Went.UNSURE,
    "CANCEL_ABORT_ERROR": Went.UNSURE,
    "FAIL": Went.REFUSED,
}
RESULTS: Final[dict[Call, dict[str, Went]]] = {
    Call.PAY: {
        "PAY_SUCCESS": Went.DONE,
        "PAY_FAIL": Went.FAILED,
        "PAY_IN_PROGRESS": Went.RUNNING,
        "PAY_FAIL_ERROR": Went.UNSURE,
        "PAY_FAIL_IN_PROGRESS": Went.UNSURE,
        "FAIL": Went.REFUSED,
    },
    Call.PRECREATE: {
        "PRECREATE_SUCCESS": Went.DONE,
        "PRECREATE_FAIL": Went.FAILED,
        "PRECREATE_FAIL_ERROR": Went.UNSURE,
        "PRECREATE_FAIL_IN_PROGRESS": Went.UNSURE,
        "FAIL": Went.REFUSED,
    },
    # Diagrams print the two in the middle where tables say SUCCESS; the order decides either way.
    Call.QUERY: {
        "SUCCESS": Went.DONE,
        "REFUND_SUCCESS": Went.DONE,
        "CANCEL_SUCCESS": Went.DONE,
        "FAIL": Went.REFUSED,
    },
    Call.REFUND: {
        "REFUND_SUCCESS": Went.DONE,
        "REFUND_FAIL": Went.FAILED,
        "REFUND_IN_PROGRESS": Went.RUNNING,
        "REFUND_ERROR": Went.UNSURE,
        "REFUND_FAIL_ERROR": Went.UNSURE,
        "FAIL": Went.REFUSED,
    },
    Call.REVOKE: _UNDONE,
    Call.CANCEL: _UNDONE,
}

# order_status. "" stands for an answer without one.
CREATED: Final = "CREATED"
PAID: Final = "PAID"
PAY_CANCELED: Final = "PAY_CANCELED"
CANCELED: Final = "CANCELED"
REFUNDED: Final = "REFUNDED"
PARTIAL_REFUNDED: Final = "PARTIAL_REFUNDED"
RUNNING_ORDERS: Final = frozenset({"REFUND_INPROGRESS", "CANCEL_INPROGRESS"})
UNSURE_ORDERS: Final = frozenset({"PAY_ERROR", "REFUND_ERROR", "CANCEL_ERROR", "INVALID_STATUS_CODE"})
ORDERS: Final = frozenset({CREATED, PAID, PAY_CANCELED, CANCELED, REFUNDED, PARTIAL_REFUNDED}) | (
    RUNNING_ORDERS | UNSURE_ORDERS
)
# The orders with which a yes (DONE) or a no (FAILED, REFUSED) to a call is believed.
FITS: Final[dict[tuple[Call, Went], frozenset[str]]] = {
    (Call.PAY, Went.DONE): frozenset({PAID}),
    (Call.PAY, Went.FAILED): frozenset({PAY_CANCELED}),
    (Call.PAY, Went.REFUSED): frozenset({"", PAY_CANCELED}),
    (Call.PRECREATE, Went.DONE): frozenset({"", CREATED}),
    (Call.PRECREATE, Went.FAILED): frozenset({"", PAY_CANCELED}),
    (Call.PRECREATE, Went.REFUSED): frozenset({"", PAY_CANCELED}),
    (Call.REFUND, Went.DONE): frozenset({REFUNDED, PARTIAL_REFUNDED}),
    (Call.REFUND, Went.FAILED): frozenset({"", PAID, PARTIAL_REFUNDED}),
    (Call.REFUND, Went.REFUSED): ORDERS - RUNNING_ORDERS - UNSURE_ORDERS | {""},
    (Call.REVOKE, Went.DONE): frozenset({CANCELED}),
    (Call.REVOKE, Went.REFUSED): ORDERS - RUNNING_ORDERS - UNSURE_ORDERS | {""},
}
# status: how the latest act on the order went. FAIL_ERROR, FAIL_IO_1 and the like call it failed at Shouqianba while
# the wallet may see it otherwise: they are in neither set. REFUND_SUCCESS is what diagrams print where tables say
# SUCCESS.
DONE_ACTS: Final = frozenset({"SUCCESS", "REFUND_SUCCESS"})
FAILED_ACT: Final = "FAIL_CANCELED"
OPEN_ACTS: Final = frozenset({"CREATED", "IN_PROG"})

CODES: Final[dict[str, Meaning]] = {
    "INVALID_BARCODE": DeclineReason.CODE_EXPIRED,
    "EXPIRED_BARCODE": DeclineReason.CODE_EXPIRED,
    "AUTHCODE_EXPIRE": DeclineReason.CODE_EXPIRED,
    "INSUFFICIENT_FUND": DeclineReason.BALANCE,
    "BUYER_OVER_DAILY_LIMIT": DeclineReason.LIMIT,
    "BUYER_OVER_TRANSACTION_LIMIT": DeclineReason.LIMIT,
    "SELLER_OVER_DAILY_LIMIT": DeclineReason.NOT_PERMITTED,
    "UPAY_STORE_OVER_DAILY_LIMIT": DeclineReason.NOT_PERMITTED,
    "UNEXPECTED_PROVIDER_ERROR": DeclineReason.CONFIGURATION,
    "UPAY_TERMINAL_NOT_EXISTS": DeclineReason.CONFIGURATION,
    "UPAY_TERMINAL_STATUS_ABNORMAL": DeclineReason.CONFIGURATION,
    "SELLER_BALANCE_NOT_ENOUGH": DeclineReason.FUNDS_SHORT,
    "ACCOUNT_BALANCE_NOT_ENOUGH": DeclineReason.FUNDS_SHORT,
    "REFUND_AMT_NOT_EQUAL_TOTAL": DeclineReason.NOT_PERMITTED,
    "REFUNDABLE_AMOUNT_NOT_ENOUGH": DeclineReason.EXCEEDS_REMAINDER,
    "UPAY_REFUND_INVALID_ORDER_STATE": DeclineReason.NOT_PERMITTED,
    "UPAY_CANCEL_INVALID_ORDER_STATE": DeclineReason.NOT_PERMITTED,
    "UPAY_TCP_ORDER_NOT_REFUNDABLE": DeclineReason.NOT_PERMITTED,
    "UPAY_REFUND_ORDER_NOOP": Stands.ALREADY_DONE,
    "UPAY_CANCEL_ORDER_NOOP": Stands.ALREADY_DONE,
    "UPAY_ORDER_NOT_EXISTS": Stands.NOT_FOUND,
    "UPAY_ORDER_NOT_EXIST": Stands.NOT_FOUND,
    "TRADE_NOT_EXIST": Stands.NOT_FOUND,
    "CLIENT_SN_CONFLICT": Stands.SAYS_NOTHING,
    "REFUND_REQUEST_CONFLICT": Stands.SAYS_NOTHING,
    "TRADE_HAS_SUCCESS": Stands.SAYS_NOTHING,
    "TRADE_TIMEOUT": Stands.IF_CANCELED,
    "TRADE_FAILED": Stands.IF_CANCELED,
}
# Each says "done" of one kind of call only.
DONE_BEFORE: Final = {
    Call.REFUND: "UPAY_REFUND_ORDER_NOOP",
    Call.REVOKE: "UPAY_CANCEL_ORDER_NOOP",
    Call.CANCEL: "UPAY_CANCEL_ORDER_NOOP",
}

# payway, an open list; whatever else takes part is "other".
WALLETS: Final = {"1": "alipay", "2": "alipay", "20": "alipay", "3": "wechat", "19": "wechat", "17": "unionpay"}
PAYWAYS: Final = {"alipay": "1", "wechat": "3", "unionpay": "17"}
# type of an entry of payment_list: who bears a discount, and what kind of card it was.
MERCHANT_BEARS: Final = frozenset(
    {"HONGBAO_WOSAI_MCH", "DISCOUNT_WOSAI_MCH", "DISCOUNT_CHANNEL_MCH", "HONGBAO_CHANNEL_MCH"}
)
PLATFORM_BEARS: Final = frozenset(
    {
        "HONGBAO_WOSAI",
        "DISCOUNT_WOSAI",
        "DISCOUNT_CHANNEL",
        "DISCOUNT_CHANNEL_MCH_TOP_UP",
        "HONGBAO_CHANNEL",
        "HONGBAO_CHANNEL_MCH_TOP_UP",
    }
)
CARD_KINDS: Final = {"BANKCARD_CREDIT": "credit", "BANKCARD_DEBIT": "debit"}

"""What Lakala's codes mean for the money.

Only what public material states is listed; a code that is not here is Unknown. ``SANDBOX`` holds the codes our own
sandbox had to invent because Lakala's are not public: they count for sandbox accounts only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from counterfoil.providers import DeclineReason


class Said(StrEnum):
    """What a code says, where it is not a refusal."""

    OK = "ok"
    PENDING = "pending"
    TROUBLE = "trouble"  # it may or may not have happened: ask
    NOT_FOUND = "not_found"
    NOTHING_TO_UNDO = "nothing_to_undo"
    OTHER_CONTENT = "other_content"


Meaning = Said | DeclineReason

# Our signature, or whose it is, was not accepted.
NOT_US: Final = "BBS11200"
LAKALA: Final[dict[str, Meaning]] = {
    "BBS00000": Said.OK,
    "BBS10000": Said.PENDING,
    "BBS11112": Said.PENDING,
    "BBS11105": Said.PENDING,
    "BPS10034": Said.PENDING,
    "RFD11105": Said.PENDING,
    "RFD11112": Said.PENDING,
    "BBS00001": Said.TROUBLE,
    "BBS00100": Said.TROUBLE,
    "BBS00101": Said.TROUBLE,
    "000100": Said.TROUBLE,
    "000101": Said.TROUBLE,
    "BBS11000": DeclineReason.CONFIGURATION,
    "BBS11106": DeclineReason.CONFIGURATION,
    "BBS11184": DeclineReason.CONFIGURATION,
    NOT_US: DeclineReason.CONFIGURATION,
    "BBS16111": DeclineReason.CONFIGURATION,
}

SANDBOX: Final[dict[str, Meaning]] = {
    "SBX90101": DeclineReason.BALANCE,
    "SBX90102": DeclineReason.CODE_EXPIRED,
    "SBX90103": DeclineReason.LIMIT,
    "SBX90104": DeclineReason.CUSTOMER_CANCELLED,
    "SBX90105": DeclineReason.OTHER,
    "SBX90106": DeclineReason.NOT_PERMITTED,
    "SBX90107": DeclineReason.CONFIGURATION,
    "SBX90108": DeclineReason.OTHER,
    "SBX90201": DeclineReason.PAST_CUT,
    "SBX90202": DeclineReason.NOT_PERMITTED,
    "SBX90203": DeclineReason.NOT_PERMITTED,
    "SBX90301": DeclineReason.EXCEEDS_REMAINDER,
    "SBX90302": DeclineReason.FUNDS_SHORT,
    "SBX90404": Said.NOT_FOUND,
    "SBX90405": Said.NOTHING_TO_UNDO,
    "SBX90409": Said.OTHER_CONTENT,
    "SBX90501": DeclineReason.NOT_PERMITTED,
}

# trade_state of a query. SUCCESS and PART_REFUND say that the money came in; REFUND and REVOKED that it went back,
# which is no answer to "was it paid" that a machine should act on.
PAID_STATES: Final = frozenset({"SUCCESS", "PART_REFUND"})
OPEN_STATES: Final = frozenset({"INIT", "CREATE", "DEAL", "PROCESSING", "TIMEOUT"})
# EXCEPTION is the unified refund's, and counts as failed there.
FAILED_STATES: Final = frozenset({"FAIL", "CLOSE", "EXCEPTION"})
# The cashier's order_status, trade_type and trade_status of an order that was paid.
CASHIER_PAID: Final = ("2", "PAY", "S")

WALLETS: Final = {
    "WECHAT": "wechat",
    "ALIPAY": "alipay",
    "UQRCODEPAY": "unionpay",
    "DCPAY": "ecny",
    "BESTPAY": "other",
    "SUNING": "other",
}
CARD_KINDS: Final = {"00": "debit", "01": "credit"}
# acc_type of a card at the cashier (UPCARD).
COUNTER_CARD_KINDS: Final = {"00": "debit", "01": "credit", "02": "quasi", "03": "prepaid"}
COUNTER_CARD: Final = "UPCARD"


# order_status of the cashier: to pay, paying; failed, expired, cancelled, closed.
COUNTER_OPEN: Final = frozenset({"0", "1"})
COUNTER_UNPAID: Final = {
    "3": DeclineReason.OTHER,
    "4": DeclineReason.CLOSED,
    "5": DeclineReason.CUSTOMER_CANCELLED,
    "7": DeclineReason.CLOSED,
}
# What a call outside of labs (unified refund, cashier, V2) answers when it went well.
OK_ELSEWHERE: Final = "000000"


def meaning(code: str, environment: str, elsewhere: Said | None = None) -> Meaning | None:
    """What ``code`` says to an account of this environment; None: not listed, so nothing is known.

    ``elsewhere``: what 000000 means to the caller; labs never says it.
    """
    if code == OK_ELSEWHERE:
        return elsewhere
    if environment == "sandbox" and code in SANDBOX:
        return SANDBOX[code]
    return LAKALA.get(code)

"""What the sandbox can be told to do, and the amounts that tell it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.providers import AT_TERMINAL


class Trick(StrEnum):
    """One way in which a call goes otherwise than well."""

    BALANCE = "balance"
    CODE_EXPIRED = "code_expired"
    LIMIT = "limit"
    PASSWORD = "password"  # noqa: S105 - the customer is asked for one
    PASSWORD_NEVER = "password_never"  # noqa: S105 - as above
    PASSWORD_CANCELLED = "password_cancelled"  # noqa: S105 - as above
    LATE = "late"
    CUT_BEFORE = "cut_before"
    CUT_AFTER = "cut_after"
    WRONG_SIGNATURE = "wrong_signature"
    UNLISTED_CODE = "unlisted_code"
    OTHER_AMOUNT = "other_amount"
    TROUBLE = "trouble"
    FUNDS_SHORT = "funds_short"
    COUPON = "coupon"
    CODE_NEVER = "code_never"
    CODE_REFUSED = "code_refused"
    CODE_PAID_AT_CLOSE = "code_paid_at_close"
    CODE_LATE = "code_late"
    CARD_DECLINED = "card_declined"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True)
class ByAmount:
    """A charge of exactly ``amount_minor`` fen goes as ``trick`` says; the words are for the help page.

    ``entry``: it does so for the customer's payment code, for a code shown to the customer, or for a card.
    """

    amount_minor: int
    trick: Trick
    zh: str
    en: str
    entry: str = "consumer_code"

    @property
    def fault(self) -> str:
        """The code of the fault a till shows by it; "" where it is none, or only after more than one act."""
        return _FAULTS.get(self.trick, "") if self.entry not in {SHOWN, CARD} else ""


SHOWN: Final = "merchant_code"
CARD: Final = AT_TERMINAL
_FAULTS: Final = {
    **dict.fromkeys((Trick.LATE, Trick.CUT_BEFORE, Trick.CUT_AFTER, Trick.WRONG_SIGNATURE), "CF-3117"),
    **dict.fromkeys((Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT, Trick.OTHER_CURRENCY, Trick.TROUBLE), "CF-3117"),
    **dict.fromkeys((Trick.PASSWORD, Trick.PASSWORD_NEVER, Trick.PASSWORD_CANCELLED), "CF-3118"),
    Trick.BALANCE: "CF-4101",
    Trick.CODE_EXPIRED: "CF-4102",
    Trick.FUNDS_SHORT: "CF-3131",
}
# Exact amounts, ¥66.01 to ¥66.16 for a scanned code, ¥66.21 to ¥66.26 for a shown one, ¥66.31 to ¥66.38 for a card, and
# nothing near them: a demonstration that avoids them meets no surprise.
BY_AMOUNT: Final = (
    ByAmount(6601, Trick.BALANCE, "余额不足", "not enough balance"),
    ByAmount(6602, Trick.CODE_EXPIRED, "付款码已失效", "the payment code has expired"),
    ByAmount(6603, Trick.LIMIT, "超过支付限额", "over the customer's limit"),
    ByAmount(6604, Trick.PASSWORD, "顾客输密码，8 秒后付款成功", "asks for the password, paid after 8 s"),
    ByAmount(6605, Trick.PASSWORD_NEVER, "顾客一直没有输密码", "asks for the password, which never comes"),
    ByAmount(
        6606, Trick.PASSWORD_CANCELLED, "顾客输密码时取消（8 秒后）", "asks for the password, cancelled after 8 s"
    ),
    ByAmount(6607, Trick.LATE, "已扣款，应答迟到 12 秒", "taken, answered 12 s late"),
    ByAmount(6608, Trick.CUT_BEFORE, "连接中断，没有扣款", "connection cut, nothing taken"),
    ByAmount(6609, Trick.CUT_AFTER, "已扣款，连接中断", "taken, connection cut"),
    ByAmount(6610, Trick.WRONG_SIGNATURE, "已扣款，应答签名错误", "taken, answer wrongly signed"),
    ByAmount(6611, Trick.UNLISTED_CODE, "已扣款，应答码不认识", "taken, answered with an unknown code"),
    ByAmount(6612, Trick.OTHER_AMOUNT, "已扣款，应答金额不符", "taken, answered with another amount"),
    ByAmount(6613, Trick.TROUBLE, "系统错误，没有扣款", "system error, nothing taken"),
    ByAmount(
        6614,
        Trick.FUNDS_SHORT,
        "收款成功；退款先遇可退余额不足，再收到同样多的钱后、或第三次再试时成功",
        "taken; its refund finds funds short until as much has been taken again, or at the third try",
    ),
    ByAmount(
        6615, Trick.COUPON, "顾客用券：商家优惠 0.50，平台优惠 1.00", "taken with coupons: shop 0.50, wallet 1.00"
    ),
    ByAmount(6616, Trick.OTHER_CURRENCY, "已扣款，应答币种不符", "taken, answered with another currency"),
    ByAmount(6621, Trick.CODE_NEVER, "一直没有人扫，到时自动关单", "nobody scans; closed after its end", SHOWN),
    ByAmount(6622, Trick.CODE_PAID_AT_CLOSE, "正要关单时顾客付了款", "paid in the moment it is being closed", SHOWN),
    ByAmount(6623, Trick.CODE_LATE, "回答已关单，款项还是付了", "answered as closed, and paid all the same", SHOWN),
    ByAmount(6624, Trick.CODE_REFUSED, "不能出示收款码", "no code is made", SHOWN),
    ByAmount(6625, Trick.CUT_AFTER, "收款码已生成，连接中断", "code made, connection cut", SHOWN),
    ByAmount(6626, Trick.CUT_BEFORE, "连接中断，没有生成收款码", "connection cut, no code made", SHOWN),
    ByAmount(6631, Trick.CARD_DECLINED, "发卡行拒绝", "the card is declined by its bank", CARD),
    ByAmount(6632, Trick.CODE_NEVER, "一直没有人刷卡，到时失效", "no card comes; the bill expires", CARD),
    ByAmount(6633, Trick.CODE_PAID_AT_CLOSE, "正要关单时刷了卡", "the card comes as the bill is being closed", CARD),
    ByAmount(6634, Trick.CODE_LATE, "回答已关单，卡还是刷了", "answered as closed, the card taken all the same", CARD),
    ByAmount(6635, Trick.CODE_REFUSED, "没有开通收银台", "no bill is made", CARD),
    ByAmount(
        6636, Trick.CUT_AFTER, "单已到终端，连接中断；没有人刷卡", "bill made, connection cut, no card comes", CARD
    ),
    ByAmount(6637, Trick.CUT_BEFORE, "连接中断，终端上没有这张单", "connection cut, no bill at the terminal", CARD),
    ByAmount(6638, Trick.OTHER_AMOUNT, "应答金额不符；没有人刷卡", "answered with another amount; no card comes", CARD),
)


def trick_of(amount_minor: int, entry: str = "consumer_code") -> Trick | None:
    """The trick an amount asks for, of a scanned code or of a shown one."""
    return next((row.trick for row in BY_AMOUNT if (row.amount_minor, row.entry) == (amount_minor, entry)), None)

"""What the sandbox can be told to do, and the amounts that tell it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    UNLISTED_CODE = "unlisted_code"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    TROUBLE = "trouble"
    FUNDS_SHORT = "funds_short"
    COUPON = "coupon"
    PAY_ERROR = "pay_error"
    CODE_NEVER = "code_never"
    CODE_PAID_AT_CANCEL = "code_paid_at_cancel"
    CODE_LATE = "code_late"
    CODE_REFUSED = "code_refused"


@dataclass(frozen=True, slots=True)
class ByAmount:
    """A charge of exactly ``amount_minor`` fen goes as ``trick`` says; the words are for the help page."""

    amount_minor: int
    trick: Trick
    zh: str
    en: str
    entry: str = "consumer_code"


SHOWN: Final = "merchant_code"
# The same amounts as in the other sandboxes, as far as they mean the same there.
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
    ByAmount(6611, Trick.UNLISTED_CODE, "已扣款，应答码不认识", "taken, answered with an unknown code"),
    ByAmount(6612, Trick.OTHER_AMOUNT, "已扣款，应答金额不符", "taken, answered with another amount"),
    ByAmount(6613, Trick.TROUBLE, "系统错误，没有扣款", "system error, nothing taken"),
    ByAmount(
        6614,
        Trick.FUNDS_SHORT,
        "收款成功；退款时余额不足，第三次再试时成功",
        "taken; its refund finds funds short, until the third try",
    ),
    ByAmount(
        6615, Trick.COUPON, "顾客用券：商家优惠 0.50，平台优惠 1.00", "taken with coupons: shop 0.50, wallet 1.00"
    ),
    ByAmount(6616, Trick.PAY_ERROR, "支付失败，是否退回不明", "failed, and not certain that it was taken back"),
    ByAmount(6621, Trick.CODE_NEVER, "一直没有人扫，到时自动撤单", "nobody scans; cancelled after its end", SHOWN),
    ByAmount(
        6622, Trick.CODE_PAID_AT_CANCEL, "正要撤单时顾客付了款", "paid in the moment it is being cancelled", SHOWN
    ),
    ByAmount(6623, Trick.CODE_LATE, "回答已撤单，款项还是付了", "answered as cancelled, and paid all the same", SHOWN),
    ByAmount(6624, Trick.CODE_REFUSED, "不能出示收款码", "no code is made", SHOWN),
    ByAmount(6625, Trick.CUT_AFTER, "收款码已生成，连接中断", "code made, connection cut", SHOWN),
    ByAmount(6626, Trick.CUT_BEFORE, "连接中断，没有生成收款码", "connection cut, no code made", SHOWN),
)


def trick_of(amount: object, entry: str) -> Trick | None:
    """The trick an amount, as the request says it, asks for; of a scanned code or of a shown one."""
    return next((row.trick for row in BY_AMOUNT if (str(row.amount_minor), row.entry) == (amount, entry)), None)

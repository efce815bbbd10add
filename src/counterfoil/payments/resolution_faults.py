"""The faults of resolving by the provider's statement what no answer resolved, CF-3170 to CF-3175."""

from __future__ import annotations

from typing import Final

from counterfoil.basis import Words, refused

_NOTHING_ZH: Final = "没有记录；这笔仍待人工处理，款项没有变化"
_NOTHING_EN: Final = "Nothing was recorded; the payment still waits for a person, and no money has moved"

STATEMENT_INCOMPLETE: Final = refused(
    "CF-3170",
    422,
    zh=Words(
        "对账单的内容不完整",
        _NOTHING_ZH,
        "请填写对账单上的编号（最多 {number_most} 个字）、日期、金额和这一行的原文（最多 {line_most} 个字）",
    ),
    en=Words(
        "The statement's line is incomplete",
        _NOTHING_EN,
        "Enter its number (at most {number_most} characters), date, amount and text (at most {line_most} characters) "
        "as the statement has them",
    ),
)
STATEMENT_AMOUNT: Final = refused(
    "CF-3171",
    422,
    zh=Words(
        "对账单上的金额和这笔的 {amount} 不同",
        _NOTHING_ZH,
        "请核对是不是看错了行；如果对账单确实是另一个金额，请先问支付机构，不要在这里了结",
    ),
    en=Words(
        "The statement's amount is not the {amount} of this payment",
        _NOTHING_EN,
        "Make sure it is the right line; where the statement really says another amount, ask the provider first and do "
        "not settle it here",
    ),
)
STATEMENT_USED: Final = refused(
    "CF-3172",
    409,
    zh=Words(
        "对账单的这个编号已经算在另一笔上",
        _NOTHING_ZH,
        "一行对账单只能了结一笔；请找到这一笔自己的那一行，找不到就问支付机构",
    ),
    en=Words(
        "That number of the statement already stands for something else",
        _NOTHING_EN,
        "One line settles one thing; find the line of this very payment, and ask the provider if there is none",
    ),
)
STATEMENT_DAY: Final = refused(
    "CF-3173",
    422,
    zh=Words(
        "对账单的日期不对",
        _NOTHING_ZH,
        "日期应在 {first} 和 {last} 之间；请照对账单这一行填写",
    ),
    en=Words(
        "The statement's date cannot be right",
        _NOTHING_EN,
        "It lies between {first} and {last}; enter it as the statement's line has it",
    ),
)
FINDING_WRONG: Final = refused(
    "CF-3174",
    422,
    zh=Words(
        "这一笔不能这样了结",
        _NOTHING_ZH,
        "请在页面列出的几种结果里选一种；支付机构已说收到的款，不能记成「没有收到」",
    ),
    en=Words(
        "It cannot be settled that way",
        _NOTHING_EN,
        "Choose one of the findings the page offers; what the provider said was paid cannot be recorded as never "
        "having come",
    ),
)
NOT_BY_STATEMENT: Final = refused(
    "CF-3175",
    409,
    zh=Words(
        "按支付机构的对账单，这一笔没有办成",
        "{amount} 没有退给顾客，仍可以退",
        "需要退的话请重新退款；原文和经手人见这笔记录",
    ),
    en=Words(
        "By the provider's statement this was not carried out",
        "{amount} did not go back to the customer and can still be given back",
        "Refund again if it is still wanted; the record shows the statement's line and who found it",
    ),
)

RESOLUTION_FAULTS: Final = (
    STATEMENT_INCOMPLETE,
    STATEMENT_AMOUNT,
    STATEMENT_USED,
    STATEMENT_DAY,
    FINDING_WRONG,
    NOT_BY_STATEMENT,
)

"""What can be wrong with a question about records. Codes CF-32xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

RANGE_REVERSED: Final = refused(
    "CF-3201",
    422,
    zh=Words("「从」在「到」之后，或下限大于上限", "款项没有变化", "请把时间或金额的先后改过来"),
    en=Words("The range ends before it begins", "No money has moved", "Swap the two ends of the time or the amount"),
)
PAGE_TOKEN_WRONG: Final = refused(
    "CF-3202",
    422,
    zh=Words("翻页标记不属于这次查询", "款项没有变化", "请从第一页重新查，查询条件改了就要重新翻页"),
    en=Words(
        "That page token belongs to another search",
        "No money has moved",
        "Start again from the first page; a changed search begins anew",
    ),
)
FILTER_UNKNOWN: Final = refused(
    "CF-3203",
    422,
    zh=Words("没有这样的查询条件", "款项没有变化", "请从列出的条件里选"),
    en=Words("There is no such filter value", "No money has moved", "Choose one of the listed values"),
)
NO_RECEIPT: Final = refused(
    "CF-3204",
    409,
    zh=Words("这笔没有收款小票", "没有收到款的交易不出收款凭证", "请看这笔的结果；收到后再打印小票"),
    en=Words(
        "This payment has no receipt",
        "Without money received there is no proof of payment",
        "Look at its result; print the receipt once it is paid",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (RANGE_REVERSED, PAGE_TOKEN_WRONG, FILTER_UNKNOWN, NO_RECEIPT)

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

SAVED_NAME: Final = refused(
    "CF-3205",
    422,
    zh=Words("这个名称不能用", "款项没有变化", "请用 1 到 40 个字给筛选命名"),
    en=Words("That name cannot be used", "No money has moved", "Name the filter with 1 to 40 characters"),
)
SAVED_MANY: Final = refused(
    "CF-3206",
    409,
    zh=Words("已经保存了 {most} 个筛选", "款项没有变化", "请先删掉一个不用的，再保存"),
    en=Words("{most} filters are saved already", "No money has moved", "Delete one that is not used, then save again"),
)
SAVED_GONE: Final = refused(
    "CF-3207",
    404,
    zh=Words("没有这个保存的筛选", "款项没有变化", "请回到交易记录刷新再看，可能已在别处删除"),
    en=Words("There is no such saved filter", "No money has moved", "Reload the records; it may be deleted"),
)
EXPORT_GONE: Final = refused(
    "CF-3208",
    404,
    zh=Words("没有这份导出文件", "款项没有变化", "文件只保留 24 小时，重启后也会清除；请重新导出"),
    en=Words(
        "There is no such file",
        "No money has moved",
        "Files are kept for 24 hours and go with a restart; export again",
    ),
)
EXPORTS_MANY: Final = refused(
    "CF-3209",
    429,
    zh=Words("导出的文件太多", "款项没有变化", "请先等一份完成，或删掉一份不用的"),
    en=Words("There are too many exports", "No money has moved", "Wait until one is ready, or delete one"),
)
RANGE_TOO_LONG: Final = refused(
    "CF-3210",
    422,
    zh=Words("选的营业日超过 {most} 天", "款项没有变化", "请分段查，每次不超过两年"),
    en=Words(
        "The range is longer than {most} business days",
        "No money has moved",
        "Ask for a shorter range, two years at most at a time",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    RANGE_REVERSED,
    PAGE_TOKEN_WRONG,
    FILTER_UNKNOWN,
    NO_RECEIPT,
    SAVED_NAME,
    SAVED_MANY,
    SAVED_GONE,
    EXPORT_GONE,
    EXPORTS_MANY,
    RANGE_TOO_LONG,
)

"""What pages for people refuse before an act is asked. Codes CF-18xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

NOT_AN_AMOUNT: Final = refused(
    "CF-1801",
    422,
    zh=Words("金额看不懂", "没有扣款", "请输入数字，例如 38 或 38.50，最多两位小数"),
    en=Words("That is not an amount", "Nothing was taken", "Enter figures such as 38 or 38.50, at most two decimals"),
)
FORM_STALE: Final = refused(
    "CF-1802",
    403,
    zh=Words("这一页已过期", "没有任何款项变动", "请回到上一页刷新，再提交一次"),
    en=Words("This page is out of date", "No money has moved", "Go back, reload the page and submit it once more"),
)
FOREIGN_FORM: Final = refused(
    "CF-1803",
    403,
    zh=Words("请求不是从本系统的页面发出的", "没有任何款项变动", "请在收银台或后台的页面上操作；反复出现请告诉管理员"),
    en=Words(
        "The request did not come from our own pages",
        "No money has moved",
        "Use the pages of the till or the office; if this comes back, tell the administrator",
    ),
)
NO_SUCH_PAGE: Final = refused(
    "CF-1804",
    404,
    zh=Words("没有这个页面", "没有任何款项变动", "请从主菜单或首页进入"),
    en=Words("There is no such page", "No money has moved", "Start from the menu or the home page"),
)
NO_SUCH_PAYMENT: Final = refused(
    "CF-1805",
    404,
    zh=Words("没有这笔收款", "没有任何款项变动", "请到「查单」用单号或金额再查"),
    en=Words("There is no such payment", "No money has moved", "Search again by number or amount under Find a payment"),
)
DATES_WRONG: Final = refused(
    "CF-1806",
    422,
    zh=Words("日期不对", "没有任何款项变动", "请用 2026-11-22 这样的日期，开始不晚于结束"),
    en=Words(
        "The dates are not right", "No money has moved", "Use dates such as 2026-11-22, the first not after the last"
    ),
)
NO_SUCH_ENTRY: Final = refused(
    "CF-1809",
    404,
    zh=Words("存证里没有这一条", "没有任何款项变动", "请输入从 0 开始、小于总条数的数字"),
    en=Words(
        "The log has no such entry",
        "No money has moved",
        "Enter a number from 0 and below the number of entries",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    NOT_AN_AMOUNT,
    FORM_STALE,
    FOREIGN_FORM,
    NO_SUCH_PAGE,
    NO_SUCH_PAYMENT,
    DATES_WRONG,
    NO_SUCH_ENTRY,
)

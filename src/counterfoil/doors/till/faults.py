"""What the till refuses before an act is asked. Codes CF-18xx."""

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
    zh=Words("请求不是从本收银台发出的", "没有任何款项变动", "请在收银台页面上操作；反复出现请告诉管理员"),
    en=Words(
        "The request did not come from this till",
        "No money has moved",
        "Use the till's own pages; if this comes back, tell the administrator",
    ),
)
NO_SUCH_PAGE: Final = refused(
    "CF-1804",
    404,
    zh=Words("没有这个页面", "没有任何款项变动", "请回主菜单，从那里进入"),
    en=Words("There is no such page", "No money has moved", "Go back to the menu and start from there"),
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
PASSWORDS_DIFFER: Final = refused(
    "CF-1808",
    422,
    zh=Words("两次输入的新密码不一样", "没有任何款项变动", "密码还没有改，请把新密码重新输入两次"),
    en=Words(
        "The two new passwords differ",
        "No money has moved",
        "The password is unchanged; enter the new one twice again",
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (
    NOT_AN_AMOUNT,
    FORM_STALE,
    FOREIGN_FORM,
    NO_SUCH_PAGE,
    NO_SUCH_PAYMENT,
    DATES_WRONG,
    PASSWORDS_DIFFER,
)

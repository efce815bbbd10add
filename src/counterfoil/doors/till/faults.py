"""What the till alone refuses before an act is asked. What all pages refuse stands in ``screen``. Codes CF-18xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

NO_RECEIPT: Final = refused(
    "CF-1807",
    409,
    zh=Words("这笔没有收款小票", "没有收到款的交易不出收款凭证", "请看这笔的结果；收到后再打印小票"),
    en=Words(
        "This payment has no receipt",
        "Without money received there is no proof of payment",
        "Look at its result; print the receipt once it is paid",
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

FAULTS: Final[tuple[FaultKind, ...]] = (NO_RECEIPT, PASSWORDS_DIFFER)

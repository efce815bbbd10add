"""What the till alone refuses before an act is asked. What all pages refuse stands in ``screen``. Codes CF-18xx."""

from typing import Final

from counterfoil.basis import FaultKind, Words, refused

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

FAULTS: Final[tuple[FaultKind, ...]] = (PASSWORDS_DIFFER,)

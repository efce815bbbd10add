"""Nobody writes a card number into a text that is kept: it would be readable there (PCI DSS 3.4, 3.5).

What reads as one: 13 to 19 digits, with spaces or hyphens between or none, that begin as a bank's do and end in the
right check digit (ISO/IEC 7812-1).
"""

from __future__ import annotations

import unicodedata
from typing import Final

from counterfoil.basis import Words, card_numbers, checks, refused

CARD_NUMBER: Final = refused(
    "CF-2190",
    422,
    zh=Words("这里不能写银行卡号", "没有任何款项变动", "请删去卡号再提交；需要指明某笔交易时，写订单号或凭证号"),
    en=Words(
        "A card number cannot be written here",
        "No money has moved",
        "Take the number out and send it again; to name a payment, write its order or voucher number",
    ),
)
_BEGINS: Final = frozenset("3456")


def without_card(text: str, field: str) -> None:
    """Go on only if nothing in ``text`` reads as a card number. Raises Refused CF-2190."""
    if any(card_numbers(unicodedata.normalize("NFKC", text), _reads)):
        raise CARD_NUMBER(field=field)


def _reads(digits: str) -> bool:
    return digits[0] in _BEGINS and checks(digits)

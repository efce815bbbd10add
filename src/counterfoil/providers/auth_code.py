"""Whose payment code (付款码) was scanned, told by its first digits and its length.

The prefixes are the wallets' own conventions, the same at every acquirer, which list them with their
``auth_code``. What fits none of them is not a payment code: a receiving code is a URL, a member code has other digits.
"""

from __future__ import annotations

import re
from typing import Final

_WALLETS: Final = (
    ("wechat", re.compile(r"1[0-5][0-9]{16}", re.ASCII)),
    ("alipay", re.compile(r"(?:2[5-9]|30)[0-9]{14,22}", re.ASCII)),
    ("unionpay", re.compile(r"62[0-9]{16,17}", re.ASCII)),
    ("ecny", re.compile(r"01[0-9]{16,17}", re.ASCII)),
    ("other", re.compile(r"(?:51|83)[0-9]{16}", re.ASCII)),
)


def wallet_of(auth_code: str) -> str | None:
    """The wallet whose payment code this is (wechat, alipay, unionpay, ecny, other), or None: no payment code."""
    return next((wallet for wallet, shape in _WALLETS if shape.fullmatch(auth_code)), None)

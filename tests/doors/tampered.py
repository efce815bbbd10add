"""Ways to change a page's token, so that it is no longer the one that was given out."""

from __future__ import annotations

import base64
from collections.abc import Callable

TAMPERED: dict[str, Callable[[str], str]] = {
    "cut": lambda token: token[:-2],
    "longer": lambda token: token + "AA",
    "one letter at the front": lambda token: _other(token[0]) + token[1:],
    "one letter in the middle": lambda token: token[:9] + _other(token[9]) + token[10:],
    "one letter at the end": lambda token: token[:-1] + _other(token[-1]),
    "padded": lambda token: token + "=",
    "rubbish in base64": lambda token: base64.urlsafe_b64encode(b"{}" * len(token)).decode()[: len(token)],
    "rubbish": lambda _token: "%%% no token",
    "10 kB": lambda token: (token * 1000)[:10_000],
}


def _other(letter: str) -> str:
    return "B" if letter == "A" else "A"

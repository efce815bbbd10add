"""A kind of fault in words, where none has happened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import FaultKind, Language

_FILLED_IN: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Explained:
    """A fault in words; what is filled in when it happens stands as an ellipsis."""

    code: str
    what: str
    money: str
    do: str


def explained(kind: FaultKind, language: Language) -> Explained:
    """The words of a kind of fault."""
    words = kind.zh if language == "zh-CN" else kind.en
    what, money, do = (_FILLED_IN.sub("…", text) for text in (words.what, words.money, words.do))
    return Explained(kind.code, what, money, do)

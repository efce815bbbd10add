"""Six words that stand for a key, for two people to compare. The lists are BIP-39's; see ``words.md``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from counterfoil.basis import Language, insist

WORDS: Final = 6
_BITS: Final = 11
_FILES: Final[dict[Language, str]] = {"zh-CN": "words_zh.txt", "en": "words_en.txt"}


@dataclass(frozen=True, slots=True)
class SixWords:
    """The same six numbers in either language, so that two screens may speak different ones."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


def six_words(key_sha256: str, nonce: str) -> SixWords:
    """66 bits of the SHA-256 over the key's digest and the window's nonce (both hex)."""
    made = hashlib.sha256(bytes.fromhex(key_sha256) + bytes.fromhex(nonce)).digest()
    bits = int.from_bytes(made) >> (len(made) * 8 - WORDS * _BITS)
    numbers = [bits >> (_BITS * (WORDS - 1 - at)) & (1 << _BITS) - 1 for at in range(WORDS)]
    return SixWords(*(tuple(_list(language)[number] for number in numbers) for language in _FILES))


@cache
def _list(language: Language) -> tuple[str, ...]:
    text = files("counterfoil.people.enrolment").joinpath(_FILES[language]).read_text("utf-8")
    words = tuple(text.split())
    insist(len(set(words)) == 1 << _BITS, "a list has 2048 different words")
    return words

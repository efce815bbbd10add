"""Reading a page's texts: no name of a text instead of the text, and nothing of the other language."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from counterfoil.locale import names

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]+")
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_NAME: Final = re.compile(r"\b[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\b")
# What reads the same in every language: numbers of ours and of providers, roots of trees, formats, names of things.
_DATA: Final = re.compile(
    r"(?:CF|BQ)-\d{4}|\bT\d\d\b|[A-Za-z0-9+/]{40,}=?|#\d+ [A-Za-z0-9+/]{8,}|\b[0-9a-f]{8}-[0-9a-f-]{27}\b"
    r"|\b[0-9a-f]{16,}\b"
    r"|\b(?:Counterfoil|CSV|XLSX|PNG|PDF|JSON|API|ESC/POS|UTC|GMT|Enter|Esc|Tab|Ctrl|Asia/Shanghai|zh-CN|en|CNY|SDK|QR|SHA-256)\b"
)
# How the walk calls a role and a key that it makes, and an address of somebody.
A_ROLE: Final = "夜班 Night"
A_KEY: Final = "Order app"
AN_ADDRESS: Final = "2026@example.com"
# Both languages name themselves in their own letters.
OWN_NAMES: Final = ("中文", "简体中文", "English", "存根", "Ed25519", A_ROLE, A_KEY, AN_ADDRESS)


def names_in(store: Path) -> tuple[str, ...]:
    """The words people gave to things in the demonstration: shops, terminals, persons; the longest first."""
    asked = (
        *("SELECT name FROM merchant", "SELECT name FROM shop", "SELECT label FROM terminal"),
        *("SELECT name FROM person", "SELECT merchant_no FROM provider_account"),
        *("SELECT name FROM provider_account", "SELECT email FROM login", "SELECT label FROM api_key"),
    )
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as reading:
        found = {text for each in asked for (text,) in reading.execute(each) if text}
    reading.close()
    return tuple(sorted(found, key=len, reverse=True))


def unknown_names(texts: Iterable[str]) -> list[str]:
    """Names of texts that stand where the text should."""
    known = names("en")
    return [each for text in texts for each in _NAME.findall(text) if each in known]


def of_the_other_language(texts: Iterable[str], language: str, data: Iterable[str]) -> list[str]:
    """Chinese on an English page, or a text without any Chinese on a Chinese one."""
    return [f"{text[:80]!r}" for text in texts if _is_other(without(text, (*data, *OWN_NAMES)), language)]


def _is_other(text: str, language: str) -> bool:
    if language == "en":
        return _CHINESE.search(text) is not None
    return LETTERS.search(text) is not None and _CHINESE.search(text) is None


def without(text: str, data: Iterable[str]) -> str:
    """``text`` without what reads the same in every language."""
    for each in data:
        text = text.replace(each, " ")
    return _DATA.sub(" ", text)

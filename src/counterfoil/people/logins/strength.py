"""Whether an office password withstands guessing: neither leaked, nor made of little more than what leaked.

The list of leaked passwords ships with us, as the first bytes of their digests (see ``tools/write_leaked.py``). A
password is taken apart into what somebody tries first: leaked passwords, what is known of the person, and runs such as
``1234`` or ``qwert``. One that needs no more than two such words, or has hardly any characters, is refused.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from counterfoil.basis import Secret
from counterfoil.people.faults_of_rights import PASSWORD_WEAK
from counterfoil.people.shapes import new_password

_BYTES: Final = 5
_WORDS_MAX: Final = 2
_DIFFERENT_MIN: Final = 5
_WORD: Final = range(3, 41)
_LOOKS_LIKE: Final = str.maketrans("@4301!5$7", "aaeolisst")
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv")
_OURS: Final = ("counterfoil", "cungen", "password", "mima")


def office_password(password: Secret[str], *about: str) -> Secret[str]:
    """A password fit for the office. ``about``: what others know of the person, such as their name and address.

    Raises Refused CF-2005 (length), CF-2042 (too easy).
    """
    made = new_password(password)
    if _easy(made.reveal(), about):
        raise PASSWORD_WEAK(field="password")
    return made


def _easy(password: str, about: Sequence[str]) -> bool:
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < _DIFFERENT_MIN:
        return True
    told = [text.casefold() for text in (*about, *_OURS)]
    known = {word for text in told for word in (text, *re.split(r"\W+", text)) if len(word) in _WORD}
    return any(_words_in(text, known) <= _WORDS_MAX for text in {plain, plain.translate(_LOOKS_LIKE)})


def _words_in(text: str, known: set[str]) -> int:
    """Of how many words or single characters the text is made at least; a run counts nothing."""
    fewest = [0, *[len(text)] * len(text)]
    for end in range(1, len(text) + 1):
        fewest[end] = fewest[end - 1] + 1
        for start in range(max(0, end - _WORD[-1]), end - _WORD[0] + 1):
            piece = text[start:end]
            if fewest[start] < fewest[end] and _is_run(piece):
                fewest[end] = fewest[start]
            elif fewest[start] + 1 < fewest[end] and (piece in known or is_leaked(piece)):
                fewest[end] = fewest[start] + 1
    return fewest[-1]


def _is_run(piece: str) -> bool:
    """The same character again and again, or neighbours of the alphabet, the digits or a keyboard, either way."""
    return len(set(piece)) == 1 or any(piece in row or piece[::-1] in row for row in _ROWS)


def is_leaked(word: str) -> bool:
    """Whether it is on the list as it stands."""
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()[:_BYTES] in _list()


@cache
def _list() -> frozenset[bytes]:
    packed = files("counterfoil.people.logins").joinpath("leaked.bin").read_bytes()
    return frozenset(packed[at : at + _BYTES] for at in range(0, len(packed), _BYTES))

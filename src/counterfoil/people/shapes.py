"""The shapes of what people type and machines send: numbers, passwords, texts, tokens, keys."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import Entropy, Secret
from counterfoil.people.faults import NUMBER_SHAPE, PASSWORD_LENGTH, TEXT_SHAPE

PASSWORD_CHARACTERS: Final = range(12, 129)
TEXT_CHARACTERS_MAX: Final = 64
SALT_BYTES: Final = 16
_SECRET_BYTES: Final = 32
_NUMBER: Final = re.compile(r"[0-9]{1,8}", re.ASCII)
_TERMINAL_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{1,12}", re.ASCII)
_TOKEN: Final = re.compile(r"([1-9][0-9]{0,8})\.[A-Za-z0-9_-]{43}", re.ASCII)
_KEY: Final = re.compile(r"cf_([1-9][0-9]{0,8})_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """A token or key of the right shape: whose it says it is, and the digest it is looked up by."""

    merchant_id: int
    sha256: str


def operator_number(typed: str) -> str:
    """1 to 8 digits, narrowed from full-width ones. Raises Refused CF-2007 otherwise."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not _NUMBER.fullmatch(plain):
        raise NUMBER_SHAPE(field="number")
    return plain


def terminal_number(typed: str) -> str:
    """1 to 12 letters, digits or hyphens. Raises Refused CF-2007 otherwise."""
    if not _TERMINAL_NUMBER.fullmatch(typed):
        raise NUMBER_SHAPE(field="number")
    return typed


def normal(password: Secret[str]) -> Secret[str]:
    """The password in NFC, the same from every keyboard; what is no text (a lone surrogate) is replaced."""
    text = unicodedata.normalize("NFC", password.reveal())
    return Secret(text.encode("utf-8", "replace").decode())


def new_password(password: Secret[str]) -> Secret[str]:
    """A password fit to be set: 12 to 128 characters in NFC. Raises Refused CF-2005 otherwise."""
    made = normal(password)
    if len(made.reveal()) not in PASSWORD_CHARACTERS:
        raise PASSWORD_LENGTH(field="password")
    return made


def text(typed: str, field: str) -> str:
    """A name or label: 1 to 64 printable characters. Raises Refused CF-2014 otherwise."""
    plain = unicodedata.normalize("NFC", typed).strip()
    if not 0 < len(plain) <= TEXT_CHARACTERS_MAX or not plain.isprintable():
        raise TEXT_SHAPE(field=field)
    return plain


def new_token(entropy: Entropy, merchant_id: int) -> Secret[str]:
    """A session token: the merchant, a dot, 256 random bits."""
    return Secret(f"{merchant_id}.{_random(entropy)}")


def new_key(entropy: Entropy, merchant_id: int) -> Secret[str]:
    """An API key: ``cf_``, the merchant, 256 random bits."""
    return Secret(f"cf_{merchant_id}_{_random(entropy)}")


def new_csrf(entropy: Entropy) -> str:
    """256 random bits for the session's forms."""
    return _random(entropy)


def shown_token(token: str) -> Shown | None:
    """What a session token says; None where it has not the shape of one."""
    return _shown(_TOKEN, token)


def shown_key(key: str) -> Shown | None:
    """What an API key says; None where it has not the shape of one."""
    return _shown(_KEY, key)


def digest(secret: Secret[str]) -> str:
    """The SHA-256, in hex, under which a token or key is kept."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


def _shown(shape: re.Pattern[str], value: str) -> Shown | None:
    found = shape.fullmatch(value)
    return Shown(int(found[1]), digest(Secret(value))) if found else None


def _random(entropy: Entropy) -> str:
    return base64.urlsafe_b64encode(entropy.bytes(_SECRET_BYTES)).rstrip(b"=").decode()

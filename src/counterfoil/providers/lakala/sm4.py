"""The ``_encry`` forms: SM4, ECB, PKCS#7; the body is the base64 of the whole JSON's ciphertext.

ECB is Lakala's choice. What keeps a body from being changed is the signature over these bytes, not this.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.padding import PKCS7

_KEY_BYTES: Final = 16
_BLOCK_BITS: Final = 128


class NotEncrypted(ValueError):  # noqa: N818 - says what is wrong
    """A body that is not what this key encrypts."""


class Sm4:
    """One key, given as base64 of 16 bytes. Raises ValueError for another."""

    def __init__(self, key: str) -> None:
        try:
            raw = base64.b64decode(key.strip(), validate=True)
        except binascii.Error as error:
            raise ValueError("not base64") from error
        if len(raw) != _KEY_BYTES:
            raise ValueError("an SM4 key has 16 bytes")
        self._cipher = Cipher(SM4(raw), ECB())  # noqa: S305 - the protocol's

    def encrypt(self, plain: bytes) -> bytes:
        """The base64 text of a body."""
        padder, writer = PKCS7(_BLOCK_BITS).padder(), self._cipher.encryptor()
        return base64.b64encode(writer.update(padder.update(plain) + padder.finalize()) + writer.finalize())

    def decrypt(self, text: bytes) -> bytes:
        """The body of a base64 text. Raises NotEncrypted."""
        try:
            raw = base64.b64decode(text.strip(), validate=True)
            reader, unpadder = self._cipher.decryptor(), PKCS7(_BLOCK_BITS).unpadder()
            return unpadder.update(reader.update(raw) + reader.finalize()) + unpadder.finalize()
        except (ValueError, binascii.Error) as error:
            raise NotEncrypted("not encrypted with this key") from error

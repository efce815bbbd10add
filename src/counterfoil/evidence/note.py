"""The signed note of C2SP (signed-note v1.0.0) with Ed25519 keys: a text, an empty line, signature lines.

The text is what ``openssl pkeyutl -verify -rawin`` checks; a signature line is ``— <name> <base64(key id‖signature)>``.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
_LINE: Final = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")


class NotANote(ValueError):  # noqa: N818 - reads as the statement it is
    """Bytes that are no signed note, or none that the key has signed."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and the 32 bytes of the Ed25519 public key that speaks under it."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public_key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as C2SP tools take it: ``name+<key id in hex>+<base64(0x01‖public key)>``."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public_key).decode()}"

    def open(self, note: bytes) -> str:
        """The text of a note that this key signed; other keys' lines are passed over. Raises NotANote."""
        text, lines = _split(note)
        signed = [raw[4:] for name, raw in lines if name == self.name and raw[:4] == self.key_id]
        if not signed:
            raise NotANote(f"not signed by {self.name}")
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signed[0], text.encode())
        except InvalidSignature as error:
            raise NotANote(f"the signature of {self.name} does not fit") from error
        return text


def sign(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    """The note of ``text``, which ends with a line feed, signed under ``name``."""
    key_id = Verifier(name, key.public_key().public_bytes_raw()).key_id
    signature = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {signature}\n".encode()


def text_of(note: bytes) -> str:
    """The text of a note without asking who signed it. Raises NotANote where the form is wrong."""
    return _split(note)[0]


def _split(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise NotANote("not UTF-8") from error
    text, gap, block = whole.rpartition("\n\n")
    if not gap or not block.endswith("\n"):
        raise NotANote("no signature block")
    return text + "\n", [_line(line) for line in block[:-1].split("\n")]


def _line(line: str) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line)
    if not found:
        raise NotANote("a signature line is malformed")
    try:
        raw = base64.b64decode(found[2], validate=True)
    except binascii.Error as error:
        raise NotANote("a signature is no base64") from error
    if base64.b64encode(raw).decode() != found[2]:
        raise NotANote("a signature is no canonical base64")
    return found[1], raw

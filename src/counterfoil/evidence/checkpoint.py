"""A checkpoint: origin, size and root of a log in exactly three lines (C2SP tlog-checkpoint), signed as a note."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from counterfoil.evidence.note import NotANote, Verifier, sign, text_of
from counterfoil.evidence.tree import HASH_BYTES

_TEXT: Final = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([^\n]+)\n")


def origin_of(installation: str, merchant_id: int) -> str:
    """The name of a merchant's log, which never changes: ``<installation uuid>.counterfoil/<merchant_id>``."""
    return f"{installation}.counterfoil/{merchant_id}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: Ed25519PrivateKey) -> bytes:
        """The note, signed under the origin."""
        return sign(self.text(), self.origin, key)


def read_checkpoint(note: bytes) -> Checkpoint:
    """What a note says, whoever signed it. Raises NotANote where it is no checkpoint."""
    return _parse(text_of(note))


def open_checkpoint(note: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint of a note that the log's own key signed under the log's own name. Raises NotANote."""
    checkpoint = _parse(verifier.open(note))
    if checkpoint.origin != verifier.name:
        raise NotANote(f"a checkpoint of {checkpoint.origin}, not of {verifier.name}")
    return checkpoint


def _parse(text: str) -> Checkpoint:
    found = _TEXT.fullmatch(text)
    if not found:
        raise NotANote("a checkpoint has three lines: origin, size, root")
    try:
        root = base64.b64decode(found[3], validate=True)
    except binascii.Error as error:
        raise NotANote("the root is no base64") from error
    checkpoint = Checkpoint(found[1], int(found[2]), root)
    if len(root) != HASH_BYTES or checkpoint.text() != text:
        raise NotANote("the root is no SHA-256 hash")
    return checkpoint

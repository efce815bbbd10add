"""Signatures: HMAC-SHA256 of a message's exact bytes, in hex, in the header ``signature``."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

HEADER: Final = "signature"


class NotSigned(ValueError):  # noqa: N818 - says what is wrong
    """No signature, or one that does not hold."""


def sign(key: str, body: bytes) -> str:
    """The signature of ``body``."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def verify(key: str, headers: Mapping[str, str], body: bytes) -> None:
    """Check a message's signature on its raw bytes; ``headers`` by lower-case name. Raises NotSigned."""
    if not hmac.compare_digest(headers.get(HEADER, "").encode(), sign(key, body).encode()):
        raise NotSigned("the signature does not hold")

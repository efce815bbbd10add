"""A deed: exactly what will happen, in bytes that can be hashed, shown, confirmed and checked years later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from counterfoil.basis import JSON, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A dangerous act as one request: what is done (``act``), for which merchant, asked ``by`` which person.

    ``what`` names all that decides what happens: ids, amounts, values before and after; a secret only by its digest.
    Whoever confirms it, the requester or a second person, confirms these same bytes.
    """

    act: str
    merchant_id: int
    by: str
    what: Mapping[str, JSON]

    def canonical(self) -> bytes:
        """RFC 8785 bytes. Raises NotCanonical for what has no such form."""
        return encode(self.content())

    def content(self) -> dict[str, JSON]:
        """The object those bytes say."""
        return {"v": 1, "act": self.act, "merchant": self.merchant_id, "by": self.by, "what": dict(self.what)}

    def sha256(self) -> str:
        """The digest, in hex, that stands in facts."""
        return hashlib.sha256(self.canonical()).hexdigest()

"""Facts: what may become a leaf of the log.

Each kind is declared once, in its area's ``facts.py``, with a tag and the fields it may carry. Tags stand in
``registry.txt``, which only grows: a tag is never used again for something else, a field never taken away.

A leaf is one canonical JSON object (trust format v1):

    {"v":1,"type":"txn.captured","ts":"2026-11-22T08:00:00.123456Z","actor":"<person id>|system",
     "subject":"<id>", …the kind's fields…, "rows":[["payment",["<id>"],"<hex SHA-256>"], …]}

No name, phone, card or wallet data and no free text: ids, amounts, states, and salted commitments.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import JSON, insist, rfc3339
from counterfoil.store import Drawn, Fact

SYSTEM: Final = "system"
SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class FactKind:
    """A tag and the fields a leaf of this kind may carry beside the common ones."""

    tag: str
    fields: frozenset[str]

    def fact(self, *, at: int, actor: str = SYSTEM, subject: str | None = None, **body: JSON | Drawn) -> Fact:
        """Make a fact. ``at`` is UTC microseconds; ``actor`` a person's id; a body value of None is left out."""
        said = {name: value for name, value in body.items() if value is not None}
        if not said.keys() <= self.fields:
            insist(condition=False, why=f"{self.tag} does not carry {sorted(said.keys() - self.fields)}")
        common: dict[str, JSON | Drawn] = {"v": 1, "type": self.tag, "ts": rfc3339(at), "actor": actor}
        if subject is not None:
            common["subject"] = subject
        return Fact(self.tag, subject, common | said)


def fact_kind(tag: str, *fields: str) -> FactKind:
    """Declare a kind; ``registry.txt`` must hold the same line."""
    return FactKind(tag, frozenset(fields))


def commitment(name: str, value: str, salt: str) -> str:
    """The salted digest that stands for an erasable value (the construction of RFC 9901 disclosures).

    ``b64url(SHA-256(ascii(b64url(utf8(JSON([salt, name, value]))))))``, unpadded; ``salt`` is 128 random bits, b64url.
    """
    disclosure = json.dumps([salt, name, value], ensure_ascii=False, separators=(",", ":")).encode()
    return b64url(hashlib.sha256(b64url(disclosure).encode()).digest())


def committed(name: str, value: str | None, salt: bytes) -> dict[str, str | None]:
    """The columns of an erasable ``name``: value, salt (16 bytes) and commitment; all None where there is no value."""
    if not value:
        return {name: None, f"{name}_salt": None, f"{name}_commitment": None}
    insist(len(salt) == SALT_BYTES, "a salt has 128 bits")
    text = b64url(salt)
    return {name: value, f"{name}_salt": text, f"{name}_commitment": commitment(name, value, text)}


def b64url(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

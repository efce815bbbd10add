"""A device that holds passkeys, in a few lines: what a phone or a security key does when a page asks.

It makes keys for one site, counts, and says whether it verified its person. Each of these can be made wrong, so that
tests see what is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import encode_cbor

from counterfoil.basis import SystemEntropy

_PRESENT: Final = 0x01
_VERIFIED: Final = 0x04
_WITH_KEY: Final = 0x40


@dataclass
class Authenticator:
    """``origin`` is what its browser says it is at; ``count`` goes up with each answer."""

    origin: str
    count: int = 0
    verifies: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: SystemEntropy().bytes(32))
    handle: bytes = b""

    def create(self, options: str) -> str:
        """The JSON of ``navigator.credentials.create()`` for these options."""
        asked = json.loads(options)
        self.handle = unb64(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + encode_cbor(cose)
        data = self._data(asked["rp"]["id"], _WITH_KEY) + attested
        client = self._client("webauthn.create", asked["challenge"])
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"attestationObject": b64(made), "clientDataJSON": b64(client)})

    def get(self, options: str) -> str:
        """The JSON of ``navigator.credentials.get()`` for these options."""
        asked = json.loads(options)
        self.count += 1
        data = self._data(asked["rpId"], 0)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": b64(data), "clientDataJSON": b64(client), "signature": b64(signature)}
        return self._answer({**said, "userHandle": b64(self.handle)})

    def _data(self, rp_id: str, more: int) -> bytes:
        flags = _PRESENT | (_VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = b64(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def b64(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

"""The public key of a device as it is handed in, and whether a signature is its own."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from counterfoil.people.enrol_faults import KEY_UNREADABLE

ED25519: Final = "Ed25519"
P256: Final = "ECDSA-P256"
ALGORITHMS: Final = (ED25519, P256)
_SIGNATURE_BYTES: Final = 64
_TEXT_MAX: Final = 128


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """``public`` is the raw key in base64url: 32 bytes of Ed25519, or an uncompressed point of P-256."""

    algorithm: str
    public: str

    @property
    def sha256(self) -> str:
        """The digest, in hex, of the raw key."""
        return hashlib.sha256(unpacked(self.public)).hexdigest()

    def signed(self, message: bytes, signature: str) -> bool:
        """Whether ``signature`` (base64url of 64 bytes, as WebCrypto gives it) is this key's over ``message``."""
        try:
            given = unpacked(signature)
            if len(given) != _SIGNATURE_BYTES:
                return False
            key = _load(self)
            if isinstance(key, Ed25519PublicKey):
                key.verify(given, message)
            else:
                r, s = int.from_bytes(given[:32]), int.from_bytes(given[32:])
                key.verify(encode_dss_signature(r, s), message, ECDSA(SHA256()))
        except (ValueError, InvalidSignature):
            return False
        return True


def device_key(algorithm: str, public: str) -> DeviceKey:
    """The key that a device handed in. Raises Refused CF-2129 for what is none."""
    made = DeviceKey(algorithm, public)
    try:
        if algorithm not in ALGORITHMS or len(public) > _TEXT_MAX:
            raise KEY_UNREADABLE()
        _load(made)
    except ValueError:
        raise KEY_UNREADABLE() from None
    return made


def unpacked(text: str) -> bytes:
    """The bytes of base64url without padding. Raises ValueError."""
    if len(text) > _TEXT_MAX or not text.isascii():
        raise ValueError("not base64url")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _load(key: DeviceKey) -> Ed25519PublicKey | EllipticCurvePublicKey:
    raw = unpacked(key.public)
    if key.algorithm == ED25519:
        return Ed25519PublicKey.from_public_bytes(raw)
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)

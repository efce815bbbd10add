"""A device as a browser is one: a key of its own, and a counter."""

from __future__ import annotations

import base64
import hashlib
from itertools import count

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from counterfoil.people import ED25519, P256, Signed, device_key


def packed(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Device:
    def __init__(self, algorithm=ED25519):
        self.algorithm = algorithm
        self.counters = count(1)
        if algorithm == ED25519:
            self.private = Ed25519PrivateKey.generate()
            raw = self.private.public_key().public_bytes_raw()
        else:
            assert algorithm == P256
            self.private = generate_private_key(SECP256R1())
            raw = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.key = device_key(algorithm, packed(raw))

    def sign(self, place, at="1", **more):
        return self.sign_for(place.merchant_id, place.at(at), **more)

    def sign_for(self, merchant_id, terminal_id, body=b"amount=1.00", path="/till/take", counter=None):
        counter = next(self.counters) if counter is None else counter
        signed = Signed("POST", path, hashlib.sha256(body).hexdigest(), counter, "")
        message = signed.message(merchant_id, terminal_id)
        if self.algorithm == ED25519:
            raw = self.private.sign(message)
        else:
            r, s = decode_dss_signature(self.private.sign(message, ECDSA(SHA256())))
            raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return Signed("POST", path, signed.body_sha256, counter, packed(raw))

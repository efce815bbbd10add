"""Signatures of the Upay Web API: MD5 over exact bytes out, RSA over exact bytes in (notices only).

A request's ``Authorization`` is the signer's number, a blank, and the hex MD5 of the body followed by the key. There
is no time and no nonce in it: what protects a request is TLS. Answers carry no signature. A notice carries the
terminal's number and an RSA signature (SHA-256, PKCS#1 v1.5) of its raw body; whether in base64 or hex is not settled
in public material.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from counterfoil.basis import Secret

_MARK: Final = re.compile(r"-----[A-Z ]+-----")
_HEX: Final = re.compile(r"[0-9A-Fa-f]+", re.ASCII)


class NotSigned(ValueError):  # noqa: N818 - says what is wrong
    """No signature, one that cannot be read, or one that does not hold."""


def sign(body: bytes, key: Secret[str]) -> str:
    """Lower-case hex MD5 of the body and then the key, with nothing between them."""
    return hashlib.md5(body + key.reveal().encode(), usedforsecurity=False).hexdigest()


def authorization(signer: str, body: bytes, key: Secret[str]) -> str:
    """The Authorization header of a request by ``signer``, the vendor's or the terminal's number."""
    return f"{signer} {sign(body, key)}"


def verify_notice(header: str, body: bytes, key: RSAPublicKey) -> None:
    """Check the signature of a notice's raw body: the last word of the header, in base64 or hex. Raises NotSigned."""
    word = header.rsplit(" ", maxsplit=1)[-1]
    if not any(_holds(key, signature, body) for signature in _readings(word)):
        raise NotSigned("the signature does not hold")


def read_public_key(text: str) -> RSAPublicKey:
    """An RSA public key: PEM, even pasted into one line, or its base64 alone as the portal gives it.

    Raises ValueError.
    """
    key = load_der_public_key(base64.b64decode("".join(_MARK.sub("", text).split()), validate=True))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")  # noqa: TRY004 - the text is at fault, not a type of ours
    return key


def _readings(word: str) -> list[bytes]:
    readings = []
    with contextlib.suppress(binascii.Error, ValueError):
        readings.append(base64.b64decode(word, validate=True))
    if _HEX.fullmatch(word) and len(word) % 2 == 0:
        readings.append(bytes.fromhex(word))
    return readings


def _holds(key: RSAPublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True

"""Signatures of Lakala's open platform: LKLAPI-SHA256withRSA over exact bytes.

Requests and answers sign five lines (appid, serial, timestamp, nonce, body), notices three (timestamp, nonce, body);
each line ends with LF, the last one too. RSA, SHA-256, PKCS#1 v1.5, standard base64. Source: the official Java SDK
1.0.6, held by the vectors in ``tests/vectors/lakala``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SCHEME: Final = "LKLAPI-SHA256withRSA"
# One pair, either quote; clients differ in order, quotes and nonce length.
_PAIR: Final = re.compile(r"\s*([a-z_]{1,16})=(?:\"([^\"]{0,2048})\"|'([^']{0,2048})')\s*", re.ASCII)
_SERIAL: Final = re.compile(r"[0-9a-fA-F]{1,64}", re.ASCII)


class NotSigned(ValueError):  # noqa: N818 - says what is wrong
    """No signature, one that cannot be read, or one that does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The members of an Authorization header. A notice carries neither ``appid`` nor ``serial_no``."""

    timestamp: str
    nonce_str: str
    signature: str
    appid: str | None = None
    serial_no: str | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: an appid, the serial of its certificate exactly as issued, and the private key."""

    appid: str
    serial_no: str
    key: RSAPrivateKey

    def sign(self, timestamp: str, nonce: str, body: bytes) -> str:
        """The base64 signature of the five lines."""
        return _sign(self.key, _lines(self.appid, self.serial_no, timestamp, nonce, body=body))

    def authorization(self, timestamp: str, nonce: str, body: bytes) -> str:
        """The Authorization header of a request."""
        return (
            f'{SCHEME} appid="{self.appid}",serial_no="{self.serial_no}",timestamp="{timestamp}",'
            f'nonce_str="{nonce}",signature="{self.sign(timestamp, nonce, body)}"'
        )

    def answer_headers(self, timestamp: str, nonce: str, body: bytes, traceid: str) -> dict[str, str]:
        """The six headers of an answer, as the platform sends them; ``appid`` is the merchant's."""
        return {
            "Lklapi-Appid": self.appid,
            "Lklapi-Serial": self.serial_no,
            "Lklapi-Timestamp": timestamp,
            "Lklapi-Nonce": nonce,
            "Lklapi-Signature": self.sign(timestamp, nonce, body),
            "Lklapi-Traceid": traceid,
        }


def parse_authorization(header: str) -> Signed:
    """Read an Authorization header: any order, either quote, spaces tolerated. Raises NotSigned."""
    if not header.startswith(SCHEME):
        raise NotSigned("another scheme")
    found: dict[str, str] = {}
    rest = header[len(SCHEME) :]
    while rest:
        pair = _PAIR.match(rest)
        if not pair or pair[1] in found:
            raise NotSigned('not a list of name="value", or a name stands twice')
        found[pair[1]] = pair[2] if pair[2] is not None else pair[3]
        rest = rest[pair.end() :]
        if rest:
            if rest[0] != ",":
                raise NotSigned("pairs are separated by commas")
            rest = rest[1:] or " "
    if not {"timestamp", "nonce_str", "signature"} <= found.keys():
        raise NotSigned("timestamp, nonce_str or signature is missing")
    return Signed(**{name: found[name] for name in Signed.__slots__ if name in found})


def verify_request(signed: Signed, body: bytes, key: RSAPublicKey) -> None:
    """Check a request's five lines. Raises NotSigned."""
    if signed.appid is None or signed.serial_no is None:
        raise NotSigned("appid or serial_no is missing")
    lines = _lines(signed.appid, signed.serial_no, signed.timestamp, signed.nonce_str, body=body)
    _verify(key, signed.signature, lines)


def verify_answer(
    headers: Mapping[str, str], body: bytes, certificates: Mapping[int, RSAPublicKey], appid: str
) -> None:
    """Check an answer's five lines on its raw bytes. ``headers`` by lower-case name. Raises NotSigned.

    ``certificates`` holds the platform's keys by certificate serial; the answer names one in hex, no leading zeros.
    """
    try:
        said = [headers[f"lklapi-{name}"] for name in ("appid", "serial", "timestamp", "nonce")]
        signature = headers["lklapi-signature"]
    except KeyError as error:
        raise NotSigned(f"{error} is missing") from error
    if said[0] != appid:
        raise NotSigned("signed for another appid")
    key = certificates.get(serial_number(said[1]))
    if key is None:
        raise NotSigned(f"no platform certificate {said[1][:64]}")
    _verify(key, signature, _lines(*said, body=body))


def verify_notice(header: str, body: bytes, keys: Mapping[int, RSAPublicKey]) -> None:
    """Check a notice's three lines against any of the platform's keys. Raises NotSigned."""
    signed = parse_authorization(header)
    lines = _lines(signed.timestamp, signed.nonce_str, body=body)
    for key in keys.values():
        try:
            _verify(key, signed.signature, lines)
        except NotSigned:
            continue
        return
    raise NotSigned("the signature does not hold")


def serial_number(text: str) -> int:
    """A certificate serial written in hex, with or without leading zeros. Raises NotSigned."""
    if not _SERIAL.fullmatch(text):
        raise NotSigned("not a serial")
    return int(text, 16)


def private_key(pem: bytes) -> RSAPrivateKey:
    """An RSA key from PEM without a password. Raises ValueError."""
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise ValueError("the key is encrypted") from error
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")  # noqa: TRY004 - the text is at fault, not a type of ours
    return key


def certificates(pem: bytes) -> dict[int, RSAPublicKey]:
    """The keys of the certificates in PEM, by serial. Raises ValueError where one is not RSA or none is there."""
    found = {}
    for certificate in x509.load_pem_x509_certificates(pem):
        key = certificate.public_key()
        if not isinstance(key, RSAPublicKey):
            raise ValueError("not an RSA certificate")  # noqa: TRY004 - as above
        found[certificate.serial_number] = key
    return found


def read_private_key(path: Path) -> RSAPrivateKey:
    """An RSA key from a PEM file without a password. Raises ValueError or OSError."""
    return private_key(path.read_bytes())


def read_certificate(path: Path) -> tuple[int, RSAPublicKey]:
    """Serial and key of the first certificate in a PEM file. Raises ValueError or OSError."""
    return next(iter(certificates(path.read_bytes()).items()))


def _lines(*fields: str, body: bytes) -> bytes:
    return b"".join(field.encode() + b"\n" for field in fields) + body + b"\n"


def _sign(key: RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def _verify(key: RSAPublicKey, signature: str, message: bytes) -> None:
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise NotSigned("the signature does not hold") from error

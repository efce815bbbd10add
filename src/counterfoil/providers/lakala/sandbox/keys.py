"""Throw-away keys for a sandbox: a merchant's and the platform's, each with a self-signed certificate."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from counterfoil.basis import Clock, Entropy
from counterfoil.providers.lakala.signing import read_certificate

_YEARS: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class SandboxKeys:
    """Where the files stand, and the merchant serial as a merchant would write it in the settings."""

    folder: Path

    @property
    def merchant_key(self) -> Path:
        """The merchant's private key; ``private_key`` in the settings."""
        return self.folder / "merchant_key.pem"

    @property
    def merchant_cert(self) -> Path:
        """The merchant's certificate, registered at the sandbox."""
        return self.folder / "merchant_cert.pem"

    @property
    def platform_key(self) -> Path:
        """The platform's private key, the sandbox's own."""
        return self.folder / "platform_key.pem"

    @property
    def platform_cert(self) -> Path:
        """The platform's certificate; ``platform_certs`` in the settings."""
        return self.folder / "platform_cert.pem"

    @property
    def sm4_key(self) -> Path:
        """The merchant's SM4 key, base64 of 16 bytes; ``sm4_key`` in the settings of a client that encrypts."""
        return self.folder / "sm4_key.txt"

    @property
    def merchants(self) -> Path:
        """A folder for more merchants: the certificates of clients with own keys, named as ``Callers`` says."""
        return self.folder / "merchants"

    @property
    def serial_no(self) -> str:
        """The merchant certificate's serial, hex, with the leading ``00`` that Lakala's have."""
        return f"00{read_certificate(self.merchant_cert)[0]:x}"


def new_private_key(_name: str) -> rsa.RSAPrivateKey:
    """An RSA key of 2,048 bits, as Lakala has them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def make_sandbox_keys(
    folder: Path, *, clock: Clock, entropy: Entropy, new_key: Callable[[str], rsa.RSAPrivateKey] = new_private_key
) -> SandboxKeys:
    """Make the files in ``folder`` (0700, files 0600) where they are not there yet; a second call keeps them.

    ``new_key`` is asked for a key by the name that its certificate will bear.
    """
    keys = SandboxKeys(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, key_path, certificate_path in (
        ("sandbox merchant", keys.merchant_key, keys.merchant_cert),
        ("sandbox platform", keys.platform_key, keys.platform_cert),
    ):
        if not (key_path.exists() and certificate_path.exists()):
            key = new_key(name)
            _write(key_path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            _write(certificate_path, _certificate(key, name, clock, entropy))
    if not keys.sm4_key.exists():
        # Out of the platform's own secret: nobody else knows it, and no chance is spent on it.
        _write(keys.sm4_key, base64.b64encode(hashlib.sha256(keys.platform_key.read_bytes()).digest()[:16]) + b"\n")
    return keys


def _certificate(key: rsa.RSAPrivateKey, name: str, clock: Clock, entropy: Entropy) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    starts = datetime.fromtimestamp(clock.now() // 1_000_000, UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(subject, subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(entropy.bytes(8), "big") | 1 << 63)
        .not_valid_before(starts)
        .not_valid_after(starts + _YEARS)
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)

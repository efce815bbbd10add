"""Settings made up from a manifest: what an account could say in each field, before there is a sandbox to say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from counterfoil.basis import MICROS
from counterfoil.providers import PEM, Manifest, Setting
from counterfoil.testing.conduct.canned import NOON

# Nothing listens there, and nothing of the first half is sent.
NOWHERE: Final = "http://127.0.0.1:9"
_SERIAL: Final = 0x1745381C327


def example_settings(manifest: Manifest, url: str = NOWHERE) -> dict[str, str]:
    """A value for each required setting, of its type; every address is ``url``."""
    return {setting.key: _example(setting, url) for setting in manifest.settings if setting.required}


def _example(setting: Setting, url: str) -> str:
    if setting.type in PEM:
        return _pair()[setting.type == "pem_certs"]
    # A line is letters and digits that also read as a hex number, which serials are.
    made = {"url": url, "number": str(setting.low), "address": "127.0.0.1", "line": "00a1b2c3d4"}
    return made[setting.type] if setting.type in made else setting.choices[0]


@cache
def _pair() -> tuple[str, str]:
    """A private key and a certificate of it as PEM; one for a process, as looking for primes takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example")])
    starts = datetime.fromtimestamp(NOON // MICROS, UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject)
        .public_key(key.public_key())
        .serial_number(_SERIAL)
        .not_valid_before(starts)
        .not_valid_after(starts + timedelta(days=3650))
        .sign(key, SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode(), certificate.public_bytes(Encoding.PEM).decode()

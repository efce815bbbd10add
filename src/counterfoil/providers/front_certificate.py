"""Throw-away certificates for a sandbox that answers over TLS: an authority to be trusted, and a server's of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from counterfoil.basis import MICROS, Clock, Entropy

_HERE: Final = ("localhost", "127.0.0.1")
_DAYS: Final = timedelta(days=3650)
# Browsers and phones refuse a server's certificate of more than 825 days.
_SERVER_DAYS: Final = timedelta(days=800)


@dataclass(frozen=True, slots=True)
class FrontCertificate:
    """``authority``: the file a client must trust; ``server``: key and certificate of who answers."""

    authority: Path
    server: Path


def make_front_certificate(
    folder: Path, names: Sequence[str] = (), *, clock: Clock, entropy: Entropy
) -> FrontCertificate:
    """The authority is made once and kept, the server's certificate anew, for this machine and for ``names``."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = FrontCertificate(folder / "tls_ca.pem", folder / "tls_server.pem")
    now = datetime.fromtimestamp(clock.now() // MICROS, UTC)
    key_path = folder / "tls_ca_key.pem"
    if not (key_path.exists() and made.authority.exists()):
        key = ec.generate_private_key(ec.SECP256R1())
        _write(key_path, _pem(key))
        _write(made.authority, _authority(key, now, entropy).public_bytes(Encoding.PEM))
    issuer_key = load_pem_private_key(key_path.read_bytes(), password=None)
    issuer = x509.load_pem_x509_certificate(made.authority.read_bytes())
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{key_path} is not the key this program made")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(key, issuer_key, issuer, [*_HERE, *names], now, entropy)
    _write(made.server, _pem(key) + certificate.public_bytes(Encoding.PEM))
    return made


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime, entropy: Entropy) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Counterfoil sandbox authority")])
    usage = _usage(sign_certificates=True)
    return (
        _begun(name, name, key.public_key(), now, entropy, _DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate,
    names: Sequence[str],
    now: datetime,
    entropy: Entropy,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Counterfoil sandbox")])
    return (
        _begun(name, issuer.subject, key.public_key(), now, entropy, _SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(issuer_key, SHA256())
    )


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    entropy: Entropy,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    starts = now - timedelta(days=1)
    serial = int.from_bytes(entropy.bytes(16), "big") >> 1 | 1
    return (
        x509.CertificateBuilder(issuer, subject, key)
        .serial_number(serial)
        .not_valid_before(starts)
        .not_valid_after(starts + lasts)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)

"""A certificate authority of one's own, and server certificates that it signs (X.509, RFC 5280; EC P-256, SHA-256).

Rules
- The authority signs for servers only and no other authority (path length 0); it lasts ten years.
- A server certificate lasts 397 days, the longest that browsers take from anybody.
- Keys are for their owner only (0600), and no file is ever half written.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from counterfoil.basis import CERTIFICATE_UNUSABLE, MICROS, write_whole
from counterfoil.doors.faults import CERTIFICATE_NAME

NAMES_MAX: Final = 20
_AUTHORITY_DAYS: Final = 3652
_SERVER_DAYS: Final = 397
# Clocks of tills are never quite right.
_EARLIER: Final = timedelta(hours=1)
_LABEL: Final = re.compile(r"(\*|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The files, the authority's fingerprint in pairs of hex digits, and the server certificate's last day."""

    authority: Path
    authority_key: Path
    authority_made: bool
    certificate: Path
    key: Path
    sha256: str
    until: str


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_certificates(folder: Path, names: Sequence[str], now: int) -> Made:
    """A server certificate for ``names`` in ``folder``, signed by the authority there; one is made where none is.

    ``now`` in UTC microseconds. Raises Refused CF-1044 for a name that is none, CF-7007 for an authority whose files
    do not belong together; OSError as the file system has it.
    """
    known = _names(names)
    moment = datetime.fromtimestamp(now // MICROS, UTC)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = [folder / name for name in ("authority.pem", "authority.key", "server.pem", "server.key")]
    fresh = not files[0].exists()
    authority = _new_authority(moment) if fresh else _kept_authority(files[0], files[1])
    if fresh:
        write_whole(files[1], _key_bytes(authority.key), 0o600)
        write_whole(files[0], _bytes(authority.certificate), 0o644)
    key = ec.generate_private_key(ec.SECP256R1())
    signed = _server(authority, key, known, moment)
    # The key first: a server that looks in between finds a pair that does not fit and keeps the one it has.
    write_whole(files[3], _key_bytes(key), 0o600)
    write_whole(files[2], _bytes(signed) + _bytes(authority.certificate), 0o644)
    return Made(
        authority=files[0],
        authority_key=files[1],
        authority_made=fresh,
        certificate=files[2],
        key=files[3],
        sha256=authority.certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        until=f"{signed.not_valid_after_utc:%Y-%m-%d}",
    )


def _names(names: Sequence[str]) -> list[x509.GeneralName]:
    if len(names) > NAMES_MAX:
        raise CERTIFICATE_NAME(name=names[NAMES_MAX], most=NAMES_MAX)
    return [_name(name.strip()) for name in names]


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        # Chinese and other names as DNS has them.
        host = text.lower().encode("idna").decode() if not text.isascii() else text.lower()
    except UnicodeError as error:
        raise CERTIFICATE_NAME(name=text[:64], most=NAMES_MAX) from error
    labels = host.split(".")
    whole = len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)  # noqa: PLR2004 - RFC 1035, 2.3.4
    # A name of digits alone is a mistyped address.
    if not whole or "*" in labels[1:] or labels == ["*"] or labels[-1].isdigit():
        raise CERTIFICATE_NAME(name=text[:64], most=NAMES_MAX)
    return x509.DNSName(host)


def _new_authority(now: datetime) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _called(f"Counterfoil {now:%Y-%m-%d}")
    usage = _usage(sign_certificates=True)
    extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    certificate = (
        _dated(subject, subject, key.public_key(), now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(extended, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _Authority(certificate, key)


def _kept_authority(certificate: Path, key: Path) -> _Authority:
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
        opened = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise CERTIFICATE_UNUSABLE(path=certificate, why=str(error)) from error
    if not isinstance(opened, ec.EllipticCurvePrivateKey) or opened.public_key() != read.public_key():
        raise CERTIFICATE_UNUSABLE(path=key, why="no pair")
    return _Authority(read, opened)


def _server(
    authority: _Authority, key: ec.EllipticCurvePrivateKey, names: list[x509.GeneralName], now: datetime
) -> x509.Certificate:
    issuer = authority.certificate
    first = names[0].value
    return (
        _dated(_called(str(first)[:64]), issuer.subject, key.public_key(), now, _SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )


def _dated(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now - _EARLIER + timedelta(days=days))
    )


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _bytes(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

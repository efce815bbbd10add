"""What is looked at before settings are kept: the shape of numbers, and whether keys and certificates fit.

Whether a certificate is valid today and whether the provider accepts all of it is the connection check's part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from counterfoil.basis import Both
from counterfoil.providers.held_faults import (
    KEY_LOCKED,
    KEY_NOT_OF_CERTIFICATE,
    KEY_TYPE,
    PEM_BROKEN,
    PEM_OTHER_KIND,
    SERIAL_NOT_OF_CERTIFICATE,
    SHAPE_WRONG,
)
from counterfoil.providers.manifest import PEM, Manifest, Setting

RSA_BITS_MIN: Final = 2048
_LABEL: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]{1,40})-----", re.ASCII)
_KINDS: Final = {
    "private": Both("私钥", "a private key"),
    "certificate": Both("证书", "certificates"),
    "public": Both("公钥", "a public key"),
    "request": Both("证书申请文件", "a request for a certificate"),
    "other": Both("别的内容", "something else"),
}
_WANTED: Final = {"pem_key": "private", "pem_certs": "certificate"}


def hold_settings(manifest: Manifest, settings: Mapping[str, str]) -> None:
    """Hold what ``read_settings`` read to what its provider's manifest says. Pure.

    Raises Refused CF-4292 to CF-4298 naming the field.
    """
    for setting in manifest.settings:
        value = settings.get(setting.key, "")
        if not value:
            continue
        if setting.type in PEM:
            _hold_pem(setting, value)
        elif setting.pattern and not re.fullmatch(setting.pattern, value, re.ASCII):
            raise SHAPE_WRONG(field=setting.key, key=setting.key, shape=Both(setting.shape_zh, setting.shape_en))
    for setting in manifest.settings:
        if setting.fits and settings.get(setting.key) and settings.get(setting.fits):
            _hold_fit(setting, settings[setting.key], settings[setting.fits])


def _hold_pem(setting: Setting, value: str) -> None:
    key, wanted = setting.key, _WANTED[setting.type]
    for label in _LABEL.findall(value):
        if (found := _kind(label)) != wanted:
            raise PEM_OTHER_KIND(field=key, key=key, wanted=_KINDS[wanted], found=_KINDS[found])
    if wanted == "private":
        _hold_key(key, value)
        return
    for certificate in _certificates(key, value):
        public = certificate.public_key()
        if not isinstance(public, RSAPublicKey) or public.key_size < RSA_BITS_MIN:
            raise KEY_TYPE(field=key, key=key)


def _hold_key(key: str, value: str) -> None:
    if "ENCRYPTED" in value:
        raise KEY_LOCKED(field=key, key=key)
    try:
        private = load_pem_private_key(value.encode(), None)
    except (ValueError, TypeError) as error:
        raise PEM_BROKEN(field=key, key=key) from error
    if not isinstance(private, RSAPrivateKey) or private.key_size < RSA_BITS_MIN:
        raise KEY_TYPE(field=key, key=key)


def _hold_fit(setting: Setting, value: str, certificate: str) -> None:
    """A private key is the first certificate's own; a number is its serial, in hex with or without leading zeros."""
    first = _certificates(setting.fits, certificate)[0]
    if setting.type == "pem_key":
        pair = (load_pem_private_key(value.encode(), None).public_key(), first.public_key())
        one, other = (each.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for each in pair)
        if one != other:
            raise KEY_NOT_OF_CERTIFICATE(field=setting.key, key=setting.key, other=setting.fits)
        return
    found = f"{first.serial_number:x}"
    if value.lower().lstrip("0") != found:
        raise SERIAL_NOT_OF_CERTIFICATE(field=setting.key, key=setting.key, other=setting.fits, found=found)


def _certificates(key: str, value: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(value.encode())
    except ValueError as error:
        raise PEM_BROKEN(field=key, key=key) from error


def _kind(label: str) -> str:
    for word, kind in (
        ("PRIVATE KEY", "private"),
        ("CERTIFICATE REQUEST", "request"),
        ("CERTIFICATE", "certificate"),
        ("PUBLIC KEY", "public"),
    ):
        if label.endswith(word):
            return kind
    return "other"

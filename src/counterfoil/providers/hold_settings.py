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
            shape = Both(setting.shape_zh, setting.shape_en)
            raise SHAPE_WRONG(field=setting.key, key=_name(setting), shape=shape)
    for setting in manifest.settings:
        if setting.fits and settings.get(setting.key) and settings.get(setting.fits):
            _hold_fit(setting, manifest.setting(setting.fits) or setting, settings)


def _hold_pem(setting: Setting, value: str) -> None:
    key, name, wanted = setting.key, _name(setting), _WANTED[setting.type]
    for label in _LABEL.findall(value):
        if (found := _kind(label)) != wanted:
            raise PEM_OTHER_KIND(field=key, key=name, wanted=_KINDS[wanted], found=_KINDS[found])
    if wanted == "private":
        _hold_key(setting, value)
        return
    for certificate in _certificates(setting, value):
        public = certificate.public_key()
        if not isinstance(public, RSAPublicKey) or public.key_size < RSA_BITS_MIN:
            raise KEY_TYPE(field=key, key=name)


def _hold_key(setting: Setting, value: str) -> None:
    key, name = setting.key, _name(setting)
    if "ENCRYPTED" in value:
        raise KEY_LOCKED(field=key, key=name)
    try:
        private = load_pem_private_key(value.encode(), None)
    except (ValueError, TypeError) as error:
        raise PEM_BROKEN(field=key, key=name) from error
    if not isinstance(private, RSAPrivateKey) or private.key_size < RSA_BITS_MIN:
        raise KEY_TYPE(field=key, key=name)


def _hold_fit(setting: Setting, other: Setting, settings: Mapping[str, str]) -> None:
    """A private key is the first certificate's own; a number is its serial, in hex with or without leading zeros."""
    value, first = settings[setting.key], _certificates(other, settings[other.key])[0]
    if setting.type == "pem_key":
        pair = (load_pem_private_key(value.encode(), None).public_key(), first.public_key())
        one, two = (each.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) for each in pair)
        if one != two:
            raise KEY_NOT_OF_CERTIFICATE(field=setting.key, key=_name(setting), other=_name(other))
        return
    found = f"{first.serial_number:x}"
    if value.lower().lstrip("0") != found:
        raise SERIAL_NOT_OF_CERTIFICATE(field=setting.key, key=_name(setting), other=_name(other), found=found)


def _certificates(setting: Setting, value: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(value.encode())
    except ValueError as error:
        raise PEM_BROKEN(field=setting.key, key=_name(setting)) from error


def _name(setting: Setting) -> Both:
    return Both(setting.label_zh, setting.label_en)


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

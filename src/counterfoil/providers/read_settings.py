"""An account's settings as the manifest says they are: complete, known, of the right kind, without pasted spaces.

A connector gets PEM text, never a path: where it stood, in a file or in the form of the office, is no matter of a
provider's folder.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from counterfoil.providers.faults import settings_wrong
from counterfoil.providers.manifest import PEM, Manifest, Setting
from counterfoil.providers.transport import check_address

_BEGIN: Final = "-----BEGIN "
_LINE_MAX: Final = 512
_PEM_BYTES_MAX: Final = 1 << 16


def read_settings(manifest: Manifest, account: str, environment: str, told: Mapping[str, str]) -> dict[str, str]:
    """What a connector is given, by key. ``account`` is the account's name, for the words of a refusal.

    A ``pem_key`` or ``pem_certs`` may be PEM text or the path of a file; certificates may be several, their paths
    separated by commas. Raises Refused CF-42xx naming the field.
    """
    for key in told:
        if manifest.setting(key) is None:
            raise settings_wrong("unknown", field=key, account=account, key=key)
    read = {}
    for setting in manifest.settings:
        value = told.get(setting.key, "").strip()
        if value:
            read[setting.key] = _read(setting, account, environment, value)
        elif setting.required:
            raise settings_wrong("missing", field=setting.key, account=account, key=setting.key)
    return read


def whole_number(setting: Setting, account: str, value: str) -> int:
    """The number ``value`` says. Raises Refused CF-4211 unless it is a whole one from ``low`` to ``high``."""
    low, high = setting.low or 0, setting.high or 0
    if not (value.isascii() and value.isdecimal() and len(value) < _LINE_MAX and low <= int(value) <= high):
        key = setting.key
        raise settings_wrong("number", field=key, account=account, key=key, low=str(low), high=str(high))
    return int(value)


def _read(setting: Setting, account: str, environment: str, value: str) -> str:
    if setting.type in PEM:
        return _pem(setting, value)
    if len(value) > _LINE_MAX or not value.isprintable():
        raise settings_wrong("line", field=setting.key, account=account, key=setting.key, most=str(_LINE_MAX))
    if setting.type == "url":
        check_address(value, environment, field=setting.key)
    elif setting.type == "number":
        whole_number(setting, account, value)
    elif setting.type == "address":
        _address(setting, account, value)
    elif setting.type == "choice" and value not in setting.choices:
        told = ", ".join(setting.choices)
        raise settings_wrong("choice", field=setting.key, account=account, key=setting.key, choices=told)
    return value


def _address(setting: Setting, account: str, value: str) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise settings_wrong("ip_address", field=setting.key, account=account, key=setting.key) from error


def _pem(setting: Setting, value: str) -> str:
    """PEM text with every line trimmed, as it may have been pasted from a chat or a form."""
    if not value.startswith(_BEGIN):
        paths = value.split(",") if setting.type == "pem_certs" else [value]
        value = "\n".join(_of_file(setting.key, path.strip()) for path in paths)
    return "\n".join(line.strip() for line in value.splitlines() if line.strip()) + "\n"


def _of_file(key: str, path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return file.read(_PEM_BYTES_MAX).decode("ascii")
    except (OSError, ValueError) as error:
        raise settings_wrong("key", field=key, key=path) from error

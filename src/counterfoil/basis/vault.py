"""Sealing what must not be read where it is kept: AES-256-GCM under keys that lie outside the data folder.

The key file holds one key a line, ``<8 hex digits of its number> <64 hex digits>``, the newest last. The newest seals;
all open, so that a key is changed without a moment at which something cannot be read. A sealed value is bound to its
place: moved to another row or column it does not open.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from counterfoil.basis.ids import Entropy
from counterfoil.basis.key_file import KEY_FILE_WRONG
from counterfoil.basis.secret import Secret

KEY_BYTES: Final = 32
_FORMAT: Final = b"\x01"
_NUMBER_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_LINE: Final = re.compile(r"([0-9a-f]{8}) ([0-9a-f]{64})", re.ASCII)


class NotOpened(Exception):  # noqa: N818 - reads as the statement it is
    """What was sealed cannot be opened: its key is gone, or it was sealed for another place."""


class Vault:
    """Seals and opens. Made once, in ``app``."""

    def __init__(self, path: Path, entropy: Entropy) -> None:
        """The keys of the file ``path``. Raises Refused CF-7002."""
        self.entropy = entropy
        self._path = path
        self._ciphers = _ciphers(path)
        self._newest = list(self._ciphers)[-1]

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """``plain``, sealed under the newest key for ``place`` (table, column and key of the row)."""
        nonce = self.entropy.bytes(_NONCE_BYTES)
        head = _FORMAT + self._newest
        return head + nonce + self._ciphers[self._newest].encrypt(nonce, plain, head + place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """What was sealed for ``place``. Raises NotOpened where no key of the file opens it."""
        number = sealed[1 : 1 + _NUMBER_BYTES]
        head, rest = sealed[: 1 + _NUMBER_BYTES], sealed[1 + _NUMBER_BYTES :]
        if number not in self._ciphers:
            # Sealed by a process that began after a key was added; ours goes on sealing with the one it knows.
            self._ciphers |= _ciphers(self._path)
        cipher = self._ciphers.get(number)
        if sealed[:1] != _FORMAT or cipher is None:
            raise NotOpened
        try:
            return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head + place.encode())
        except InvalidTag as error:
            raise NotOpened from error

    @property
    def newest(self) -> str:
        """The number of the key that seals, as the file has it."""
        return self._newest.hex()

    def is_newest(self, sealed: bytes) -> bool:
        """Whether it is sealed under the newest key."""
        return sealed[1 : 1 + _NUMBER_BYTES] == self._newest


def number_of(sealed: bytes) -> str:
    """The number of the key it is sealed under, as the key file has it."""
    return sealed[1 : 1 + _NUMBER_BYTES].hex()


def open_vault(path: Path, entropy: Entropy, *, may_make: bool) -> Vault:
    """The vault of the key file ``path``, made with one key where there is none and ``may_make``. Raises CF-7002."""
    if not path.exists():
        if not may_make:
            raise KEY_FILE_WRONG(path=path, why="missing")
        _write_new(path, _line(entropy))
    return Vault(path, entropy)


def add_key(path: Path, entropy: Entropy) -> None:
    """Put a new key at the end of the file, whole at once: from the next start on it seals. Raises CF-7002."""
    _read(path)
    # A name of its own: two that rotate at once, or one that was killed here before, never write into one file.
    beside = path.with_name(f"{path.name}.{entropy.bytes(_NUMBER_BYTES).hex()}")
    _write(beside, path.read_text("ascii") + _line(entropy), os.O_EXCL)
    beside.replace(path)
    _settle(path.parent)


def _ciphers(path: Path) -> dict[bytes, AESGCM]:
    return {number: AESGCM(key.reveal()) for number, key in _read(path).items()}


def _read(path: Path) -> dict[bytes, Secret[bytes]]:
    if not path.exists():
        raise KEY_FILE_WRONG(path=path, why="missing")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KEY_FILE_WRONG(path=path, why="others may read it")
    try:
        lines = path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KEY_FILE_WRONG(path=path, why=type(error).__name__) from error
    keys: dict[bytes, Secret[bytes]] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise KEY_FILE_WRONG(path=path, why=f"line {number}")
        keys[bytes.fromhex(found[1])] = Secret(bytes.fromhex(found[2]))
    if not keys:
        raise KEY_FILE_WRONG(path=path, why="empty")
    return keys


def _line(entropy: Entropy) -> str:
    return f"{entropy.bytes(_NUMBER_BYTES).hex()} {entropy.bytes(KEY_BYTES).hex()}\n"


def _write_new(path: Path, text: str) -> None:
    """Whole or not at all; where another process was first, its file stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    _write(beside, text, os.O_EXCL)
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink()


def _settle(folder: Path) -> None:
    """A renamed file is there after a power cut only once its folder is written."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write(path: Path, text: str, how: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())

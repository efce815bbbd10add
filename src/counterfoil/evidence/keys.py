"""The log key: one Ed25519 key an installation, used under the name of each log.

It stands in ``keys_dir``, outside the data folder, so that a copy of the data is no copy of the key. It is made once,
while there is no data yet; a missing key beside existing data is a fault, never a reason for a new key. Its public half
is written beside the data, so that verifying needs no secret.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from counterfoil.basis import Entropy, read_or_none, write_whole
from counterfoil.evidence.checkpoint import Checkpoint
from counterfoil.evidence.faults import KEY_MISSING, KEY_UNREADABLE
from counterfoil.evidence.note import Verifier

PRIVATE_NAME: Final = "log_key.pem"
PUBLIC_NAME: Final = "log_key.pub.pem"


@dataclass(frozen=True, slots=True)
class LogKey:
    """Signs checkpoints. Has no repr of the secret: cryptography's key object shows none."""

    _key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        """The 32 bytes anybody may know."""
        return self._key.public_key().public_bytes_raw()

    def verifier(self, origin: str) -> Verifier:
        """What checks this key's notes of the log ``origin``."""
        return Verifier(origin, self.public_key)

    def sign(self, checkpoint: Checkpoint) -> bytes:
        """The signed note of a checkpoint."""
        return checkpoint.signed(self._key)


def open_log_key(keys_dir: Path, data_dir: Path, entropy: Entropy, *, data_exists: bool) -> LogKey:
    """The installation's key, made from ``entropy`` where there is no data yet.

    Raises CF-5001 where the key is missing beside existing data, CF-5002 where it cannot be read or others may read it.
    """
    path = keys_dir / PRIVATE_NAME
    if not path.exists():
        if data_exists:
            raise KEY_MISSING(path=path)
        _make(path, entropy)
    key = _load(path)
    _publish(key, keys_dir, data_dir)
    return LogKey(key)


def public_key(data_dir: Path, keys_dir: Path | None = None) -> tuple[bytes, Path] | None:
    """The public key to verify with and the file it was read from: the one in ``keys_dir``, else the one by the data.

    A key that travels with what it signs proves no more than that both fit; whoever must be sure brings the key along.
    None where there is no readable key.
    """
    for folder in (keys_dir, data_dir / "evidence"):
        raw = read_or_none(folder / PUBLIC_NAME) if folder else None
        if folder and raw:
            return public_key_of(raw), folder / PUBLIC_NAME
    return None


def public_key_of(pem: bytes) -> bytes:
    """The 32 bytes of a PEM public key. Raises CF-5002 for any other kind."""
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise KEY_UNREADABLE(path=PUBLIC_NAME, why="PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KEY_UNREADABLE(path=PUBLIC_NAME, why="Ed25519")
    return key.public_bytes_raw()


def _make(path: Path, entropy: Entropy) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    key = Ed25519PrivateKey.from_private_bytes(entropy.bytes(32))
    write_whole(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _load(path: Path) -> Ed25519PrivateKey:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KEY_UNREADABLE(path=path, why=oct(stat.S_IMODE(path.stat().st_mode)))
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KEY_UNREADABLE(path=path, why=type(error).__name__) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KEY_UNREADABLE(path=path, why="Ed25519")
    return key


def _publish(key: Ed25519PrivateKey, keys_dir: Path, data_dir: Path) -> None:
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for path in (keys_dir / PUBLIC_NAME, data_dir / "evidence" / PUBLIC_NAME):
        if read_or_none(path) != pem:
            write_whole(path, pem)

"""A random key in a file of its own, readable by its owner only."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from counterfoil.basis.fault import Words, refused
from counterfoil.basis.ids import Entropy
from counterfoil.basis.secret import Secret

KEY_BYTES: Final = 32

KEY_FILE_WRONG: Final = refused(
    "CF-7002",
    500,
    zh=Words(
        "密钥文件不能用：{path}（{why}）",
        "程序没有启动，款项没有变化",
        "请从密钥备份里恢复这个文件，权限只留给运行程序的用户；程序不会另造新密钥",
    ),
    en=Words(
        "The key file cannot be used: {path} ({why})",
        "The program did not start; no money has moved",
        "Restore this file from the backup of the keys, readable by the program's user only; no new key is made",
    ),
)


def open_key_file(path: Path, entropy: Entropy, *, may_make: bool) -> Secret[bytes]:
    """The 32 bytes of the key, made where there is none and ``may_make``. Raises CF-7002."""
    if not path.exists():
        if not may_make:
            raise KEY_FILE_WRONG(path=path, why="missing")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(entropy.bytes(KEY_BYTES))
            made.flush()
            os.fsync(made.fileno())
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KEY_FILE_WRONG(path=path, why="others may read it")
    raw = path.read_bytes()
    if len(raw) != KEY_BYTES:
        raise KEY_FILE_WRONG(path=path, why=f"{len(raw)} bytes")
    return Secret(raw)

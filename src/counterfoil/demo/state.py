"""What a demonstration must remember between two starts: its seed, the moment it began, and how to sign in.

The file is the only place where the passwords stand; the store keeps their hashes. It is readable by its owner only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.basis import Entropy
from counterfoil.demo.cast import everybody, new_password
from counterfoil.demo.faults import NOT_A_DEMONSTRATION

NAME: Final = "demonstration.json"
LEASE: Final = f"{NAME}.lease"


class State(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``until``: UTC microseconds, where the made-up past ends. ``passwords`` by operator number.

    ``ports`` by provider: where a sandbox listened before, because settings that were handed out there name it.
    """

    seed: str
    until: int
    passwords: dict[str, str]
    api_key: str = ""
    ports: dict[str, int] = {}
    complete: bool = False


def open_folder(data: Path) -> None:
    """Make the folder where there is none. Raises CF-7101 where it holds something and it is no demonstration."""
    if data.exists() and not data.is_dir():
        raise NOT_A_DEMONSTRATION(path=data)
    if data.is_dir() and not (data / NAME).exists() and {each.name for each in data.iterdir()} - {LEASE}:
        raise NOT_A_DEMONSTRATION(path=data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)


def load_or_begin(data: Path, seed: str, now: int, entropy: Entropy) -> State:
    """The state in ``data``, or that of a new demonstration, written. Raises CF-7101 where it cannot be read."""
    path = data / NAME
    if path.exists():
        try:
            return msgspec.json.decode(path.read_bytes(), type=State)
        except (msgspec.MsgspecError, OSError) as error:
            raise NOT_A_DEMONSTRATION(path=data) from error
    state = State(seed=seed, until=now, passwords={number: new_password(entropy) for number in everybody()})
    save(data, state)
    return state


def save(data: Path, state: State) -> None:
    """Write the state, whole or not at all."""
    fresh = data / f".{NAME}.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(state)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(data / NAME)

"""Randomness and ids, injected: the system's for real use, a seeded one for the demonstration and the simulator."""

from __future__ import annotations

import hashlib
import os
import uuid
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from counterfoil.basis.clock import Clock

_CUT_MOST: Final = 24
_SUPPLY_BYTES: Final = 16_384


class Entropy(Protocol):
    """A source of random bytes."""

    def bytes(self, count: int) -> bytes:
        """``count`` random bytes."""
        ...


class SystemEntropy:
    """The operating system's randomness.

    What is no longer than an order number needs is cut from a supply, because asking the system costs 6 µs and hands
    the interpreter to another thread, and a payment asks four times; what may be a key or a token is always asked for.
    """

    def __init__(self) -> None:
        """Begin without a supply."""
        self._lock = Lock()
        self._supply = b""
        self._given = 0
        self._process = 0

    def bytes(self, count: int) -> bytes:
        """``count`` bytes fit for keys."""
        if count > _CUT_MOST:
            return os.urandom(count)
        with self._lock:
            # A process that was forked off must not give what this one gives.
            if len(self._supply) < self._given + count or self._process != os.getpid():
                self._supply, self._given, self._process = os.urandom(_SUPPLY_BYTES), 0, os.getpid()
            begun, self._given = self._given, self._given + count
            return self._supply[begun : self._given]


class SeededEntropy:
    """The same bytes for the same seed, in the same order. Never for keys, salts or passwords."""

    def __init__(self, seed: str) -> None:
        """Start the stream of ``seed``."""
        self._seed = seed.encode()
        self._block = 0
        self._left = b""

    def bytes(self, count: int) -> bytes:
        """The next ``count`` bytes of the stream."""
        while len(self._left) < count:
            self._left += hashlib.sha256(self._seed + self._block.to_bytes(8, "big")).digest()
            self._block += 1
        taken, self._left = self._left[:count], self._left[count:]
        return taken


class Ids:
    """Makes ids out of the injected clock and randomness."""

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        """Use ``clock`` for the time part and ``entropy`` for the rest."""
        self._clock = clock
        self._entropy = entropy

    def uuid(self) -> str:
        """A UUIDv7 (RFC 9562 5.7): sorts by the millisecond it was made in."""
        return uuid_at(self._clock.now(), self._entropy.bytes(10))

    def digits(self, count: int) -> str:
        """``count`` random decimal digits, leading zeros kept. The bias of 2^-64 per draw is of no matter here."""
        wide = int.from_bytes(self._entropy.bytes(count // 2 + 9), "big")
        return str(wide % 10**count).rjust(count, "0")


def uuid_at(micros: int, drawn: bytes) -> str:
    """The UUIDv7 of that time, UTC microseconds, and 10 random bytes."""
    raw = bytearray((micros // 1000).to_bytes(6, "big") + drawn)
    raw[6] = (raw[6] & 0x0F) | 0x70
    raw[8] = (raw[8] & 0x3F) | 0x80
    return uuid_text(raw)


def uuid_text(raw: bytes | bytearray) -> str:
    """The lower-case hyphenated form of 16 bytes."""
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def canonical_uuid(text: str) -> str:
    """The lower-case hyphenated form of a UUID. Raises ValueError for anything else."""
    made = str(uuid.UUID(text))
    if made != text.lower():
        raise ValueError(f"not a hyphenated UUID: {text!r}")
    return made

"""Passwords as argon2id, in a bounded pool.

19 MiB, 2 passes, 1 lane (the parameters OWASP names; 24 ms of one core). argon2 releases the interpreter's lock, so
two threads are enough; a third sign-in waits, and past the queue's end it is told to come again, so that a flood of
sign-ins never takes the processor or the memory that payments need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from counterfoil.basis import Entropy, Secret
from counterfoil.people.faults import SIGN_IN_BUSY

T = TypeVar("T")

THREADS: Final = 2
WAITING_MAX: Final = 32
_SALT_BYTES: Final = 16
_ARGON2: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class Hasher:
    """Hashes and checks passwords. ``close`` ends its threads."""

    def __init__(self, entropy: Entropy, *, waiting_max: int = WAITING_MAX, argon2: PasswordHasher = _ARGON2) -> None:
        """Start the pool; ``waiting_max`` is how many may be in it, working or waiting.

        ``argon2`` makes new hashes; how to check one is written in the hash.
        """
        self._entropy = entropy
        self._argon2 = argon2
        self._waiting_max = waiting_max
        self._waiting = 0
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._decoy = argon2.hash(entropy.bytes(_SALT_BYTES), salt=entropy.bytes(_SALT_BYTES))

    async def hash(self, password: Secret[str]) -> str:
        """The encoded argon2id hash with a fresh salt. Raises Trouble CF-2010 when too many wait."""
        salt = self._entropy.bytes(_SALT_BYTES)
        return await self._run(lambda: self._argon2.hash(password.reveal(), salt=salt))

    async def matches(self, encoded: str | None, password: Secret[str]) -> bool:
        """Whether the password is the hashed one. None (nobody has that number) costs the same and is never right.

        Raises Trouble CF-2010 when too many wait.
        """
        right = await self._run(lambda: _verify(encoded or self._decoy, password.reveal()))
        return right and encoded is not None

    def close(self) -> None:
        """Let the threads finish and end them."""
        self._pool.shutdown()

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._waiting_max:
            raise SIGN_IN_BUSY()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def _verify(encoded: str, password: str) -> bool:
    try:
        return _ARGON2.verify(encoded, password)
    except VerifyMismatchError:
        return False

"""The lease of a SQLite file: two servers on one file cannot run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from counterfoil.store.faults import LEASE_HELD


class Lease:
    """An exclusive lock on ``<database>.lease``; the kernel lets it go when the process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        """Take the lease of ``database``. Raises Refused CF-6001 where somebody holds it."""
        self._file = os.open(f"{database}.lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise LEASE_HELD(path=database) from error

    def release(self) -> None:
        """Let it go."""
        os.close(self._file)

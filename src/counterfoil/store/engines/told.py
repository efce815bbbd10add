"""What PostgreSQL's errors tell: the connection is gone, the world is in the way, or we are wrong."""

from __future__ import annotations

from typing import Final

import asyncpg

from counterfoil.basis import FaultKind
from counterfoil.store.engines.engine import Verdict
from counterfoil.store.faults import (
    DATABASE_REFUSES,
    DISK_FULL,
    NO_CONNECTION_FREE,
    NO_PRIMARY,
    NOT_CONFIRMED,
    TOO_SLOW,
    UNREACHABLE,
)

# asyncpg calls it its own mistake where a connection is torn down while it is being used.
LOST: Final = (asyncpg.PostgresConnectionError, asyncpg.InternalClientError, OSError)
GONE: Final = (*LOST, asyncpg.InterfaceError)
# A standby: it was a primary when we connected.
READ_ONLY: Final = "25006"
_FATAL: Final = frozenset({"FATAL", "PANIC"})
# Shut down by somebody, crashed, starting, database dropped, idle too long, and too long in a transaction.
_ENDED: Final = ("57P0", "25P03", "25P04", "08", READ_ONLY)
# Cancelled from outside or by a timeout; deadlock, serialization, lock wait, no memory; disk full; I/O error, data and
# index corrupted.
VERDICTS: Final = {
    "57014": Verdict.AGAIN,
    "40P01": Verdict.AGAIN,
    "40001": Verdict.AGAIN,
    "55P03": Verdict.AGAIN,
    "53200": Verdict.AGAIN,
    "53100": Verdict.FULL,
    "58030": Verdict.STOP,
    "XX001": Verdict.STOP,
    "XX002": Verdict.STOP,
}
# The engine's own words for a database that was waited for long enough.
AWAY: Final = (DATABASE_REFUSES, UNREACHABLE, NO_CONNECTION_FREE, NO_PRIMARY, TOO_SLOW, NOT_CONFIRMED)
_KINDS: Final = {"57014": TOO_SLOW, "53100": DISK_FULL, "53300": NO_CONNECTION_FREE}
# Connection, invalid authorization, resources, object not in the state for it, operator's doing, system's doing.
_TROUBLE_CLASSES: Final = frozenset({"08", "28", "53", "55", "57", "58"})


def is_lost(error: BaseException) -> bool:
    """Whether the connection the error came on is of no more use."""
    return isinstance(error, LOST) or _severity(error) in _FATAL or sqlstate(error).startswith(_ENDED)


def told_by(error: Exception) -> FaultKind | None:
    """What a person is told of it; None where the question itself is wrong, which is ours."""
    state = sqlstate(error)
    if isinstance(error, TimeoutError):
        return TOO_SLOW
    if isinstance(error, ValueError):
        return None  # asyncpg's error for an argument of the wrong type
    if not state or is_lost(error) or state[:2] in _TROUBLE_CLASSES:
        return _KINDS.get(state, UNREACHABLE)
    return None


def sqlstate(error: BaseException) -> str:
    """The five letters of a server's error; none for others."""
    return getattr(error, "sqlstate", None) or ""


def is_servers_no(error: BaseException) -> bool:
    """Whether the server itself said that the statement failed and went on: only then is it known to be undone."""
    return isinstance(error, asyncpg.PostgresError) and _severity(error) == "ERROR"


def _severity(error: BaseException) -> str | None:
    return getattr(error, "severity_en", None)

"""What an engine offers the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from enum import Enum, auto
from typing import Any, Final, Protocol

from sqlalchemy import Select

from counterfoil.basis import FaultKind
from counterfoil.store.batch import Batch
from counterfoil.store.faults import UNREACHABLE
from counterfoil.store.steps import Step, Transaction

# True while the current task or thread is inside the committer's transaction: nobody may call a provider then.
commit_open: Final[ContextVar[bool]] = ContextVar("commit_open", default=False)

Body = Callable[[Transaction], Awaitable[None]]


class Verdict(Enum):
    """What an error during a batch means."""

    AGAIN = auto()  # a deadlock, a lock wait or a serialization failure: the same batch, up to three times
    LOST = auto()  # the connection is gone and the transaction with it: the same batch on another one
    AWAY = auto()  # the database was waited for long enough; nothing was written, and the error is a Fault that says so
    UNKNOWN = auto()  # the connection went while the commit was on its way
    FULL = auto()  # no room on the disk
    STOP = auto()  # the disk failed, or the lease is lost: nothing more may be written
    POISON = auto()  # a Change that cannot be written


class CommitUnknown(Exception):  # noqa: N818 - the state of the world
    """The commit was sent and its end was not heard; ``kind`` is what kept it, as a person is told at a start."""

    def __init__(self, kind: FaultKind = UNREACHABLE) -> None:
        """Keep what kept it."""
        super().__init__(kind.code)
        self.kind = kind


class LeaseLost(Exception):  # noqa: N818 - the state of the world
    """Another server took the epoch."""


class Engine(Protocol):
    """One opened database. ``transact`` is called by one committer, a batch at a time."""

    name: str
    steps: tuple[Step, ...]

    async def fetch(self, statement: Select[Any], params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows of a reading statement."""
        ...

    def stream(self, statement: Select[Any], params: Mapping[str, Any], chunk: int) -> AsyncIterator[dict[str, Any]]:
        """The rows of a reading statement in one snapshot, ``chunk`` at a time in memory."""
        ...

    async def transact(self, body: Body) -> None:
        """Begin, run ``body``, commit durably; roll back on any error."""
        ...

    async def settle(self, batch: Batch) -> bool | None:
        """After CommitUnknown: is the batch in the database? None where it could not be found out in time."""
        ...

    def judge(self, error: Exception) -> Verdict:
        """Say what an error of ``transact`` means."""
        ...

    def begin(self, epoch: int) -> None:
        """From here on commit only while ``epoch`` is the installation's, on engines with one writer."""
        ...

    async def script(self, number: int, name: str, text: str) -> None:
        """Run one migration and note it, in one transaction."""
        ...

    async def distribute(self) -> None:
        """Spread the tables over the nodes of a distributed database, those that are not spread yet, and note it."""
        ...

    async def schema_number(self) -> int:
        """The newest migration that was applied; 0 for none."""
        ...

    async def close(self) -> None:
        """Let everything go."""
        ...

"""Large exports: made beside the requests, so that one can leave the page and find the file again.

A file lies in the data folder, readable by the server's user alone, and is given to nobody but the person who asked
for it. Whichever process of the server is asked finds it: each keeps a note of its own where all can read it. Files go
after 24 hours, and with the process that made them: what is half made is worth nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from counterfoil.basis import MICROS, Board, Clock, Ids
from counterfoil.people import Actor
from counterfoil.records.faults import EXPORT_GONE, EXPORTS_MANY

OF_A_PERSON_MAX: Final = 5
OF_ALL_MAX: Final = 50
KEPT_MICROS: Final = 24 * 3600 * MICROS
_AT_ONCE: Final = 2
# How often its progress is written down, and whether it is still wanted looked up.
_TOLD_SECONDS: Final = 0.5
_NOTE: Final = "export-"
State: TypeAlias = Literal["waiting", "running", "ready", "failed"]
# Given a way to say how many rows are written, makes the bytes.
Making: TypeAlias = Callable[[Callable[[int], None]], AsyncIterator[bytes]]


class Prepared(msgspec.Struct, kw_only=True):
    """A file under way or ready. ``rows`` of ``total`` are written; ``asked_at`` in UTC microseconds.

    ``file`` is where it lies.
    """

    id: str
    merchant_id: int
    person_id: str
    form: str
    total: int
    asked_at: int
    file: str
    rows: int = 0
    state: State = "waiting"

    @property
    def open(self) -> bool:
        """Whether it is still being made."""
        return self.state in ("waiting", "running")

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.file)


class Exports:
    """All prepared exports of this server."""

    def __init__(self, board: Board, clock: Clock, ids: Ids) -> None:
        """Begin with none of this process."""
        self._board = board
        self._clock = clock
        self._ids = ids
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def begin(self, actor: Actor, form: str, total: int, making: Making) -> Prepared:
        """Let ``making`` run beside the requests. Raises EXPORTS_MANY where a person has 5, or all have 50."""
        if len(self.of(actor)) >= OF_A_PERSON_MAX or len(self._all()) >= OF_ALL_MAX:
            raise EXPORTS_MANY()
        export_id = self._ids.uuid()
        made = Prepared(
            id=export_id,
            merchant_id=actor.merchant_id,
            person_id=actor.person_id,
            form=form,
            total=total,
            asked_at=self._clock.now(),
            file=str(self._board.open() / f"{export_id}.{form}"),
        )
        self._tell(made)
        self._tasks[export_id] = asyncio.get_running_loop().create_task(self._make(made, making))
        return made

    def of(self, actor: Actor) -> list[Prepared]:
        """This person's own, newest first."""
        own = (one for one in self._all() if (one.merchant_id, one.person_id) == (actor.merchant_id, actor.person_id))
        return sorted(own, key=lambda one: (one.asked_at, one.id), reverse=True)

    def one(self, actor: Actor, export_id: str) -> Prepared:
        """That one of this person's own. Raises EXPORT_GONE."""
        found = next((one for one in self.of(actor) if one.id == export_id), None)
        if found is None:
            raise EXPORT_GONE()
        return found

    def drop(self, actor: Actor, export_id: str) -> None:
        """Stop it where it runs, and let the file go. Raises EXPORT_GONE."""
        self._forget(self.one(actor, export_id))

    async def ended(self, export_id: str) -> None:
        """Wait until this process is no longer making it."""
        if task := self._tasks.get(export_id):
            await asyncio.wait({task})

    async def close(self) -> None:
        """Stop what runs here; the files go with this process's place on the board."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _all(self) -> list[Prepared]:
        """Those of every process; what is past its day goes."""
        found = [msgspec.json.decode(note.content, type=Prepared) for note in self._board.notes(_NOTE)]
        before = self._clock.now() - KEPT_MICROS
        for one in found:
            if one.asked_at <= before:
                self._forget(one)
        return [one for one in found if one.asked_at > before]

    async def _make(self, made: Prepared, making: Making) -> None:
        told = self._clock.monotonic()

        def wrote(rows: int) -> None:
            nonlocal told
            made.rows += rows
            if self._clock.monotonic() - told >= _TOLD_SECONDS:
                told = self._clock.monotonic()
                self._tell_if_wanted(made)

        try:
            async with self._turn:
                made.state = "running"
                self._tell_if_wanted(made)
                await _write(made.path, making(wrote))
            made.state = "ready"
            self._tell_if_wanted(made)
        except BaseException:
            made.state = "failed"
            if self._board.has(_NOTE + made.id):
                self._tell(made)
            made.path.unlink(missing_ok=True)
            raise
        finally:
            self._tasks.pop(made.id, None)

    def _tell(self, made: Prepared) -> None:
        self._board.put(_NOTE + made.id, msgspec.json.encode(made))

    def _tell_if_wanted(self, made: Prepared) -> None:
        """Write down how far it is; end where somebody, at whichever process, dropped it."""
        if not self._board.has(_NOTE + made.id):
            raise asyncio.CancelledError
        self._tell(made)

    def _forget(self, one: Prepared) -> None:
        self._board.drop(_NOTE + one.id, one.path.parent)
        if task := self._tasks.get(one.id):
            task.cancel()
        one.path.unlink(missing_ok=True)


async def _write(path: Path, pieces: AsyncIterator[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for piece in pieces:
            await asyncio.to_thread(file.write, piece)

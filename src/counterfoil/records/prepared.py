"""Large exports: made beside the requests, so that one can leave the page and find the file again.

A file lies in the data folder, readable by the server's user alone, and is given to nobody but the person who asked
for it. Files go after 24 hours, and with the server that made them: what is half made is worth nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from counterfoil.basis import MICROS, Clock, Ids
from counterfoil.people import Actor
from counterfoil.records.faults import EXPORT_GONE, EXPORTS_MANY

OF_A_PERSON_MAX: Final = 5
OF_ALL_MAX: Final = 50
KEPT_MICROS: Final = 24 * 3600 * MICROS
_AT_ONCE: Final = 2
State: TypeAlias = Literal["waiting", "running", "ready", "failed"]
# Given a way to say how many rows are written, makes the bytes.
Making: TypeAlias = Callable[[Callable[[int], None]], AsyncIterator[bytes]]


@dataclass(slots=True, kw_only=True)
class Prepared:
    """A file under way or ready. ``rows`` of ``total`` are written; ``asked_at`` in UTC microseconds.

    ``done`` is set once it is ready or has failed.
    """

    id: str
    merchant_id: int
    person_id: str
    form: str
    total: int
    asked_at: int
    path: Path
    rows: int = 0
    state: State = "waiting"
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def open(self) -> bool:
        """Whether it is still being made."""
        return self.state in ("waiting", "running")


class Exports:
    """All prepared exports of this server."""

    def __init__(self, folder: Path, clock: Clock, ids: Ids) -> None:
        """Begin with none, in a place of its own: another server may work in the same ``folder``.

        What a server left that ended without warning goes once its day is over.
        """
        for left in folder.glob("*-*"):
            begun = left.name.partition("-")[0]
            if begun.isdecimal() and int(begun) <= clock.now() - 2 * KEPT_MICROS:
                shutil.rmtree(left, ignore_errors=True)
        self._folder = folder / f"{clock.now()}-{ids.uuid()}"
        self._clock = clock
        self._ids = ids
        self._kept: dict[str, Prepared] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def begin(self, actor: Actor, form: str, total: int, making: Making) -> Prepared:
        """Let ``making`` run beside the requests. Raises EXPORTS_MANY where a person has 5, or all have 50."""
        self._expire()
        if len(self.of(actor)) >= OF_A_PERSON_MAX or len(self._kept) >= OF_ALL_MAX:
            raise EXPORTS_MANY()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        export_id = self._ids.uuid()
        made = Prepared(
            id=export_id,
            merchant_id=actor.merchant_id,
            person_id=actor.person_id,
            form=form,
            total=total,
            asked_at=self._clock.now(),
            path=self._folder / f"{export_id}.{form}",
        )
        self._kept[export_id] = made
        self._tasks[export_id] = asyncio.get_running_loop().create_task(self._make(made, making))
        return made

    def of(self, actor: Actor) -> list[Prepared]:
        """This person's own, newest first."""
        self._expire()
        own = (one for one in self._kept.values() if _owner(one) == (actor.merchant_id, actor.person_id))
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

    async def close(self) -> None:
        """Stop what runs; the files go too."""
        tasks = list(self._tasks.values())
        for one in list(self._kept.values()):
            self._forget(one)
        await asyncio.gather(*tasks, return_exceptions=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _make(self, made: Prepared, making: Making) -> None:
        def wrote(rows: int) -> None:
            made.rows += rows

        try:
            async with self._turn:
                made.state = "running"
                await _write(made.path, making(wrote))
            made.state = "ready"
        except BaseException:
            made.state = "failed"
            made.path.unlink(missing_ok=True)
            raise
        finally:
            self._tasks.pop(made.id, None)
            made.done.set()

    def _expire(self) -> None:
        before = self._clock.now() - KEPT_MICROS
        for one in [one for one in self._kept.values() if one.asked_at <= before]:
            self._forget(one)

    def _forget(self, one: Prepared) -> None:
        self._kept.pop(one.id, None)
        if task := self._tasks.get(one.id):
            task.cancel()
        one.path.unlink(missing_ok=True)


def _owner(one: Prepared) -> tuple[int, str]:
    return one.merchant_id, one.person_id


async def _write(path: Path, pieces: AsyncIterator[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for piece in pieces:
            await asyncio.to_thread(file.write, piece)

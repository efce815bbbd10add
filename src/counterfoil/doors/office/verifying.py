"""Verifying one merchant's log while people look on: a thread of its own, its progress, and how it ended.

Whichever process of the server is asked can tell: how a run stands is a note that all of them read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from counterfoil.app import App
from counterfoil.basis import MICROS, Clock
from counterfoil.evidence import Against, Report, registry, verify
from counterfoil.payments import DayTotalsFold
from counterfoil.store import open_reading

FINDINGS_SHOWN: Final = 20
_TOLD_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run. ``report`` is None while it goes on, and for ever where it ``failed``. Times in UTC microseconds."""

    begun_at: int
    done: int = 0
    of: int = 0
    ended_at: int | None = None
    report: Report | None = None
    failed: str = ""

    @property
    def going_on(self) -> bool:
        """Whether it still runs."""
        return self.ended_at is None

    @property
    def seconds(self) -> int:
        """How long it took, a second at least; 0 while it goes on."""
        return 0 if self.ended_at is None else max(1, (self.ended_at - self.begun_at) // MICROS)


class Runs:
    """The newest run of each merchant; one at a time each."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[None]] = set()

    def newest(self, merchant_id: int) -> Run | None:
        """How it stands, or None where there was none since the start."""
        notes = self._app.board.notes(_key(merchant_id))
        runs = (msgspec.json.decode(note.content, type=Run) for note in notes if note.key == _key(merchant_id))
        return max(runs, key=lambda run: run.begun_at, default=None)

    def begin(self, merchant_id: int) -> None:
        """Begin one, unless one goes on."""
        newest = self.newest(merchant_id)
        if newest is not None and newest.going_on:
            return
        begun = Run(begun_at=self._app.clock.now())
        self._tell(merchant_id, begun)
        task = asyncio.get_running_loop().create_task(self._run(merchant_id, begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, merchant_id: int, run: Run) -> None:
        progress = _Progress(self._app.clock, lambda done, of: self._tell(merchant_id, replace(run, done=done, of=of)))
        try:
            # Hashing a whole log takes seconds; a thread with a loop of its own keeps the tills answering.
            report = await asyncio.to_thread(lambda: asyncio.run(self._verify(merchant_id, progress)))
            ended = replace(run, done=report.leaves, of=report.leaves, report=report)
        except Exception as error:  # noqa: BLE001 - however it ends, the page must say so
            ended = replace(run, failed=type(error).__name__)
        self._tell(merchant_id, replace(ended, ended_at=self._app.clock.now()))

    async def _verify(self, merchant_id: int, progress: _Progress) -> Report:
        app = self._app
        address, trusted = app.settings.database_address(app.data), app.settings.database.trusted_wire
        async with open_reading(address, clock=app.clock, trusted_wire=trusted) as source:
            folds = (DayTotalsFold(source),)
            against = Against(app.data, app.log_key.public_key, registry(), app.clock.now(), folds)
            return await verify(source, against, on_progress=progress.told, all_=True, only=merchant_id)

    def _tell(self, merchant_id: int, run: Run) -> None:
        self._app.board.put(_key(merchant_id), msgspec.json.encode(run))


class _Progress:
    """Passes on how far it is, a few times a second at most."""

    def __init__(self, clock: Clock, tell: Callable[[int, int], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._last = 0.0

    def told(self, done: int, of: int) -> None:
        """``done`` leaves of ``of``."""
        now = self._clock.monotonic()
        if done == of or now - self._last >= _TOLD_SECONDS:
            self._last = now
            self._tell(done, of)


def _key(merchant_id: int) -> str:
    return f"run-{merchant_id}"

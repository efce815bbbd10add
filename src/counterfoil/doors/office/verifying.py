"""Verifying one merchant's log while people look on: a thread of its own, its progress, and how it ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from counterfoil.app import App
from counterfoil.basis import MICROS
from counterfoil.evidence import Against, Report, registry, verify
from counterfoil.payments import DayTotalsFold
from counterfoil.store import open_reading

FINDINGS_SHOWN: Final = 20


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
        self._runs: dict[int, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def newest(self, merchant_id: int) -> Run | None:
        """How it stands, or None where there was none since the start."""
        return self._runs.get(merchant_id)

    def begin(self, merchant_id: int) -> None:
        """Begin one, unless one goes on."""
        newest = self._runs.get(merchant_id)
        if newest is not None and newest.going_on:
            return
        self._runs[merchant_id] = Run(begun_at=self._app.clock.now())
        task = asyncio.get_running_loop().create_task(self._run(merchant_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, merchant_id: int) -> None:
        try:
            # Hashing a whole log takes seconds; a thread with a loop of its own keeps the tills answering.
            report = await asyncio.to_thread(lambda: asyncio.run(self._verify(merchant_id)))
        except Exception as error:  # noqa: BLE001 - however it ends, the page must say so
            self._tell(merchant_id, failed=type(error).__name__)
        else:
            self._tell(merchant_id, report=report)

    async def _verify(self, merchant_id: int) -> Report:
        app = self._app

        def told(done: int, of: int) -> None:
            self._runs[merchant_id] = replace(self._runs[merchant_id], done=done, of=of)

        async with open_reading(app.settings.database_address(app.data), clock=app.clock) as source:
            folds = (DayTotalsFold(source),)
            against = Against(app.data, app.log_key.public_key, registry(), app.clock.now(), folds)
            return await verify(source, against, on_progress=told, all_=True, only=merchant_id)

    def _tell(self, merchant_id: int, *, report: Report | None = None, failed: str = "") -> None:
        ended = self._app.clock.now()
        self._runs[merchant_id] = replace(self._runs[merchant_id], ended_at=ended, report=report, failed=failed)

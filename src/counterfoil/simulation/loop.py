"""An event loop whose time jumps: a day passes as fast as its work can be done, and the same seed gives the same day.

Time stands still while anything can run, then jumps to the next timer. Callbacks run in the order they were registered,
as asyncio promises; what varies with the seed is how long each thing takes: the store's workers, the network, people.
Work for threads is done in the loop's own thread, some milliseconds after it was handed over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

from counterfoil.simulation.process import Process, current_process

T = TypeVar("T")
# Two timers nearer than this are due together; far above what adding floats loses in a week.
_RESOLUTION_SECONDS = 1e-6


class Deadlock(Exception):  # noqa: N818 - says what happened
    """Nothing can run and nothing is going to happen: somebody waits for ever."""


class VirtualLoop(asyncio.BaseEventLoop):
    """See the module. ``pace`` gives the seconds that pass before, and again after, a piece of a worker's work."""

    def __init__(self, pace: Callable[[], float]) -> None:
        """Begin at 0 s."""
        super().__init__()
        self._clock_resolution = _RESOLUTION_SECONDS
        self._virtual = 0.0
        self._pace = pace
        # What BaseEventLoop asks for the next event, and how long it may wait for it.
        self._selector = self
        self.set_task_factory(_new_task)  # type: ignore[arg-type]  # its protocol knows no context yet

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual

    def select(self, timeout: float | None) -> list[object]:
        """Nothing comes from outside: let the time pass until the next timer."""
        if timeout is None:
            raise Deadlock
        self._virtual += timeout
        return []

    def run_in_executor(self, _executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """Do it in this thread, a moment later; its answer comes another moment after that."""
        answer: asyncio.Future[T] = self.create_future()
        self.call_later(self._pace(), self._work, current_process.get(), lambda: func(*args), answer)
        return answer

    def _work(self, process: Process | None, work: Callable[[], T], answer: asyncio.Future[T]) -> None:
        if process is not None and not process.goes_on():
            return
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            self.call_later(self._pace(), _fail, answer, error)
            return
        if process is None or process.goes_on():
            self.call_later(self._pace(), _succeed, answer, result)

    def _process_events(self, _events: list[object]) -> None:
        """None ever come."""

    def _write_to_self(self) -> None:
        """There is no other thread that could wake this one."""


def _succeed(answer: asyncio.Future[T], result: T) -> None:
    if not answer.done():
        answer.set_result(result)


def _fail(answer: asyncio.Future[Any], error: BaseException) -> None:
    if not answer.done():
        answer.set_exception(error)


def _new_task(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, T], **more: Any) -> asyncio.Task[T]:
    """A task belongs to the process in whose context it runs, and ends with it."""
    context: Context | None = more.get("context")
    task = asyncio.Task(work, loop=loop, **more)
    process = current_process.get() if context is None else context.get(current_process)
    if process is not None:
        process.adopt(task)
    return task

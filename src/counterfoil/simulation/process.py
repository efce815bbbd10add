"""A process of the simulated machine: its tasks, and the moment at which it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import Any, Final

# The process in which the current task runs; None: the world outside of it.
current_process: Final[ContextVar[Process | None]] = ContextVar("current_process", default=None)


class Process:
    """Tasks that end together. ``dies`` is asked before and after each piece of work its threads do."""

    def __init__(self, dies: Callable[[], bool]) -> None:
        """Begin without tasks."""
        self.dead = False
        self._dies = dies
        # A dict, because a set would be walked in another order in each run.
        self._tasks: dict[asyncio.Task[Any], None] = {}

    def context(self) -> Context:
        """A context whose tasks are of this process."""
        context = copy_context()
        context.run(current_process.set, self)
        return context

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """This task is one of ours; one that a dying process begins ends at once."""
        self._tasks[task] = None
        task.add_done_callback(self._ended)
        if self.dead:
            task.cancel()

    def goes_on(self) -> bool:
        """Whether the process lives on past this moment."""
        if not self.dead and self._dies():
            self.die()
        return not self.dead

    def die(self) -> None:
        """End here and now: no task gets any further."""
        self.dead = True
        for task in list(self._tasks):
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled():
            task.exception()  # whoever asked for it may have died

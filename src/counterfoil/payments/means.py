"""What an act is given, and the tasks of this process that drive payments to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from counterfoil.basis import Clock, Entropy, Ids, Secret, Vault
from counterfoil.payments.known import Known
from counterfoil.payments.payment import Payment
from counterfoil.providers import Accounts
from counterfoil.store import Store

T = TypeVar("T")
Key: TypeAlias = tuple[int, str]
# A payment whose drive fails is looked at again after so long, twice as long each time, and an hour in the end.
FAILED_SECONDS: Final = 60.0
FAILED_SECONDS_MAX: Final = 3600.0


class Watch:
    """Somebody who waits for news of one payment. What came since the last wait is not missed."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def tell(self) -> None:
        """There is news."""
        self._news.set()

    async def wait(self, clock: Clock, seconds: float) -> None:
        """Until there is news, at most ``seconds``."""
        ends = {asyncio.ensure_future(self._news.wait()), asyncio.ensure_future(clock.sleep(seconds))}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            self._news.clear()


class Drives:
    """The payments this process is driving now, at most one task each. A drive outlives the request that began it."""

    def __init__(self, on_failure: Callable[[Key, BaseException], None]) -> None:
        """``on_failure`` is told of a drive that ended in an error; the payment is then found by its ``due_at``."""
        self._tasks: dict[Key, asyncio.Task[Payment]] = {}
        self._on_failure = on_failure
        self._nudges: dict[Key, asyncio.Event] = {}
        # Who came first is told first: a set would tell them in another order in each process.
        self._watches: dict[Key, dict[Watch, None]] = {}
        self._closing = False
        self._failures: dict[Key, int] = {}

    def start(self, key: Key, work: Coroutine[Any, Any, Payment]) -> None:
        """Run ``work`` in the background; an older drive of the same payment has ended or is about to see the news."""
        before = self._tasks.get(key)
        task = asyncio.get_running_loop().create_task(_after(before, work))
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))
        # Where the task ended before its work had begun, nobody else closes it.
        task.add_done_callback(lambda _done: work.close())

    @property
    def closing(self) -> bool:
        """Whether the process is ending: what is not driven any more is answered as it is."""
        return self._closing

    def running(self, key: Key) -> bool:
        """Whether this process is driving that payment."""
        return key in self._tasks

    def nudge(self, key: Key) -> None:
        """Tell the drive of that payment, if it is pausing, that there is something to do."""
        if (event := self._nudges.get(key)) is not None:
            event.set()

    async def pause(self, key: Key, clock: Clock, seconds: float) -> None:
        """Let ``seconds`` pass, or less if the payment is nudged meanwhile. Ends the drive once we are closing."""
        if seconds > 0 and not self._closing:
            await self._pause(key, clock, seconds)
        if self._closing:
            raise asyncio.CancelledError

    async def _pause(self, key: Key, clock: Clock, seconds: float) -> None:
        event = self._nudges.setdefault(key, asyncio.Event())
        ends = {asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(seconds))}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            self._nudges.pop(key, None)

    async def until_nudged(self, key: Key, clock: Clock, seconds: float, calling: Coroutine[Any, Any, T]) -> T | None:
        """What ``calling`` gives; None, and it is ended, where the payment is nudged and ``seconds`` have passed."""
        event, begun = self._nudges.setdefault(key, asyncio.Event()), clock.monotonic()

        async def nudged() -> None:
            await event.wait()
            await clock.sleep(seconds - (clock.monotonic() - begun))

        call, asked = asyncio.ensure_future(calling), asyncio.ensure_future(nudged())
        try:
            await asyncio.wait({call, asked}, return_when=asyncio.FIRST_COMPLETED)
            return call.result() if call.done() else None
        finally:
            for one in (call, asked):
                one.cancel()
            await asyncio.gather(call, asked, return_exceptions=True)
            self._nudges.pop(key, None)

    @contextmanager
    def watching(self, key: Key) -> Iterator[Watch]:
        """Be told, while the block runs, of what this process stores about that payment."""
        watch = Watch()
        self._watches.setdefault(key, {})[watch] = None
        try:
            yield watch
        finally:
            self._watches[key].pop(watch, None)
            if not self._watches[key]:
                del self._watches[key]

    def changed(self, key: Key) -> None:
        """Tell whoever watches that payment that something of it was stored."""
        for watch in self._watches.get(key, ()):
            watch.tell()

    async def wait(self, key: Key, seconds: float) -> Payment | None:
        """The payment as its drive left it; None where that does not end well within ``seconds``, or none runs here."""
        task = self._tasks.get(key)
        if task is None or seconds <= 0:
            return None
        await _ended_or_late(task, seconds)
        return task.result() if task.done() and not task.cancelled() and task.exception() is None else None

    async def close(self, seconds: float) -> None:
        """Stop the drives that are pausing, let those in a call end for ``seconds``, then stop them too.

        What is left open is found again by its ``due_at``.
        """
        self._closing = True
        for key in self._nudges:
            self.nudge(key)
        for key in self._watches:
            self.changed(key)
        tasks = list(self._tasks.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        left = [task for task in tasks if task in late]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def pause_after_failure(self, key: Key) -> float:
        """How many seconds to leave a payment alone whose drive has just failed: longer each time, an hour at most."""
        self._failures[key] = failures = self._failures.get(key, 0) + 1
        return min(FAILED_SECONDS * 2.0 ** min(failures - 1, 10), FAILED_SECONDS_MAX)

    def went_well(self, key: Key) -> None:
        """The payment was driven as far as it goes: what failed before counts no more."""
        self._failures.pop(key, None)

    def failed(self, key: Key, error: BaseException) -> None:
        """Tell of a payment that could not be driven on."""
        self._on_failure(key, error)

    def _ended(self, key: Key, task: asyncio.Task[Payment]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        self.changed(key)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._on_failure(key, error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What every act on payments works with.

    ``process`` names this process as a driver. ``alone``: no other process can be driving, so an unfinished payment of
    another driver was left by one that died. ``hmac_key`` stands in for secrets in the kept request.
    ``vault`` seals what a person copies from a statement.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    ids: Ids
    accounts: Accounts
    drives: Drives
    process: str
    alone: bool
    hmac_key: Secret[bytes]
    vault: Vault
    known: Known = field(default_factory=Known)


async def _ended_or_late(task: asyncio.Task[Payment], seconds: float) -> None:
    """``asyncio.wait`` for one task, at half its cost: each payment waits like this once."""
    loop = asyncio.get_running_loop()
    waking = loop.create_future()

    def wake(_task: object = None) -> None:
        if not waking.done():
            waking.set_result(None)

    late = loop.call_later(seconds, wake)
    task.add_done_callback(wake)
    try:
        await waking
    finally:
        late.cancel()
        task.remove_done_callback(wake)


async def _after(before: asyncio.Task[Payment] | None, work: Coroutine[Any, Any, Payment]) -> Payment:
    if before is not None:
        await asyncio.wait({before})
    return await work

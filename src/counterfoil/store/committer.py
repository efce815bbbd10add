"""The committer: gathers the Changes of everybody who waits and makes them durable together, one batch after another.

One lane. A batch holds at most one Change a row; who comes second waits for the next. Merchants take turns, change by
change where a batch holds them all and batch by batch where it holds one (``one_merchant``, a distributed store), so
that a busy one does not starve the others; the last places of the queue are kept for who has little in it.
Nobody is answered before the commit that holds their Change is durable.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, cast

from msgspec import Struct

from counterfoil.basis import Fault, FaultKind, insist
from counterfoil.store.batch import Again, Batch
from counterfoil.store.change import Change, Committed, FateUnknown, Lost
from counterfoil.store.engines.engine import Engine, LeaseLost, Verdict
from counterfoil.store.faults import BUSY, DISK_FULL, LEASE_LOST, POISONOUS, QUEUE_FULL, STOPPED, UNREACHABLE
from counterfoil.store.log import Log
from counterfoil.store.ready import Ready, RowKey, ready
from counterfoil.store.steps import Step, Transaction, run_steps

BATCH_MAX: Final = 256
QUEUE_MAX: Final = 4096
# Of eight places in the queue a merchant with more than a few waiting may take seven.
KEPT_PART: Final = 8
FEW: Final = 64
WAITS_KEPT: Final = 4096
TRIES_MAX: Final = 3

GIVEN_UP: Final = {Verdict.AGAIN: BUSY, Verdict.LOST: UNREACHABLE, Verdict.FULL: DISK_FULL}

Answer = Committed | Lost | Fault | FateUnknown


class Waiting(Struct, frozen=True):
    """A Change and who waits for it."""

    ready: Ready
    answer: asyncio.Future[Committed]
    since: float


class Committer:
    """See the module. ``counted`` tells how often each thing happened: batches, changes, retries, poison, unknown.

    ``waits`` are the seconds that each of the last few thousand Changes waited for its commit.
    """

    def __init__(
        self,
        engine: Engine,
        log: Log,
        fail_stop: Callable[[BaseException], None],
        *,
        steps: Sequence[Step] | None = None,
        queue_max: int = QUEUE_MAX,
        one_merchant: bool = False,
    ) -> None:
        """Commit through ``engine``; ``steps`` are the engine's own unless a test hands in wrong ones."""
        self._engine = engine
        self._log = log
        self._fail_stop = fail_stop
        self._steps = tuple(steps or engine.steps)
        self._queue_max = queue_max
        self._one_merchant = one_merchant
        self._queue: OrderedDict[int, deque[Waiting]] = OrderedDict()
        self._queued = 0
        self._wake = asyncio.Event()
        self._lane: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._known_heads: set[int] = set()
        self._stopped: BaseException | None = None
        self._closed = False
        self.counted: Counter[str] = Counter()
        self.waits: deque[float] = deque(maxlen=WAITS_KEPT)

    @property
    def queued(self) -> int:
        """How many wait for a batch now."""
        return self._queued

    def start(self) -> None:
        """Open the lane. Without it, ``commit`` runs each Change itself (the inline mode)."""
        self._lane = asyncio.create_task(self._run_lane(), name="counterfoil-committer")

    async def close(self) -> None:
        """Finish what waits, then end the lane. The lane is never cancelled: it may be inside a commit."""
        self._closed = True
        self._wake.set()
        if self._lane is not None:
            await self._lane

    async def commit(self, change: Change) -> Committed:
        """Wait until ``change`` is durable. Raises Stale, Repeated, FateUnknown, or a fault of this area."""
        made = ready(change)
        self._refuse_when_stopped()
        if self._lane is None:
            return await self._commit_inline(made)
        queue = self._queue.get(change.merchant_id)
        self._refuse_when_full(0 if queue is None else len(queue))
        if queue is None:
            queue = self._queue[change.merchant_id] = deque()
        loop = asyncio.get_running_loop()
        waiting = Waiting(made, loop.create_future(), loop.time())
        queue.append(waiting)
        self._queued += 1
        self._wake.set()
        return await waiting.answer

    async def _commit_inline(self, made: Ready) -> Committed:
        async with self._one_at_a_time:
            answer = (await self._run([made]))[made.id]
        if isinstance(answer, Committed):
            return answer
        raise answer

    def _refuse_when_stopped(self) -> None:
        if self._stopped is not None:
            raise STOPPED() from self._stopped
        if self._closed:
            raise QUEUE_FULL()

    def _refuse_when_full(self, own: int) -> None:
        """``own`` is how many of this merchant wait already."""
        most = self._queue_max if own < FEW else self._queue_max - self._queue_max // KEPT_PART
        if self._queued >= most:
            self.counted["refused"] += 1
            raise QUEUE_FULL()

    async def _run_lane(self) -> None:
        while not self._closed or self._queued:
            if not self._queued:
                self._wake.clear()
                await self._wake.wait()
            # Let everybody who is ready at this moment come aboard.
            await asyncio.sleep(0)
            batch = self._gather()
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: Sequence[Waiting]) -> None:
        try:
            answers = await self._run([waiting.ready for waiting in batch])
        except Exception as error:  # noqa: BLE001 - whatever it is, it reaches those who wait, and the lane lives on
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_exception(error)
            return
        now = asyncio.get_running_loop().time()
        for waiting in batch:
            self.waits.append(now - waiting.since)
            if waiting.answer.done():
                continue  # who waited has gone; the Change stands as it is
            answer = answers[waiting.ready.id]
            if isinstance(answer, Committed):
                waiting.answer.set_result(answer)
            else:
                waiting.answer.set_exception(answer)

    def _gather(self) -> list[Waiting]:
        """Take turns among the merchants; leave a Change whose id is in the batch, or whose row another there writes.

        So is one that writes what another relies on: side by side, two that each rely on what the other writes would
        both lose, and one of them need not.
        """
        taken: list[Waiting] = []
        rows: set[RowKey] = set()
        relied: set[RowKey] = set()
        ids: set[str] = set()
        left: dict[int, deque[Waiting]] = {}
        turns = self._turns()
        while turns and len(taken) < BATCH_MAX:
            merchant, queue = turns.popitem(last=False)
            first = queue.popleft()
            made = first.ready
            clear = made.rows.isdisjoint(rows) and made.rows.isdisjoint(relied) and made.relied.isdisjoint(rows)
            if made.id in ids or not clear:
                left.setdefault(merchant, deque()).append(first)
            else:
                taken.append(first)
                ids.add(made.id)
            # A row somebody is left waiting for is taken too: nobody overtakes on it.
            rows |= made.rows
            relied |= made.relied
            if queue:
                turns[merchant] = queue
        if turns is not self._queue:
            self._queue.update(turns)
        for merchant, waiting in left.items():
            self._queue[merchant] = waiting + self._queue.pop(merchant, deque())
        self._queued -= len(taken)
        return taken

    def _turns(self) -> OrderedDict[int, deque[Waiting]]:
        """Who takes turns in the next batch: everybody, or only whoever waited longest where it holds one merchant."""
        if not self._one_merchant or not self._queue:
            return self._queue
        return OrderedDict([self._queue.popitem(last=False)])

    async def _run(self, members: Sequence[Ready]) -> dict[str, Answer]:
        """Run a batch to its end; an answer for each Change."""
        answers: dict[str, Answer] = {}
        tries = 0
        while len(answers) < len(members):
            batch = Batch([each for each in members if each.id not in answers], self._log, self._known_heads)
            if self._stopped is not None:
                return answers | _all(batch, STOPPED)
            try:
                await self._engine.transact(partial(self._take_steps, batch))
            except Again:
                self.counted["again"] += 1
                answers.update(batch.lost)
            except Exception as error:  # noqa: BLE001 - judged, and given to the callers
                tries += 1
                answers.update(await self._after(error, batch, tries))
            else:
                answers.update(batch.lost)
                answers.update(self._kept(batch))
        return answers

    async def _take_steps(self, batch: Batch, tx: Transaction) -> None:
        await run_steps(batch, tx, self._steps)

    def _kept(self, batch: Batch) -> dict[str, Committed]:
        committed = batch.committed()
        self._known_heads.update(batch.heads)
        self.counted["batches"] += 1
        self.counted["changes"] += len(committed)
        return committed

    async def _after(self, error: Exception, batch: Batch, tries: int) -> dict[str, Answer]:
        """What the error makes of the batch. An empty answer: run it again."""
        verdict = self._engine.judge(error)
        self.counted[verdict.name.lower()] += 1
        match verdict:
            case Verdict.AGAIN | Verdict.LOST if tries < TRIES_MAX:
                return {}
            case Verdict.AGAIN | Verdict.LOST | Verdict.FULL:
                return _all(batch, GIVEN_UP[verdict])
            case Verdict.AWAY:
                return self._away(error, batch)
            case Verdict.STOP:
                return _all(batch, self._stop(error))
            case Verdict.UNKNOWN:
                return await self._settle(batch, tries)
            case Verdict.POISON:
                return await self._one_by_one(error, batch)

    async def _settle(self, batch: Batch, tries: int) -> dict[str, Answer]:
        """Ask the database what became of the batch: all of it is there, or nothing."""
        found = await self._engine.settle(batch)
        if found is None:
            self._send_home(UNREACHABLE)
            return {**batch.lost, **{member.id: FateUnknown(member.id) for member in batch.winners()}}
        if found:
            return {**batch.lost, **self._kept(batch)}
        return {} if tries < TRIES_MAX else _all(batch, UNREACHABLE)

    def _away(self, error: Exception, batch: Batch) -> dict[str, Answer]:
        insist(isinstance(error, Fault), "an engine says by a fault that its database is away")
        make = partial(_once_more, cast("Fault", error))
        self._send_home(make)
        return _all(batch, make)

    def _send_home(self, make: Callable[[], Fault]) -> None:
        """Answer all who wait: the database was waited for long enough, and nothing of theirs was sent to it."""
        for queue in self._queue.values():
            for waiting in queue:
                if not waiting.answer.done():
                    waiting.answer.set_exception(make())
        self._queue.clear()
        self._queued = 0

    async def _one_by_one(self, error: Exception, batch: Batch) -> dict[str, Answer]:
        """Find the poisonous Change: it alone is Broken."""
        if len(batch.members) == 1:
            return _all(batch, partial(_caused, POISONOUS, error))
        answers: dict[str, Answer] = {}
        for member in batch.members:
            answers.update(await self._run([member]))
        return answers

    def _stop(self, error: Exception) -> Callable[[], Fault]:
        self._stopped = error
        self._fail_stop(error)
        return partial(_caused, LEASE_LOST if isinstance(error, LeaseLost) else STOPPED, error)


def _all(batch: Batch, make: Callable[[], Fault]) -> dict[str, Answer]:
    return {member.id: make() for member in batch.members}


def _once_more(told: Fault) -> Fault:
    """The same for somebody else: an exception is raised once."""
    fault = type(told)(told.kind, told.field, told.instead, told.fill)
    fault.__cause__ = told
    return fault


def _caused(kind: FaultKind, error: Exception) -> Fault:
    fault = kind()
    fault.__cause__ = error
    fault.add_note(repr(error))
    return fault

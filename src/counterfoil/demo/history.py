"""Lets the past happen: the acts' own Changes, at the times the plan says, against the sandbox's own books.

A year is long, so it is not lived act by act. The steps of one day are committed in rounds: first all that begins,
then the answers, then what came after, each round in the order of its times and in as few commits as the store makes
of it. What is written is what the acts write, made by the same functions; only what they would read is at hand already.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

from counterfoil.app import App
from counterfoil.basis import Ids, Secret, SeededEntropy, local_time
from counterfoil.demo.act import Act, Undo, sale_of
from counterfoil.demo.books import Books
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.changes import Changes
from counterfoil.demo.history_clock import HistoryClock, HistoryEntropy
from counterfoil.demo.newcomers import Newcomers
from counterfoil.demo.plan import Plan
from counterfoil.demo.scene import Scene, read_scene
from counterfoil.demo.shops import ZONE
from counterfoil.demo.steps import Step, steps_of
from counterfoil.evidence import Signer
from counterfoil.payments import Payment, as_committed, load, payments_query
from counterfoil.providers.lakala.sandbox import Ledger

Progress = Callable[[int, int], None]
_SUNDAY: Final = 6


class History:
    """The past of one demonstration; its clock stands at the opening."""

    def __init__(self, app: App, plan: Plan, ledger: Ledger) -> None:
        """Build the means under which the past happens."""
        self._plan = plan
        self._store = app.store
        self.clock = HistoryClock(plan.opened)
        self._entropy = HistoryEntropy(plan.seed)
        self.ids = Ids(self.clock, self._entropy)
        self._means = replace(
            app.payments,
            clock=self.clock,
            entropy=self._entropy,
            ids=self.ids,
            process=self.ids.uuid(),
            # Seeded too, because the digest of a payment code stands in the evidence. Nobody repeats these requests.
            hmac_key=Secret(SeededEntropy(f"{plan.seed}/hmac").bytes(32)),
        )
        self._books = Books(ledger)
        self._changes = Changes(self._means, self.clock, self._entropy, self._books, plan.seed)
        uuid = app.store.installation.uuid
        self._signer = Signer(app.store, app.archive, app.log_key, installation=uuid, clock=self.clock, ids=app.ids)
        # By the time of their sale: today's payments, and those a later day undoes.
        self._held: dict[int, Payment] = {}
        self._undone = {act.sale.at: act.at for act in plan.acts if isinstance(act, Undo)}

    async def happen(self, newcomers: Newcomers, on_progress: Progress) -> None:
        """Let everything happen that has not happened yet; the last payment stays open."""
        scene, resumed, told = await read_scene(self._means), await self._day_of_the_newest(), 0
        for day, acts in [(day, tuple(acts)) for day, acts in groupby(self._plan.acts, key=_day)]:
            self.clock.stand_at(acts[0].at)
            self._entropy.turn_to(day.isoformat())
            scene.persons.update(await newcomers.begin(day))
            if resumed is None or day >= resumed:
                if resumed is not None:
                    await self._remember(acts)
                await self._live(acts, scene, self._done(acts) if day == resumed else {})
                await self._end(day)
            told += len(acts)
            on_progress(told, len(self._plan.acts))

    async def _day_of_the_newest(self) -> date | None:
        """The day in which a start was cut short; those before it are whole. None where nothing has happened yet."""
        query = payments_query()
        columns = query.selected_columns
        newest = query.where(columns.merchant_id == MERCHANT_ID).order_by(columns.taken_at.desc()).limit(1)
        row = await self._store.fetch_one(newest)
        return None if row is None else local_time(row["taken_at"], ZONE).date()

    async def _remember(self, acts: Sequence[Act]) -> None:
        """Read what an earlier start wrote of these payments."""
        for at in {sale_of(act).at for act in acts} - self._held.keys():
            payment = await load(self._store, MERCHANT_ID, self._changes.payment_id(at))
            if payment is not None:
                self._held[at] = payment

    def _done(self, acts: Sequence[Act]) -> Mapping[int, int]:
        """How many steps of these acts an earlier start committed, by the time of the sale.

        A payment's version counts its steps, for each of them writes its row once.
        """
        earlier = Counter[int]()
        for act in self._plan.acts[: self._plan.acts.index(acts[0])]:
            earlier[sale_of(act).at] += len(steps_of(act))
        return {at: payment.version - earlier[at] for at, payment in self._held.items()}

    async def _live(self, acts: Sequence[Act], scene: Scene, done: Mapping[int, int]) -> None:
        """One day, in rounds: the first step of every payment, then the second of those that have one, and so on."""
        steps: dict[int, list[Step]] = defaultdict(list)
        for act in acts:
            steps[sale_of(act).at] += steps_of(act)
        for number in range(max(map(len, steps.values()))):
            due = [each[number] for at, each in steps.items() if done.get(at, 0) <= number < len(each)]
            await self._round(sorted(due, key=_at), scene)

    async def _round(self, steps: Sequence[Step], scene: Scene) -> None:
        changes = [self._changes.of(step, self._held.get(sale_of(step.act).at), scene) for step in steps]
        self._books.write()
        ends = await asyncio.gather(*(self._store.commit(change) for change in changes))
        for step, change, committed in zip(steps, changes, ends, strict=True):
            at = sale_of(step.act).at
            self._held[at] = as_committed(self._held.get(at), change, committed)

    async def _end(self, day: date) -> None:
        """Forget what nothing will happen to; sign once a week, as old checkpoints are thinned out."""
        now = self.clock.now()
        self._held = {at: payment for at, payment in self._held.items() if self._undone.get(at, 0) > now}
        if day.weekday() == _SUNDAY:
            await self._signer.sign_all()


def _day(act: Act) -> date:
    return local_time(act.at, ZONE).date()


def _at(step: Step) -> int:
    return step.at

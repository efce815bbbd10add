"""Lets the past happen: the acts' own Changes, at the times the plan says, against the sandbox's own books.

A year is long, so it is not lived act by act. Its steps are committed in rounds of up to two days, in the order of
their times, and an act and its answer in one go where nothing else happened between them. What is written is what the
acts write, made by the same functions; only what they would read is at hand already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from counterfoil.app import App
from counterfoil.basis import Ids, Secret, SeededEntropy
from counterfoil.demo.books import Books
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.changes import Changes
from counterfoil.demo.history_clock import HistoryClock, HistoryEntropy
from counterfoil.demo.plan import Plan
from counterfoil.demo.rounds import Run, rounds
from counterfoil.demo.scene import Scene, read_scene
from counterfoil.demo.staff_changes import StaffChanges
from counterfoil.evidence import Signer
from counterfoil.payments import Payment, as_committed, load, payments_query
from counterfoil.providers.lakala.sandbox import Ledger
from counterfoil.store import Change

Progress = Callable[[int, int], None]
RUNS_A_CHECKPOINT: Final = 800
_BUILT_A_TURN: Final = 24


Made = tuple[Run, Payment | None, Change]


class History:
    """The past of one demonstration; its clock stands at the opening."""

    def __init__(self, app: App, plan: Plan, ledger: Ledger) -> None:
        """Build the means under which the past happens."""
        self._plan = plan
        self._store = app.store
        self.clock = HistoryClock(plan.opened)
        self.entropy = HistoryEntropy(plan.seed)
        self.ids = Ids(self.clock, self.entropy)
        self._means = replace(
            app.payments,
            clock=self.clock,
            entropy=self.entropy,
            ids=self.ids,
            process=self.ids.uuid(),
            # Seeded too, because the digest of a payment code stands in the evidence. Nobody repeats these requests.
            hmac_key=Secret(SeededEntropy(f"{plan.seed}/hmac").bytes(32)),
        )
        self._books = Books(ledger)
        self._changes = Changes(self._means, self.clock, self.entropy, self._books, plan.seed)
        uuid = app.store.installation.uuid
        self._signer = Signer(app.store, app.archive, app.log_key, installation=uuid, clock=self.clock, ids=app.ids)
        # The payments to which more will happen, by the time of their sale.
        self._held: dict[int, Payment] = {}
        self._unsigned = 0

    async def happen(self, changes: StaffChanges, on_progress: Progress) -> None:
        """Let everything happen that has not happened yet; the last payment stays open."""
        scene = await read_scene(self._means, self._plan.today)
        all_rounds = rounds(self._plan.acts, changes.times())
        versions = await self._versions()
        committing = asyncio.ensure_future(self._commit([]))
        try:
            for number, runs in enumerate(all_rounds):
                if changes.due(runs[0].at):
                    await committing
                    await changes.happen(runs[0].at)
                    scene = await read_scene(self._means, self._plan.today)
                left = self._not_done(runs, versions) if versions else runs
                # What begins needs nothing of the round before, which is being committed meanwhile.
                made = await self._make([run for run in left if run.number == 0], scene)
                await committing
                on_progress(number, len(all_rounds))
                await self._sign()
                made += await self._make([run for run in left if run.number > 0], scene)
                self._books.write()
                committing = asyncio.ensure_future(self._commit(sorted(made, key=_at)))
            await committing
        finally:
            # What the store has been given is waited for, whatever ends this.
            await asyncio.wait({committing})
        on_progress(len(all_rounds), len(all_rounds))

    async def _versions(self) -> dict[str, int]:
        """How many runs of each payment an earlier start committed: each writes its payment's row once."""
        query = payments_query()
        columns = query.selected_columns
        wanted = query.with_only_columns(columns.id, columns.version).where(columns.merchant_id == MERCHANT_ID)
        return {row["id"]: row["version"] for row in await self._store.fetch(wanted)}

    def _not_done(self, runs: Sequence[Run], versions: Mapping[str, int]) -> Sequence[Run]:
        return [run for run in runs if run.number >= versions.get(self._changes.payment_id(run.sold_at), 0)]

    async def _sign(self) -> None:
        if self._unsigned >= RUNS_A_CHECKPOINT:
            self._unsigned = 0
            await self._signer.sign_all()

    async def _make(self, runs: Sequence[Run], scene: Scene) -> list[Made]:
        made: list[Made] = []
        for place, run in enumerate(runs):
            if place % _BUILT_A_TURN == 0:
                await asyncio.sleep(0)
            payment = self._held.pop(run.sold_at, None)
            if payment is None and run.number:
                payment = await load(self._store, MERCHANT_ID, self._changes.payment_id(run.sold_at))
            made.append((run, payment, self._changes.of(run, payment, scene)))
        return made

    async def _commit(self, made: Sequence[Made]) -> None:
        ends = await asyncio.gather(*(self._store.commit(change) for _, _, change in made))
        self._unsigned += len(made)
        for (run, payment, change), committed in zip(made, ends, strict=True):
            if run.goes_on:
                self._held[run.sold_at] = as_committed(payment, change, committed)


def _at(made: Made) -> int:
    return made[0].at

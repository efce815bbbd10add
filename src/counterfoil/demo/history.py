"""Lets the past happen: the acts' own Changes, at the times the plan says, against the sandbox's own books.

A year is long, so it is not lived act by act. Its steps are committed in rounds of about a day: what begins today,
what was answered of yesterday's, what came after that; each round in the order of its times and in one go. What is
written is what the acts write, made by the same functions; only what they would read is at hand already.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from counterfoil.app import App
from counterfoil.basis import Ids, Secret, SeededEntropy, local_time
from counterfoil.demo.act import sale_of
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
from counterfoil.store import Change, Committed

Progress = Callable[[int, int], None]
# With their followers about as many as the store commits at once.
ACTS_A_ROUND: Final = 120
_ROUNDS_A_CHECKPOINT: Final = 7
_BUILT_A_TURN: Final = 24


class Due(NamedTuple):
    """A step, how many of its payment come before it, and whether another one follows."""

    step: Step
    number: int
    goes_on: bool

    @property
    def sold_at(self) -> int:
        """When the payment was sold, by which it is known here."""
        return sale_of(self.step.act).at


Made = tuple[Due, Payment | None, Change]


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
        # The payments to which more will happen, by the time of their sale.
        self._held: dict[int, Payment] = {}

    async def happen(self, newcomers: Newcomers, on_progress: Progress) -> None:
        """Let everything happen that has not happened yet; the last payment stays open."""
        scene, all_rounds = await read_scene(self._means), rounds(self._plan)
        versions = await self._versions()
        committing = asyncio.ensure_future(self._commit([]))
        try:
            for number, dues in enumerate(all_rounds):
                await self._begin_day(dues[-1].step, scene, newcomers)
                left = self._not_done(dues, versions) if versions else dues
                # What begins needs nothing of the round before, which is being committed meanwhile.
                made = await self._make([due for due in left if due.number == 0], scene)
                await committing
                on_progress(number, len(all_rounds))
                if number % _ROUNDS_A_CHECKPOINT == _ROUNDS_A_CHECKPOINT - 1:
                    await self._signer.sign_all()
                made += await self._make([due for due in left if due.number > 0], scene)
                self._books.write()
                committing = asyncio.ensure_future(self._commit(sorted(made, key=_at)))
            await committing
        finally:
            # What the store has been given is waited for, whatever ends this.
            await asyncio.wait({committing})
        on_progress(len(all_rounds), len(all_rounds))

    async def _versions(self) -> dict[str, int]:
        """How many steps of each payment an earlier start committed: each writes its payment's row once."""
        query = payments_query()
        columns = query.selected_columns
        wanted = query.with_only_columns(columns.id, columns.version).where(columns.merchant_id == MERCHANT_ID)
        return {row["id"]: row["version"] for row in await self._store.fetch(wanted)}

    def _not_done(self, dues: Sequence[Due], versions: Mapping[str, int]) -> Sequence[Due]:
        return [due for due in dues if due.number >= versions.get(self._changes.payment_id(due.sold_at), 0)]

    async def _begin_day(self, step: Step, scene: Scene, newcomers: Newcomers) -> None:
        day = local_time(step.act.at, ZONE).date()
        self.clock.stand_at(step.act.at)
        self._entropy.turn_to(day.isoformat())
        scene.persons.update(await newcomers.begin(day))

    async def _make(self, dues: Sequence[Due], scene: Scene) -> list[Made]:
        made: list[Made] = []
        for place, due in enumerate(dues):
            if place % _BUILT_A_TURN == 0:
                await asyncio.sleep(0)
            payment = self._held.pop(due.sold_at, None)
            if payment is None and due.number:
                payment = await load(self._store, MERCHANT_ID, self._changes.payment_id(due.sold_at))
            made.append((due, payment, self._changes.of(due.step, payment, scene)))
        return made

    async def _commit(self, made: Sequence[Made]) -> None:
        ends = await asyncio.gather(*(self._store.commit(change) for _, _, change in made))
        for (due, payment, change), committed in zip(made, ends, strict=True):
            self._keep(due, payment, change, committed)

    def _keep(self, due: Due, payment: Payment | None, change: Change, committed: Committed) -> None:
        if due.goes_on:
            self._held[due.sold_at] = as_committed(payment, change, committed)


def rounds(plan: Plan) -> list[list[Due]]:
    """The steps of a plan in rounds: an act's first step in the round of its acts, each other one a round later.

    No payment is in a round twice.
    """
    made: dict[int, list[Due]] = defaultdict(list)
    last: dict[int, tuple[int, int]] = {}
    for place, act in enumerate(plan.acts):
        sold_at = sale_of(act).at
        for step in steps_of(act):
            before, number = last.get(sold_at, (-1, 0))
            round_ = max(place // ACTS_A_ROUND, before + 1)
            last[sold_at] = round_, number + 1
            made[round_].append(Due(step, number, goes_on=False))
    ends = {sold_at: count - 1 for sold_at, (_, count) in last.items()}
    return [
        [due._replace(goes_on=due.number < ends[due.sold_at]) for due in sorted(made[number], key=_due_at)]
        for number in sorted(made)
    ]


def _due_at(due: Due) -> int:
    return due.step.at


def _at(made: Made) -> int:
    return made[0].step.at

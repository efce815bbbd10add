"""Acts of every kind on one shop's payments, several at a time, with luck that is drawn, and the end of it all."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from sqlalchemy import select

from counterfoil.basis import Money, Refused
from counterfoil.payments import (
    Payment,
    RefundAsk,
    VoidAsk,
    WithdrawAsk,
    load,
    refund,
    resolve_due,
    take,
    void,
    withdraw,
)
from counterfoil.payments.states import MONEY
from counterfoil.payments.tables import payment
from counterfoil.testing.fault_proxy import Break, FaultProxy

AT_ONCE = 40
FAULTS = 0.1
# What people do with a payment that is open, and with one that was received; now and then something that is not legal.
WHERE_OPEN = ("nothing", "nothing", "withdraw", "void")
WHERE_RECEIVED = (*("void",) * 4, *("refund",) * 4, *("part",) * 8, "withdraw")
# How many of the newest payments somebody comes back to.
RECENT = 200
# DELAY and SLOW take real time, and end as LATE does, which a sandbox plays by the clock that obeys.
BREAKS = [one for one in Break if one not in {Break.PASS, Break.DELAY, Break.SLOW}]
OPEN = select(payment.c.id).where(payment.c.due_at.is_not(None)).limit(1)
STILL_SECONDS = 0.3


@dataclass
class Mixed:
    """What is done to the shop of ``house``, and what came of it. ``avoided``: amounts that play a trick themselves."""

    house: object
    face: object
    clock: object
    luck: Random
    wire: FaultProxy
    wallets: tuple[str, ...]
    avoided: frozenset[int]
    ids: list[str] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    played: Counter[str] = field(default_factory=Counter)
    wired: Counter[str] = field(default_factory=Counter)
    drawn: list[Break] = field(default_factory=list)

    async def go(self, count: int, night_seconds: float) -> None:
        """Take that many, with what follows on some of them; one night passes in the middle."""
        for begun in range(0, count, AT_ONCE):
            if begun == count // 2 // AT_ONCE * AT_ONCE:
                # A reversal that is under way at the day's cut is rightly left to a person.
                await self.end()
                await self.clock.advance(night_seconds)
            self._break_the_wire()
            before = self.luck.sample(self.ids[-RECENT:], min(len(self.ids), AT_ONCE * 3 // 4))
            following = [self._follow(payment_id) for payment_id in before for _ in range(self.luck.choice((1, 1, 2)))]
            together = asyncio.gather(*following, *(self._take() for _ in range(min(AT_ONCE, count - begun))))
            while not together.done():
                await self._pass(self.luck.choice((0.5, 1, 3)))
            together.result()

    async def end(self) -> None:
        """Let time pass over a whole wire, in steps that grow, until nothing is open."""
        self._count_the_broken()
        step = 10.0
        for _ in range(300):
            if await self.house.app.store.fetch_one(OPEN, {}) is None:
                return
            # Somebody looks: an answer that is still listened for is asked for instead.
            drives = self.house.app.payments.drives
            for key in list(drives._tasks):
                drives.nudge(key)
            await self._pass(step)
            await resolve_due(self.house.app.payments)
            step = min(step * 1.1, 1800)
        raise AssertionError("it never came to rest")

    async def _pass(self, seconds: float) -> None:
        await self._quiet()
        await self.clock.advance(seconds)

    async def _quiet(self) -> None:
        """Until each drive waits for its time, or nothing has moved for a while: a late answer waits for the clock."""
        drives, moved = self.house.app.payments.drives, asyncio.get_running_loop().time()
        busy = None
        while (now := drives._tasks.keys() - drives._nudges.keys()) or busy is None:
            if now != busy:
                busy, moved = now, asyncio.get_running_loop().time()
            if asyncio.get_running_loop().time() - moved > STILL_SECONDS:
                return
            await asyncio.sleep(0.005)

    def _break_the_wire(self) -> None:
        """How the next exchanges go, questions too; those drawn before that were not come to are dropped."""
        self._count_the_broken()
        broken = [self.luck.random() < FAULTS for _ in range(AT_ONCE * 8)]
        self.drawn = [self.luck.choice(BREAKS) if one else Break.PASS for one in broken]
        self.wire.plan.extend(self.drawn)

    def _count_the_broken(self) -> None:
        self.wired.update(self.drawn[: len(self.drawn) - len(self.wire.plan)])
        self.wire.plan.clear()

    def _bad_luck(self) -> None:
        if self.luck.random() < FAULTS:
            trick = self.luck.choice(sorted(self.face.tricks))
            self.played[trick] += 1
            self.face.play(trick)

    async def _take(self) -> None:
        self._bad_luck()
        minor = self.luck.choice([one for one in range(2, 9_000, 7) if one not in self.avoided])
        if self.wallets and self.luck.random() < 0.3:
            ask = self.house.shown_payment(minor, wait_seconds=0, wallet=self.luck.choice(self.wallets))
        else:
            ask = self.house.code_payment(minor, wait_seconds=0)
        self.ids.append(ask.id)
        self.acts[ask.entry] += 1
        await take(self.house.app.payments, self.house.actor(), ask)

    async def _follow(self, payment_id: str) -> None:
        """Void, refund in whole or in part, or withdraw it; what is not legal now is refused, and that is right."""
        found = await load(self.house.app.store, 1, payment_id)
        what = self.luck.choice(WHERE_OPEN if found.in_flight else WHERE_RECEIVED)
        if found.money in MONEY.final or what == "nothing":
            return
        self._bad_luck()
        try:
            await self._on(what, found)
            self.acts[what] += 1
        except Refused as refused:
            self.refused[refused.kind.code] += 1

    async def _on(self, what: str, found: Payment) -> None:
        means, actor = self.house.app.payments, self.house.actor()
        told = {"id": self.house.app.ids.uuid(), "payment_id": found.id, "wait_seconds": 0}
        if what == "void":
            await void(means, actor, VoidAsk(reason="TEST", **told))
        elif what == "withdraw":
            await withdraw(means, actor, WithdrawAsk(**told))
        else:
            left = max(1, found.amount_minor - found.refunded_minor - found.refund_reserved_minor)
            minor = left if what == "refund" else self.luck.randint(1, left)
            await refund(means, actor, RefundAsk(reason="TEST", amount=Money(minor), **told))


def wire_between(wire_of: list[FaultProxy]):
    """A wire for ``open_shop_at``; it is put into the list."""

    @asynccontextmanager
    async def between(url: str):
        place = urlsplit(url)
        wire_of.append(FaultProxy(place.hostname, place.port))
        async with wire_of[0].running() as port:
            yield f"http://127.0.0.1:{port}"

    return between

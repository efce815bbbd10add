"""Tills and the people before and behind them: they retry, tap twice, lose patience, change their minds, and leave."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from counterfoil.app import App
from counterfoil.basis import Ids, Money, Refused, Secret, Trouble
from counterfoil.payments import (
    Payment,
    RefundAsk,
    TakeAsk,
    VoidAsk,
    WithdrawAsk,
    cancel_refund,
    load,
    refund,
    resolve,
    take,
    void,
    withdraw,
)
from counterfoil.people import Actor
from counterfoil.simulation.house import MERCHANT, Away, House, record_of
from counterfoil.simulation.journal import Journal, Sale
from counterfoil.simulation.profile import Weather

_CODES: Final = ("134567890123456789", "288888888888888888", "621234567890123456", "289999999999999999")
_TRIES_MAX: Final = 12
_OF_100: Final = 100
# How long after a refusal what it showed to be wrong, such as a key that holds no more, is mended.
_MENDED_SECONDS: Final = 60.0


class Till:
    """One till with its operator."""

    def __init__(self, house: House, terminal: int, *, ids: Ids, journal: Journal, dice: random.Random) -> None:
        """Stand at the shop's terminal of that index."""
        self.weather = Weather()
        self._house = house
        self._actor: Actor = house.actors[terminal]
        self._ids = ids
        self._journal = journal
        self._dice = dice
        self._queue = 0
        self._hurried = asyncio.Event()

    async def work(self, sales: int, open_seconds: float) -> None:
        """Sell so often while the shop is open; each customer is served before the next, as far as that goes."""
        for _ in range(sales):
            await self._next_customer(self._dice.expovariate(sales / open_seconds))
            await self._serve()

    def hurry(self, customers: int) -> None:
        """So many of those who would have come later come now."""
        self._queue += customers
        self._hurried.set()

    async def sell_at_last(self) -> Payment | None:
        """When nothing is wrong any more a payment is taken, at the second try at the latest, and by the first choice.

        What is found out by the first one, such as a key that holds no more, is mended before the second.
        """
        payment = await self.sell_plainly()
        if payment is None or payment.money.value != "captured":
            payment = await self.sell_plainly()
        if payment is None or payment.money.value != "captured":
            money = "nothing" if payment is None else payment.money.value
            self._journal.stuck.append(f"nothing is wrong any more, and a payment comes to {money}")
            return None
        if payment.account_id != self._house.first_choice.get(payment.terminal_id, payment.account_id):
            self._journal.stuck.append(
                f"nothing is wrong any more, and payment {payment.id} passes by its first choice"
            )
        return payment

    async def sell_plainly(self) -> Payment | None:
        """One payment by a customer's code."""
        ask = replace(self._sale(), method="qr", entry="consumer_code", wallet=None, wait_seconds=30.0)
        ask = replace(ask, auth_code=Secret(_CODES[0]))
        self._journal.asked(Sale(ask.id, ask.amount.minor, ask.method))
        return await self._taken(ask)

    async def give_up_at_last(self, payment: Payment) -> None:
        """A refund that no account covers can be given up, the second one at the latest: see ``sell_at_last``."""
        if not await self._given_up(payment):
            await asyncio.sleep(_MENDED_SECONDS)
            if not await self._given_up(payment):
                self._journal.stuck.append(f"nothing is wrong any more, and no refund of {payment.id} can be given up")

    async def _given_up(self, payment: Payment) -> bool:
        leg_id = await self._refund(payment)
        return await self._asked(lambda app: cancel_refund(app.payments, self._actor, payment.id, leg_id)) is not None

    async def give_back(self, order_no: str) -> None:
        """Somebody who paid by the code on the counter wants money back, where that payment is a record by now."""
        with contextlib.suppress(Away):
            payment = await self._house.ask(lambda app: record_of(app, order_no))
            if payment is not None and payment.refundable.minor:
                self._journal.counted["printed given back"] += 1
                await self._refund(payment)

    async def _next_customer(self, pause_seconds: float) -> None:
        if not self._queue:
            self._hurried.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurried.wait(), pause_seconds)
        if self._queue:
            self._queue -= 1
            await asyncio.sleep(self._dice.uniform(0.0, 4.0))

    async def _serve(self) -> None:
        ask = self._sale()
        self._journal.asked(Sale(ask.id, ask.amount.minor, ask.method))
        if self._happens(self.weather.taps_twice):
            payment, _ = await asyncio.gather(self._taken(ask), self._taken(ask))
        else:
            payment = await self._taken(ask)
        if payment is not None and payment.in_flight:
            payment = await self._waited(payment)
        if payment is not None and payment.refundable.minor:
            await self._changed_mind(payment)

    def _sale(self) -> TakeAsk:
        minor = self._dice.choice((100, 880, 3800, 12_345, 99_999)) + self._dice.randrange(50)
        way = self._dice.randrange(_OF_100)
        plain = TakeAsk(
            id=self._ids.uuid(),
            shop_id=self._house.shop_id,
            terminal_id=self._actor.terminal_id or "",
            method="qr",
            entry="consumer_code",
            amount=Money(minor),
            wait_seconds=self._dice.choice((0.0, 5.0, 30.0, 30.0, 60.0)),
        )
        if way < 10:  # noqa: PLR2004 - of a hundred
            return replace(plain, method="cash", entry="keyed")
        if way < 30:  # noqa: PLR2004 - of a hundred
            return replace(plain, entry="merchant_code", wallet=self._dice.choice(("alipay", "unionpay")))
        return replace(plain, auth_code=Secret(self._dice.choice(_CODES)))

    async def _taken(self, ask: TakeAsk) -> Payment | None:
        await asyncio.sleep(self._dice.uniform(0.0, 0.4))
        return await self._asked(lambda app: take(app.payments, self._actor, ask))

    async def _asked(self, work: Callable[[App], Awaitable[Payment]]) -> Payment | None:
        """Ask until there is an answer, always with the same id; None where it is refused or given up."""
        for _ in range(_TRIES_MAX):
            try:
                payment = await self._house.ask(work)
            except Away:
                self._journal.counted["unheard"] += 1
                if self._happens(self.weather.gives_up):
                    return None
                await asyncio.sleep(self._dice.uniform(0.5, 30.0))
            except (Refused, Trouble) as fault:
                self._journal.counted[fault.kind.code] += 1
                return None
            except Exception as error:  # noqa: BLE001 - whatever it is, a person at a till must never meet it
                self._journal.broken.append(f"a till was answered {error!r}, because of {error.__cause__!r}")
                return None
            else:
                self._journal.heard(payment)
                return payment
        return None

    async def _waited(self, payment: Payment) -> Payment | None:
        """The customer is still there, or not."""
        for _ in range(self._dice.randrange(1, 8)):
            if self._happens(self.weather.leaves):
                return await self._withdrawn(payment) if self._dice.random() < 0.7 else None  # noqa: PLR2004 - of a whole
            await asyncio.sleep(self._dice.uniform(1.0, 40.0))
            found = await self._asked(lambda app: resolve(app.payments, MERCHANT, payment.id))
            if found is None or not found.in_flight:
                return found
        return await self._withdrawn(payment) if self._dice.random() < 0.5 else None  # noqa: PLR2004 - of a whole

    async def _withdrawn(self, payment: Payment) -> Payment | None:
        ask = WithdrawAsk(id=self._ids.uuid(), payment_id=payment.id, wait_seconds=20)
        self._journal.undoing(payment.id, ask.id, "withdraw")
        if self._happens(self.weather.at_once):
            other = replace(ask, id=self._ids.uuid())
            self._journal.undoing(payment.id, other.id, "withdraw")
            await asyncio.gather(self._withdrawing(ask), self._withdrawing(other))
            return None
        return await self._withdrawing(ask)

    async def _withdrawing(self, ask: WithdrawAsk) -> Payment | None:
        return await self._asked(lambda app: withdraw(app.payments, self._actor, ask))

    async def _changed_mind(self, payment: Payment) -> None:
        """Of a hundred customers some come back: soon, or in an hour, or at the end of the day."""
        way = self._dice.randrange(_OF_100)
        if way >= 30:  # noqa: PLR2004 - of a hundred
            return
        await asyncio.sleep(self._dice.choice((1.0, 30.0, 600.0, 7200.0)) * self._dice.random())
        undo = self._void if way < 14 else self._refund  # noqa: PLR2004 - of a hundred
        if self._happens(self.weather.at_once):
            await asyncio.gather(undo(payment), self._refund(payment), undo(payment))
        else:
            await undo(payment)
        if self._dice.random() < 0.3:  # noqa: PLR2004 - of a whole
            await self._refund(payment)
        await self._cancelled(payment)

    async def _void(self, payment: Payment) -> None:
        ask = VoidAsk(id=self._ids.uuid(), payment_id=payment.id, reason="WRONG_AMOUNT")
        self._journal.undoing(payment.id, ask.id, "void")
        await asyncio.sleep(self._dice.uniform(0.0, 0.4))
        await self._asked(lambda app: void(app.payments, self._actor, ask))

    async def _refund(self, payment: Payment) -> str:
        minor = payment.refundable.minor
        part = minor if self._dice.random() < 0.4 else self._dice.randrange(1, minor + 1)  # noqa: PLR2004 - of a whole
        ask = RefundAsk(id=self._ids.uuid(), payment_id=payment.id, amount=Money(part), reason="QUALITY")
        self._journal.undoing(payment.id, ask.id, "refund")
        await asyncio.sleep(self._dice.uniform(0.0, 0.4))
        await self._asked(lambda app: refund(app.payments, self._actor, ask))
        return ask.id

    async def _cancelled(self, payment: Payment) -> None:
        """Now and then somebody gives up a refund that waits for the account to cover it, after some minutes."""
        await asyncio.sleep(self._dice.uniform(60.0, 400.0))
        with contextlib.suppress(Away):
            now = await self._house.ask(lambda app: load(app.store, MERCHANT, payment.id))
            waiting = [leg.id for leg in now.refunds if leg.queued] if now is not None else []
            if waiting and self._dice.random() < 0.9:  # noqa: PLR2004 - of a whole
                self._journal.counted["cancel"] += 1
                await self._asked(lambda app: cancel_refund(app.payments, self._actor, payment.id, waiting[0]))

    def _happens(self, of_thousand: int) -> bool:
        return self._dice.randrange(1000) < of_thousand

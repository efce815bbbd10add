"""Lets the past happen: the real acts, under a clock that stands where the plan says, against the sandbox's own books.

Only three things differ from a day at the till: the clock, the randomness (seeded, so that the same plan writes the
same bytes), and the connector, which reaches the sandbox's ledger without a network between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from counterfoil import payments
from counterfoil.app import App
from counterfoil.basis import MICROS, Ids, Money, Secret, SeededEntropy
from counterfoil.demo.cast import MERCHANT_ID, operator_number, supervisor_number, terminal_number
from counterfoil.demo.day import Act, Sale, Undo
from counterfoil.demo.draws import Draws
from counterfoil.demo.plan import Plan
from counterfoil.payments import (
    Drives,
    MoneyState,
    RefundAsk,
    TakeAsk,
    VoidAsk,
    left_open,
    load,
    refund,
    resolve,
    take,
    void,
)
from counterfoil.people import ALLOWED, Actor, Person, Role, Terminal, persons, terminals
from counterfoil.providers import (
    Accounts,
    Answered,
    Approved,
    Charge,
    Connector,
    Declined,
    DeclineReason,
    Leg,
    Query,
    Unknown,
    Why,
)
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Filled, Ledger, numbers_of
from counterfoil.store import Row

Progress = Callable[[int, int], None]
_CODES: Final = {"wechat": ("13", 16), "alipay": ("28", 16), "unionpay": ("62", 17), "ecny": ("01", 17)}
_ACCOUNT_TYPES: Final = {"wechat": "WECHAT", "alipay": "ALIPAY", "unionpay": "UQRCODEPAY", "ecny": "DCPAY"}
_CARD_TYPES: Final = {"wechat": "02", "alipay": "04", "unionpay": "00", "ecny": "05"}
_CARD_KINDS: Final = {"00": "debit"}
_DECLINE_CODES: Final = {
    "balance": "SBX90101",
    "code_expired": "SBX90102",
    "limit": "SBX90103",
    "other": "SBX90104",
}
_UNDO_MICROS: Final = 1_200_000
_LEFT_OPEN_SECONDS: Final = 60
_DRIVES_END_SECONDS: Final = 2.0


class HistoryClock:
    """Stands where it was put and never goes back. Who sleeps moves it, until it is told to stand still."""

    def __init__(self, start: int) -> None:
        """Stand at ``start``, UTC microseconds."""
        self._start = start
        self._now = start
        self._still = False

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since this clock was made."""
        return (self._now - self._start) / MICROS

    async def sleep(self, seconds: float) -> None:
        """Go on by ``seconds`` at once; where it stands still: never end."""
        if self._still:
            await asyncio.Event().wait()
        self.go_to(self._now + int(seconds * MICROS))
        await asyncio.sleep(0)

    def go_to(self, at: int) -> None:
        """Stand at ``at``, unless that is past already."""
        self._now = max(self._now, at)

    def stand_still(self) -> None:
        """From now on time passes for nobody."""
        self._still = True


class HistoryEntropy:
    """Seeded, with a stream of its own for each act: what one act draws does not depend on those before."""

    def __init__(self, seed: str) -> None:
        """Begin with the stream of ``seed`` alone."""
        self._seed = seed
        self._stream = SeededEntropy(seed)

    def bytes(self, count: int) -> bytes:
        """The next bytes of the stream."""
        return self._stream.bytes(count)

    def turn_to(self, act: str) -> None:
        """Begin the stream of an act."""
        self._stream = SeededEntropy(f"{self._seed}/{act}")


class LedgerConnector:
    """Lakala as its sandbox would have answered, by its books. ``sale`` is what is being paid now."""

    def __init__(self, ledger: Ledger, clock: HistoryClock) -> None:
        """Write into ``ledger`` at the times of ``clock``."""
        self._ledger = ledger
        self._clock = clock
        self.sale: Sale | None = None

    async def charge(self, call: Charge) -> Answered:
        """Take as long as the plan says, then answer as it says."""
        sale = self.sale
        if sale is None or call.auth_code is None:
            return Answered(Unknown(Why.NOT_SENT))
        self._clock.go_to(self._clock.now() + sale.takes)
        if sale.ends == "declined":
            return Answered(Declined(reason=DeclineReason(sale.reason), code=_DECLINE_CODES[sale.reason]))
        card_type = _CARD_TYPES[sale.wallet]
        filled = Filled(
            order_no=call.order_no,
            kind="charge",
            amount_minor=call.amount.minor,
            at=self._second(),
            account_type=_ACCOUNT_TYPES[sale.wallet],
            card_type=card_type,
            silent=sale.ends == "unknown",
        )
        self._ledger.fill(MERCHANT_NO, [filled])
        if sale.ends == "unknown":
            return Answered(Unknown(Why.NO_ANSWER, "ReadTimeout"))
        approved = self._approved(filled)
        return Answered(
            replace(
                approved,
                wallet=sale.wallet,
                card_kind=_CARD_KINDS.get(card_type),
                payer_minor=call.amount.minor,
                merchant_discount_minor=0,
                platform_discount_minor=0,
            )
        )

    async def query(self, call: Query) -> Answered:
        """Whether the books hold it."""
        trade = self._ledger.find(MERCHANT_NO, order_no=call.order_no)
        if trade is None:
            return Answered(Unknown(Why.NOT_FOUND))
        return Answered(Approved(provider_trade_no=trade.trade_no, reference_no=trade.log_no, paid_at=trade.at))

    async def void(self, call: Leg) -> Answered:
        """Undone, whole."""
        return self._undone(call, "void")

    async def reverse(self, call: Leg) -> Answered:
        """Undone, or never there."""
        found = self._ledger.find(MERCHANT_NO, order_no=call.origin_order_no)
        return self._undone(call, "void") if found else Answered(Approved())

    async def refund(self, call: Leg) -> Answered:
        """Given back."""
        return self._undone(call, "refund")

    def _undone(self, call: Leg, kind: str) -> Answered:
        self._clock.go_to(self._clock.now() + _UNDO_MICROS)
        charge = self._ledger.find(MERCHANT_NO, order_no=call.origin_order_no)
        filled = Filled(
            order_no=call.order_no,
            kind=kind,
            amount_minor=call.amount.minor,
            at=self._second(),
            account_type=charge.account_type if charge else "WECHAT",
            card_type=charge.card_type if charge else "99",
            origin=call.origin_order_no,
        )
        self._ledger.fill(MERCHANT_NO, [filled])
        return Answered(replace(self._approved(filled), returned_minor=call.amount.minor))

    def _approved(self, filled: Filled) -> Approved:
        numbers = numbers_of(MERCHANT_NO, filled.order_no, filled.kind, filled.at)
        return Approved(
            provider_trade_no=numbers.trade_no,
            wallet_trade_no=numbers.acc_trade_no,
            reference_no=numbers.log_no,
            paid_at=filled.at,
        )

    def _second(self) -> int:
        """Lakala's times have no parts of a second."""
        return self._clock.now() // MICROS * MICROS


class HistoryAccounts(Accounts):
    """The app's accounts as they are, but Lakala's are reached through its books."""

    def __init__(self, accounts: Accounts, lakala: LedgerConnector) -> None:
        """Share all that ``accounts`` holds."""
        vars(self).update(vars(accounts))
        self._lakala = lakala

    def connector(self, account: Row) -> Connector:
        """The books for Lakala, cash as ever."""
        return self._lakala if account["provider"] == "lakala" else super().connector(account)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    terminals: dict[str, Terminal]
    persons: dict[str, Person]


class History:
    """The past of one demonstration. ``begin`` stands the clock at the opening."""

    def __init__(self, app: App, plan: Plan, ledger: Ledger) -> None:
        """Build the means under which the past happens."""
        self._plan = plan
        self._app = app
        self.clock = HistoryClock(plan.opened)
        self.entropy = HistoryEntropy(plan.seed)
        self.ids = Ids(self.clock, self.entropy)
        self._lakala = LedgerConnector(ledger, self.clock)
        self._failed: list[BaseException] = []
        self._drives = Drives(lambda _key, error: self._failed.append(error))
        self._means = payments.Means(
            store=app.store,
            clock=self.clock,
            entropy=self.entropy,
            ids=self.ids,
            accounts=HistoryAccounts(app.accounts, self._lakala),
            drives=self._drives,
            process=self.ids.uuid(),
            alone=True,
            # Seeded too, because the digest of a payment code stands in the evidence. Nobody repeats these requests.
            hmac_key=Secret(SeededEntropy(f"{plan.seed}/hmac").bytes(32)),
        )

    async def happen(self, on_progress: Progress) -> None:
        """Let every act of the plan happen that has not happened yet; the last one stays open."""
        try:
            await self._end_what_was_cut_short()
            places = await self._places()
            for number, act in enumerate(self._plan.acts):
                await self._act(act, places)
                if self._failed:
                    raise self._failed[0]
                on_progress(number + 1, len(self._plan.acts))
        finally:
            await self._drives.close(_DRIVES_END_SECONDS)

    async def _end_what_was_cut_short(self) -> None:
        """What a start that was killed left in flight ends as it would after any crash."""
        for merchant_id, payment_id in await left_open(self._app.store):
            payment = await load(self._app.store, merchant_id, payment_id)
            if payment is not None and payment_id != self._id(self._plan.acts[-1], "payment"):
                self.clock.go_to(payment.taken_at)
                await resolve(self._means, merchant_id, payment_id, _LEFT_OPEN_SECONDS)

    async def _act(self, act: Act, places: _Places) -> None:
        self.clock.go_to(act.at)
        self.entropy.turn_to(str(act.at))
        if isinstance(act, Undo):
            await self._undo(act, places)
            return
        self._lakala.sale = act
        if act.ends != "unknown":
            await take(self._means, self._cashier(act, places), self._ask(act, places))
            return
        self.clock.stand_still()
        payment = await take(self._means, self._cashier(act, places), replace(self._ask(act, places), wait_seconds=0))
        while payment.money is MoneyState.SENT and self._drives.running((MERCHANT_ID, payment.id)):
            await asyncio.sleep(0)
            payment = await load(self._app.store, MERCHANT_ID, payment.id) or payment

    def _ask(self, sale: Sale, places: _Places) -> TakeAsk:
        terminal = places.terminals[terminal_number(sale.shop, sale.terminal)]
        cash = sale.wallet == "cash"
        return TakeAsk(
            id=self._id(sale, "payment"),
            shop_id=terminal.shop_id,
            terminal_id=terminal.id,
            method="cash" if cash else "qr",
            entry="keyed" if cash else "consumer_code",
            amount=Money(sale.amount_minor),
            auth_code=None if cash else Secret(self._code(sale)),
            tendered=Money(sale.tendered_minor) if sale.tendered_minor is not None else None,
        )

    async def _undo(self, undo: Undo, places: _Places) -> None:
        cashier = self._cashier(undo.sale, places)
        approver = places.persons[supervisor_number(undo.sale.shop)]
        actor = replace(cashier, permissions=ALLOWED[Role.SUPERVISOR], approver_id=approver.id)
        own_id, payment_id = self._id(undo, undo.kind), self._id(undo.sale, "payment")
        if undo.kind == "void":
            await void(self._means, actor, VoidAsk(id=own_id, payment_id=payment_id, reason=undo.reason))
            return
        amount = Money(undo.amount_minor)
        asked = RefundAsk(id=own_id, payment_id=payment_id, amount=amount, reason=undo.reason)
        await refund(self._means, actor, asked)

    def _cashier(self, sale: Sale, places: _Places) -> Actor:
        return Actor(
            merchant_id=MERCHANT_ID,
            person_id=places.persons[operator_number(sale.shop, sale.operator)].id,
            permissions=ALLOWED[Role.CASHIER],
            auth="pin+term",
            terminal_id=places.terminals[terminal_number(sale.shop, sale.terminal)].id,
        )

    def _id(self, act: Act, what: str) -> str:
        """The same whenever it is asked: a start that was cut short finds what it had already done."""
        return Ids(HistoryClock(act.at), SeededEntropy(f"{self._plan.seed}/{act.at}/{what}")).uuid()

    def _code(self, sale: Sale) -> str:
        begins, more = _CODES[sale.wallet]
        return begins + Draws(f"{self._plan.seed}/{sale.at}/code").digits(more)

    async def _places(self) -> _Places:
        found = await terminals(self._app.store, MERCHANT_ID)
        return _Places(
            terminals={terminal.number: terminal for terminal, _ in found},
            persons={person.number: person for person in await persons(self._app.store, MERCHANT_ID)},
        )

"""The Change of each run: made by the acts' own functions, under a clock and a chance that are set to the step."""

from __future__ import annotations

from typing import Final, cast

from counterfoil.basis import Ids, Money, Secret, insist, local_time
from counterfoil.demo.act import Sale, Undo, sale_of
from counterfoil.demo.books import Books
from counterfoil.demo.draws import Draws
from counterfoil.demo.history_clock import HistoryClock, HistoryEntropy
from counterfoil.demo.in_one_go import as_foretold, in_one_go
from counterfoil.demo.rounds import Run
from counterfoil.demo.scene import Scene
from counterfoil.demo.steps import Step
from counterfoil.payments import (
    Means,
    MoneyState,
    Payment,
    Place,
    RefundAsk,
    Route,
    StaticCodePaid,
    TakeAsk,
    VoidAsk,
    WithdrawAsk,
    answer_change,
    refund_change,
    reversal_change,
    send_change,
    static_code_change,
    take_change,
    turn_of,
    void_change,
    withdraw_change,
)
from counterfoil.providers import Outcome
from counterfoil.store import Change

# What asks with an id of its own, and what that is drawn as.
_ASKS: Final = {"take": "payment", "record": "payment", "void": "void", "refund": "refund", "withdraw": "withdraw"}
_CODES: Final = {"wechat": ("13", 16), "alipay": ("28", 16), "unionpay": ("62", 17), "ecny": ("01", 17)}


class Changes:
    """Makes them. ``means`` must hold ``clock`` and ``entropy``, which are set here."""

    def __init__(self, means: Means, clock: HistoryClock, entropy: HistoryEntropy, books: Books, seed: str) -> None:
        """Ask ``books`` for the answers."""
        self._means = means
        self._clock = clock
        self._entropy = entropy
        self._ids = Ids(clock, entropy)
        self._books = books
        self._seed = seed

    def payment_id(self, sold_at: int) -> str:
        """The id of the payment of the sale at that time; the same whenever it is asked."""
        return self._id(sold_at, "payment")

    def of(self, run: Run, payment: Payment | None, scene: Scene) -> Change:
        """The Change of ``run``; ``payment`` is as the run before left it."""
        whole: Change | None = None
        for step in run.steps:
            made = self._step(step, payment, scene)
            whole = made if whole is None else in_one_go(whole, made)
            if step is not run.steps[-1]:
                payment = as_foretold(payment, made)
        insist(whole is not None, "a run has a step")
        return cast("Change", whole)

    def _step(self, step: Step, payment: Payment | None, scene: Scene) -> Change:
        act = step.act
        own_id = self._id(act.at, _ASKS[step.what]) if step.what in _ASKS else ""
        self._clock.stand_at(step.at)
        self._entropy.turn_to(f"{act.at}/{step.what}/{step.at}")
        if payment is None:
            return self._begin(own_id, sale_of(act), scene)
        made = self._next(own_id, step, payment, scene)
        insist(made is not None, f"{step.what} changes nothing of a payment that is {payment.money}")
        return cast("Change", made)

    def _begin(self, own_id: str, sale: Sale, scene: Scene) -> Change:
        place, route = scene.place(sale), scene.route(sale)
        if sale.entry == "static_code":
            return self._recorded(own_id, sale, place, route)
        cashier = scene.cashier(sale, sale.operator)
        return take_change(self._means, cashier, self._ask(own_id, sale, place), place, route)

    def _recorded(self, own_id: str, sale: Sale, place: Place, route: Route) -> Change:
        paid = StaticCodePaid(
            id=own_id,
            order_no=local_time(sale.at, place.zone).strftime("%y%m%d") + self._ids.digits(18),
            method="qr",
            wallet=sale.wallet,
            amount=Money(sale.amount_minor),
        )
        told = self._books.received(sale, paid.order_no, sale.at)
        return static_code_change(self._means, place, route, paid, told)

    def _next(self, own_id: str, step: Step, payment: Payment, scene: Scene) -> Change | None:
        means, route = self._means, scene.route(sale_of(step.act))
        match step.what, step.act:
            case (("void" | "refund"), Undo() as undo):
                return self._undo(own_id, undo, payment, scene)
            case "withdraw", Sale() as sale:
                gives_up = WithdrawAsk(id=own_id, payment_id=payment.id)
                return withdraw_change(
                    means, scene.cashier(sale, sale.operator), gives_up, payment, route, scene.place(sale)
                )
            case "send", _:
                return send_change(means, payment, route)
            case "reverse", _:
                return reversal_change(means, payment, scene.place(sale_of(step.act)), turn_of(means, route))
        return answer_change(means, payment, route, self._answer(step, payment), called=step.what in ("answer", "show"))

    def _undo(self, own_id: str, undo: Undo, payment: Payment, scene: Scene) -> Change:
        means, actor, route = self._means, scene.allowed(undo), scene.route(undo.sale)
        place = scene.place(undo.sale)
        if undo.kind == "void":
            void = VoidAsk(id=own_id, payment_id=payment.id, reason=undo.reason)
            return void_change(means, actor, void, payment, route, place)
        refund = RefundAsk(id=own_id, payment_id=payment.id, amount=Money(undo.amount_minor), reason=undo.reason)
        return refund_change(means, actor, refund, payment, route, place)

    def _answer(self, step: Step, payment: Payment) -> Outcome:
        if isinstance(step.act, Undo):
            return self._books.undone(step.act, payment, payment.legs[-1], step.at)
        if payment.money is MoneyState.REVERSING:
            return self._books.never_there()
        match step.what:
            case "found":
                return self._books.found(step.act, payment, step.at)
            case "ask":
                return self._books.silent()
            case "show":
                return self._books.shown(payment)
        return self._books.charged(step.act, payment, step.at)

    def _ask(self, own_id: str, sale: Sale, place: Place) -> TakeAsk:
        cash = sale.wallet == "cash"
        return TakeAsk(
            id=own_id,
            shop_id=place.shop_id,
            terminal_id=place.terminal_id,
            method="cash" if cash else "qr",
            entry=sale.entry,
            amount=Money(sale.amount_minor),
            auth_code=Secret(self._code(sale)) if sale.entry == "consumer_code" else None,
            wallet=sale.wallet if sale.entry == "merchant_code" else None,
            tendered=Money(sale.tendered_minor) if sale.tendered_minor is not None else None,
        )

    def _id(self, at: int, what: str) -> str:
        self._clock.stand_at(at)
        self._entropy.turn_to(f"{at}/{what}/id")
        return self._ids.uuid()

    def _code(self, sale: Sale) -> str:
        begins, more = _CODES[sale.wallet]
        return begins + Draws(f"{self._seed}/{sale.at}/code").digits(more)

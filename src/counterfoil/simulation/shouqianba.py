"""Shouqianba in the simulated world: nothing it answers is signed, and its terminal gets another key each day."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from counterfoil.providers.shouqianba.sandbox import (
    DEVICE_ID,
    NoticeTrick,
    Order,
    Sandbox,
    Trick,
    notice_body,
    public_half,
)
from counterfoil.simulation.provider import Move, Provider

_LIES: Final = (Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT, Trick.OTHER_CURRENCY, Trick.TROUBLE, Trick.CUT_AFTER)
# What is no fault of anybody's: of a thousand charges so many end or go on like this.
_ORDINARY: Final = (
    (Trick.BALANCE, 20),
    (Trick.CODE_EXPIRED, 10),
    (Trick.LIMIT, 10),
    (Trick.PASSWORD, 60),
    (Trick.PASSWORD_NEVER, 10),
    (Trick.PASSWORD_CANCELLED, 20),
    (Trick.COUPON, 30),
)
_ODD_CODES: Final = (Trick.CODE_NEVER, Trick.CODE_PAID_AT_CANCEL, Trick.CODE_LATE, Trick.CODE_REFUSED)
_CHARGES: Final = ("pay", "precreate")
# A refusal of these leaves nothing in the books, and the same code is refused again.
_REFUSED: Final = frozenset({Trick.LIMIT, Trick.CODE_REFUSED})
# How a check-in goes where it does not go well.
_CHECKINS: Final = (Trick.CUT_BEFORE, Trick.CUT_AFTER)
# What is not so in a notice; "paid": all of it is so, but for that it was paid.
_NOT_SO: Final = ("signature", "merchant", "amount", "state", "order", "paid")
_TRICKS: Final = {"signature": NoticeTrick.FORGED, "merchant": NoticeTrick.OTHER_TERMINAL}
_OPEN: Final = "CREATED"


class Shouqianba(Provider):
    """Its sandbox. On some days the key before a check-in signs check-ins only, as one of its texts has it."""

    name = "shouqianba"
    base_url = "http://127.0.0.1:3"
    signs = False

    def __init__(self, sandbox: Sandbox, notice_key: RSAPrivateKey, dice: random.Random) -> None:
        """Stand before ``sandbox``, whose notices ``notice_key`` signs."""
        super().__init__(sandbox.app(), dice)
        self._sandbox = sandbox
        self._notice_key = notice_key
        self._refused: dict[str, Trick] = {}
        sandbox.old_key_dies = dice.random() < 0.5  # noqa: PLR2004 - a coin

    @property
    def busy(self) -> bool:
        """Whether something is still going to be told."""
        return super().busy or self._sandbox.busy

    @property
    def checkins(self) -> int:
        """How often it handed out a key."""
        return self._sandbox.checkins

    def settings(self) -> Mapping[str, str]:
        """As the activation and its portal give them."""
        terminal = self._sandbox.terminal
        return {
            "base_url": self.base_url,
            "terminal_sn": terminal.sn,
            "terminal_key": terminal.first,
            "device_id": DEVICE_ID,
            "notice_key": public_half(self._notice_key),
        }

    def moves(self) -> Sequence[Move]:
        """Each order with what went back of it; a void has no number of its own, a refund the end of ours."""
        return [move for order in self._sandbox.ledger.orders() for move in _moves(order)]

    def heard(self) -> Sequence[str]:
        """What was answered ``success``."""
        return [order_no for order_no, answer in self._sandbox.notices.answers if answer == "success"]

    def remembers(self, call: str) -> bool:
        """It keeps nothing of an order that it refused, or was told to cancel before it came."""
        return call not in {"refund", *_CHARGES}

    def _prepare(self, call: str, body: bytes, *, scan_seconds: float | None, password_seconds: float) -> None:
        box = self._sandbox
        box.scan_seconds, box.wait_seconds = scan_seconds, password_seconds
        if call == "checkin":
            box.checkin.extend([self._dice.choice(_CHECKINS)] if self._happens(4 * self.weather.lies) else [])
            return
        order_no = str(json.loads(body).get("client_sn"))
        again = self._refused.get(order_no) if call in _CHARGES else None
        box.mode = again or self._trick(call)
        if box.mode in _REFUSED and call in _CHARGES and box.ledger.find(client_sn=order_no) is None:
            self._refused[order_no] = box.mode

    def _done(self) -> None:
        self._sandbox.mode = None
        self._sandbox.checkin.clear()

    def _tell_wrong(self, call: str, body: bytes) -> None:
        if call not in _CHARGES:
            return
        order = self._sandbox.ledger.find(client_sn=json.loads(body)["client_sn"])
        if order is None or order.order_status != _OPEN or not self._happens(self.weather.notices_wrong):
            return
        for not_so in self._dice.sample(_NOT_SO, 2):
            self.counted[f"notice of another {not_so}"] += 1
            told, trick = self._wrong(order, not_so), _TRICKS.get(not_so)
            self._tell(self._sandbox.notices.send(told, notice_body(told, trick), trick))

    def _wrong(self, order: Order, not_so: str) -> Order:
        told = copy(order)
        told.notify_url = self.notify_url
        if not_so != "state":
            told.order_status, told.status, told.taken_at = "PAID", "SUCCESS", order.at
        told.total += not_so == "amount"
        if not_so == "order":
            told.client_sn = str(int(order.client_sn) + 1)
        return told

    def _trick(self, call: str) -> Trick | None:
        if self.kind:
            return Trick.FUNDS_SHORT if self.short and call == "refund" else None
        if self._happens(self.weather.lies):
            return self._dice.choice(_LIES)
        match call:
            case "pay":
                trick: Trick | None = self._one_of(_ORDINARY)
                return trick
            case "precreate" if self._happens(self.weather.odd_codes):
                return self._dice.choice(_ODD_CODES)
            case "refund" if self._happens(self.weather.short):
                return Trick.FUNDS_SHORT
        return None


def _moves(order: Order) -> Iterator[Move]:
    paid = order.taken_at is not None
    yield Move(number=order.client_sn, minor=order.total, state=order.order_status, at=order.at, paid=paid)
    for number, minor in order.refunds.items():
        yield Move(number=number, minor=minor, state="REFUND", at=order.at, origin=order.client_sn, kinds=("refund",))
    if order.undone_at is not None:
        yield Move(
            number="",
            minor=order.total,
            state="UNDONE",
            at=order.undone_at,
            origin=order.client_sn,
            kinds=("void", "reversal"),
        )

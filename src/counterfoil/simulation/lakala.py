"""Lakala in the simulated world."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Final

from counterfoil.providers.lakala.sandbox import (
    APPID,
    MERCHANT_NO,
    TERM_NO,
    NoticeTrick,
    Sandbox,
    SandboxKeys,
    Trade,
    Trick,
)
from counterfoil.simulation.provider import Move, Provider

_LIES: Final = (Trick.WRONG_SIGNATURE, Trick.UNLISTED_CODE, Trick.OTHER_AMOUNT, Trick.TROUBLE, Trick.CUT_AFTER)
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
_ODD_CODES: Final = (Trick.CODE_NEVER, Trick.CODE_PAID_AT_CLOSE, Trick.CODE_LATE, Trick.CODE_REFUSED)
_CHARGES: Final = ("micropay", "preorder")
# What is not so in a notice: who signed it, whose it is, how much it is, that it was paid, which order it is about.
_NOT_SO: Final = ("signature", "merchant", "merchant", "amount", "state", "order")
_TRICKS: Final = {"signature": NoticeTrick.FORGED, "merchant": NoticeTrick.OTHER_MERCHANT}
_PAID: Final = ("SUCCESS", "PART_REFUND", "REFUND")
_LEGS: Final = ("void", "refund", "reversal")


class Lakala(Provider):
    """Its sandbox, signatures included."""

    name = "lakala"
    base_url = "http://127.0.0.1:1"
    signs = True

    def __init__(self, sandbox: Sandbox, keys: SandboxKeys, dice: random.Random) -> None:
        """Stand before ``sandbox``; ``keys`` are the merchant's."""
        super().__init__(sandbox.app(), dice)
        self._sandbox = sandbox
        self._keys = keys

    @property
    def busy(self) -> bool:
        """Whether something is still going to be told."""
        return super().busy or self._sandbox.busy

    def printed_code_paid(self, minor: int) -> None:
        """Somebody pays by the code on the counter."""
        trade = self._sandbox.printed_code_paid(minor, self.notify_url)
        self.printed[trade.order_no] = minor

    def settings(self) -> Mapping[str, str]:
        """As its portal gives them."""
        return {
            "base_url": self.base_url,
            "appid": APPID,
            "serial_no": self._keys.serial_no,
            "merchant_no": MERCHANT_NO,
            "term_no": TERM_NO,
            "private_key": str(self._keys.merchant_key),
            "platform_certs": str(self._keys.platform_cert),
            "request_ip": "127.0.0.1",
        }

    def moves(self) -> Sequence[Move]:
        """Charges, and what went back; that an order was closed moved nothing."""
        return [_move(trade) for trade in self._sandbox.ledger.trades() if trade.kind != "closed"]

    def heard(self) -> Sequence[str]:
        """What was answered SUCCESS."""
        return [order_no for order_no, answer in self._sandbox.notices.answers if answer == "SUCCESS"]

    def remembers(self, call: str) -> bool:
        """All but refunds that found funds short."""
        return call != "refund"

    def _prepare(self, call: str, body: bytes, *, scan_seconds: float | None, password_seconds: float) -> None:  # noqa: ARG002 - others look at it
        self._sandbox.scan_seconds, self._sandbox.password_seconds = scan_seconds, password_seconds
        self._sandbox.mode = self._trick(call)

    def _done(self) -> None:
        self._sandbox.mode = None

    def _tell_wrong(self, call: str, body: bytes) -> None:
        if call not in _CHARGES:
            return
        trade = self._sandbox.ledger.find(MERCHANT_NO, order_no=json.loads(body)["req_data"]["out_trade_no"])
        if trade is None or trade.state == "SUCCESS" or not self._happens(self.weather.notices_wrong):
            return
        for not_so in self._dice.sample(_NOT_SO, 2):
            self.counted[f"notice of another {not_so}"] += 1
            self._tell(self._sandbox.notices.send(self._wrong(trade, not_so), _TRICKS.get(not_so)))

    def _wrong(self, trade: Trade, not_so: str) -> Trade:
        told = copy(trade)
        told.notify_url = self.notify_url
        told.state = trade.state if not_so == "state" else "SUCCESS"
        told.amount += not_so == "amount"
        if not_so == "order":
            told.order_no = str(int(trade.order_no) + 1)
        return told

    def _trick(self, call: str) -> Trick | None:
        if self.kind:
            return Trick.FUNDS_SHORT if self.short and call == "refund" else None
        if self._happens(self.weather.lies):
            return self._dice.choice(_LIES)
        match call:
            case "micropay":
                trick: Trick | None = self._one_of(_ORDINARY)
                return trick
            case "preorder" if self._happens(self.weather.odd_codes):
                return self._dice.choice(_ODD_CODES)
            case "refund" if self._happens(self.weather.short):
                return Trick.FUNDS_SHORT
        return None


def _move(trade: Trade) -> Move:
    charge = trade.kind == "charge"
    return Move(
        number=trade.order_no,
        minor=trade.amount,
        state=trade.state,
        at=trade.at,
        paid=charge and trade.state in _PAID,
        origin="" if charge else trade.origin,
        kinds=() if charge else _LEGS,
    )

"""What the providers answered in the past, and the lines that Lakala's sandbox finds in its own books afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from counterfoil.basis import MICROS
from counterfoil.demo.act import Sale, Undo
from counterfoil.demo.fees import fee_minor
from counterfoil.payments import Payment, PaymentLeg
from counterfoil.providers import Approved, Declined, DeclineReason, Outcome, Pending, Unknown, Why
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Filled, Ledger, numbers_of

_ACCOUNT_TYPES: Final = {"wechat": "WECHAT", "alipay": "ALIPAY", "unionpay": "UQRCODEPAY", "ecny": "DCPAY"}
_CARD_TYPES: Final = {"wechat": "02", "alipay": "04", "unionpay": "00", "ecny": "05"}
_CARD_KINDS: Final = {"00": "debit"}
_DECLINE_CODES: Final = {
    "balance": "SBX90101",
    "code_expired": "SBX90102",
    "limit": "SBX90103",
    "other": "SBX90104",
}
_FUNDS_SHORT_CODE: Final = "SBX90302"
_REFUSED_CODES: Final = {"past_cut": "SBX90201"}
_CLOSED_CODE: Final = "CLOSE"
_SHOWN: Final = "https://sandbox.invalid/q/{}"
_SHOWN_SECONDS: Final = 300
_ASK_SECONDS: Final = 3
_SILENCE: Final = Unknown(Why.NO_ANSWER, "ReadTimeout")


class Books:
    """Answers for cash and for Lakala; ``write`` puts what Lakala was asked into the sandbox's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Write into ``ledger``."""
        self._ledger = ledger
        self._fresh: list[Filled] = []

    def charged(self, sale: Sale, payment: Payment, at: int) -> Outcome:
        """The answer to a charge that ended at ``at`` (UTC microseconds)."""
        if sale.ends == "declined":
            return Declined(reason=DeclineReason(sale.reason), code=_DECLINE_CODES[sale.reason])
        if sale.ends == "approved":
            return self.found(sale, payment, at)
        if sale.ends == "unknown":
            self._fresh.append(_charge(sale, payment.order_no, at, silent=True))
        return _SILENCE

    def shown(self, payment: Payment) -> Outcome:
        """A code that the customer can scan for five minutes."""
        numbers = numbers_of(MERCHANT_NO, payment.order_no, "charge", payment.taken_at)
        until = payment.taken_at + _SHOWN_SECONDS * MICROS
        return Pending(
            ask_after=_ASK_SECONDS, awaiting="customer", show=_SHOWN.format(numbers.log_no), show_until=until
        )

    def found(self, sale: Sale, payment: Payment, at: int) -> Outcome:
        """The charge was there: approved, or closed because nobody scanned its code."""
        if sale.ends == "closed":
            return Declined(reason=DeclineReason.CLOSED, code=_CLOSED_CODE)
        return self.received(sale, payment.order_no, at)

    def received(self, sale: Sale, order_no: str, at: int) -> Approved:
        """The charge under ``order_no`` is approved, and what is said of it."""
        filled = _charge(sale, order_no, at)
        self._fresh.append(filled)
        return replace(
            _approved(filled),
            wallet=sale.wallet,
            card_kind=_CARD_KINDS.get(filled.card_type),
            payer_minor=sale.amount_minor - sale.merchant_discount_minor - sale.platform_discount_minor,
            merchant_discount_minor=sale.merchant_discount_minor,
            platform_discount_minor=sale.platform_discount_minor,
            fee_minor=fee_minor(sale.wallet, sale.amount_minor - sale.merchant_discount_minor),
        )

    def silent(self) -> Outcome:
        """No answer to a question."""
        return _SILENCE

    def never_there(self) -> Outcome:
        """The answer to the reversal of a charge that had not arrived."""
        return Approved()

    def undone(self, undo: Undo, payment: Payment, leg: PaymentLeg, at: int) -> Outcome:
        """The answer to a void or a refund."""
        if undo.sale.wallet == "cash":
            return Approved(wallet="cash", returned_minor=leg.amount_minor)
        if undo.again_at is not None and at < undo.again_at:
            return Declined(reason=DeclineReason.FUNDS_SHORT, code=_FUNDS_SHORT_CODE)
        if undo.refused:
            return Declined(reason=DeclineReason(undo.refused), code=_REFUSED_CODES[undo.refused])
        filled = Filled(
            order_no=leg.order_no,
            kind=undo.kind,
            amount_minor=leg.amount_minor,
            at=_second(at),
            account_type=_ACCOUNT_TYPES[undo.sale.wallet],
            card_type=_CARD_TYPES[undo.sale.wallet],
            origin=payment.order_no,
        )
        self._fresh.append(filled)
        return replace(_approved(filled), returned_minor=leg.amount_minor)

    def write(self) -> None:
        """Put the new lines into the ledger, in one piece."""
        self._ledger.fill(MERCHANT_NO, self._fresh)
        self._fresh = []


def _charge(sale: Sale, order_no: str, at: int, *, silent: bool = False) -> Filled:
    return Filled(
        order_no=order_no,
        kind="charge",
        amount_minor=sale.amount_minor,
        at=_second(at),
        account_type=_ACCOUNT_TYPES[sale.wallet],
        card_type=_CARD_TYPES[sale.wallet],
        merchant_discount_minor=sale.merchant_discount_minor,
        platform_discount_minor=sale.platform_discount_minor,
        silent=silent,
    )


def _approved(filled: Filled) -> Approved:
    numbers = numbers_of(MERCHANT_NO, filled.order_no, filled.kind, filled.at)
    return Approved(
        provider_trade_no=numbers.trade_no,
        wallet_trade_no=numbers.acc_trade_no,
        reference_no=numbers.log_no,
        paid_at=filled.at,
    )


def _second(at: int) -> int:
    """Lakala's times have no parts of a second."""
    return at // MICROS * MICROS

"""The payment and its legs, as read from the store; and what is asked of the acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from operator import itemgetter
from typing import Any, Final

from msgspec import Struct

from counterfoil.basis import Money, Secret
from counterfoil.payments.states import Dispute, LegState, MoneyState, Settlement, Visibility
from counterfoil.providers import AT_TERMINAL, DeclineReason

# What a payment awaits whose open refunds are all queued.
FUNDS: Final = "funds"
# What the leg of a queued refund says that a person has cancelled.
CANCELLED: Final = "cancelled"
# What the leg says of which a person found by the provider's statement that it was not carried out.
BY_STATEMENT: Final = "by_statement"
SHOWN_CODE: Final = "merchant_code"
AT_CARD_TERMINAL: Final = AT_TERMINAL
_CODE_STATES: Final = {MoneyState.REVERSING: "closing", MoneyState.REVERSED: "closed"}


class PaymentLeg(Struct, frozen=True):
    """A void, a reversal or a refund of a payment. ``kind`` is one of those three words.

    ``queued_at``: since when the refund waits, or waited, for the account to cover it; ``tried_at``: when last tried.
    """

    id: str
    payment_id: str
    kind: str
    order_no: str
    amount_minor: int
    currency: str
    reason: str
    reason_text: str | None
    actor_id: str
    approver_id: str | None
    terminal_id: str | None
    returned_minor: int | None
    provider_trade_no: str | None
    wallet_trade_no: str | None
    decline_reason: str | None
    business_day: str
    clearing_day: str
    asked_at: int
    ended_at: int | None
    queued_at: int | None
    due_at: int | None
    tried_at: int | None
    state: LegState
    row: Mapping[str, Any]

    @property
    def amount(self) -> Money:
        """What is given back or undone."""
        return Money(self.amount_minor, self.currency)

    @property
    def queued(self) -> bool:
        """退款排队中: the account did not cover it, and it is tried again at ``due_at`` under the same number."""
        return self.queued_at is not None and self.state is LegState.CREATED

    @property
    def shown_as(self) -> str:
        """The state people and callers are told: that of the row, or ``queued`` or ``cancelled``."""
        if self.queued:
            return "queued"
        return CANCELLED if self.decline_reason == CANCELLED else self.state.value

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> PaymentLeg:
        """Read a row of ``payment_leg``."""
        values: tuple[Any, ...] = (*_LEG_COLUMNS(row), LegState(row["state"]), row)
        return cls(*values)


class Payment(Struct, frozen=True):
    """One payment: amounts in minor units of ``currency``, times in UTC microseconds, four independent regions.

    ``legs`` are oldest first. ``position`` is that of the newest leaf that speaks of it. ``row`` is the stored row,
    which the acts guard. ``repeated``: this is the answer to a request that had been made before. ``code`` is what the
    customer is shown to scan (entry ``merchant_code``) until ``code_until``; None once it cannot be paid any more. What
    is to be paid at the provider's card terminal (entry ``unknown``) has a ``code_until`` and no code;
    ``slip_batch_no`` and ``slip_voucher_no`` are that terminal's own.
    """

    merchant_id: int
    id: str
    order_no: str
    voucher_no: int | None
    batch_no: int
    shop_id: str
    terminal_id: str
    operator_id: str | None
    account_id: str
    provider: str
    method: str
    wallet: str
    card_kind: str
    entry: str
    currency: str
    amount_minor: int
    payer_minor: int | None
    merchant_discount_minor: int | None
    platform_discount_minor: int | None
    fee_minor: int | None
    net_minor: int | None
    tendered_minor: int | None
    change_minor: int | None
    rounding_minor: int | None
    refund_reserved_minor: int
    refunded_minor: int
    bill_ref: str | None
    invoice_ref: str | None
    reference_no: str | None
    provider_trade_no: str | None
    wallet_trade_no: str | None
    last_four: str | None
    slip_batch_no: str | None
    slip_voucher_no: str | None
    business_day: str
    clearing_day: str
    void_until: int
    taken_at: int
    captured_at: int | None
    ended_at: int | None
    decline_reason: str | None
    awaiting: str | None
    code: str | None
    code_until: int | None
    due_at: int | None
    driver: str | None
    driver_until: int | None
    asks: int
    version: int
    position: int | None
    money: MoneyState
    settlement: Settlement
    visibility: Visibility
    dispute: Dispute
    legs: tuple[PaymentLeg, ...]
    row: Mapping[str, Any]
    repeated: bool = False

    @property
    def amount(self) -> Money:
        """What was asked for."""
        return Money(self.amount_minor, self.currency)

    @property
    def due(self) -> Money:
        """应收: the amount before it was rounded down."""
        return Money(self.amount_minor + (self.rounding_minor or 0), self.currency)

    @property
    def refundable(self) -> Money:
        """What may still be refunded: captured, less refunded, less refunds under way."""
        if self.money not in (MoneyState.CAPTURED, MoneyState.PART_REFUNDED):
            return Money(0, self.currency)
        return Money(self.amount_minor - self.refunded_minor - self.refund_reserved_minor, self.currency)

    @property
    def refunds(self) -> tuple[PaymentLeg, ...]:
        """The refunds, oldest first."""
        return tuple(leg for leg in self.legs if leg.kind == "refund")

    @property
    def void(self) -> PaymentLeg | None:
        """The void asked for last, if one was."""
        return next((leg for leg in reversed(self.legs) if leg.kind == "void"), None)

    @property
    def reversal(self) -> PaymentLeg | None:
        """The reversal, if the machine or the operator began one."""
        return next((leg for leg in self.legs if leg.kind == "reversal"), None)

    @property
    def by_shown_code(self) -> bool:
        """Whether the customer scans a code that was made for this payment."""
        return self.entry == SHOWN_CODE

    @property
    def at_card_terminal(self) -> bool:
        """Whether the customer pays at the provider's own card terminal beside the till."""
        return self.entry == AT_CARD_TERMINAL

    @property
    def closable(self) -> bool:
        """Whether a bill was made that its customer pays alone: what is not paid of it is closed, not reversed."""
        return self.by_shown_code or self.at_card_terminal

    @property
    def state_name(self) -> str:
        """What people are told its state is. A shown code or a bill that nobody paid was closed, not reversed."""
        if not self.closable:
            return self.money.value
        if self.money is MoneyState.DECLINED and self.decline_reason == DeclineReason.CLOSED.value:
            return "closed"
        return _CODE_STATES.get(self.money, self.money.value)

    @property
    def in_flight(self) -> bool:
        """Whether something is open with the provider now: the charge itself or a leg of it; not a queued refund."""
        return self.due_at is not None and not self.queued

    @property
    def queued(self) -> bool:
        """Whether nothing is open but refunds that wait for the account to cover them."""
        return self.due_at is not None and self.awaiting == FUNDS

    @classmethod
    def of(cls, row: Mapping[str, Any], legs: Iterable[Mapping[str, Any]] = ()) -> Payment:
        """Read a row of ``payment`` and its legs' rows."""
        regions = [words[row[name]] for name, words in _REGIONS]
        values: tuple[Any, ...] = (*_COLUMNS(row), *regions, tuple(map(PaymentLeg.of, legs)), row)
        return cls(*values)


# What stands before the regions and states is read as it is.
_REGIONS: Final = tuple(
    (name, {each.value: each for each in words})
    for name, words in (
        ("money", MoneyState),
        ("settlement", Settlement),
        ("visibility", Visibility),
        ("dispute", Dispute),
    )
)
_COLUMNS: Final = itemgetter(*takewhile(lambda name: name != "money", Payment.__struct_fields__))
_LEG_COLUMNS: Final = itemgetter(*takewhile(lambda name: name != "state", PaymentLeg.__struct_fields__))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAsk:
    """What ``take`` is asked. ``id`` is the caller's UUID, saved before it asks.

    ``auth_code`` for entry ``consumer_code``; ``wallet`` for ``merchant_code``, whose caller stays on the line only
    until there is a code to show; neither for a card (``unknown``), whose caller stays until the provider's terminal
    waits for it; ``tendered`` for cash. ``rounding`` (抹零) is what the shop waived of the amount due in cash:
    ``amount`` is what is charged. ``wait_seconds``: how long the caller stays on the line for the outcome; the payment
    goes on without it.
    """

    id: str
    shop_id: str
    terminal_id: str
    method: str
    entry: str
    amount: Money
    auth_code: Secret[str] | None = None
    wallet: str | None = None
    tendered: Money | None = None
    rounding: Money | None = None
    bill_ref: str | None = None
    invoice_ref: str | None = None
    wait_seconds: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidAsk:
    """What ``void`` is asked: the whole amount, before the account's cut. ``reason`` is one of REASONS."""

    id: str
    payment_id: str
    reason: str
    reason_text: str | None = None
    wait_seconds: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsk:
    """What ``refund`` is asked: ``amount`` at most what is left."""

    id: str
    payment_id: str
    amount: Money
    reason: str
    reason_text: str | None = None
    wait_seconds: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAsk:
    """What ``withdraw`` is asked: undo a payment whose outcome is not known yet (the customer does not pay)."""

    id: str
    payment_id: str
    wait_seconds: float = 30


REASONS = (
    "WRONG_AMOUNT",
    "OTHER_METHOD",
    "CHARGED_TWICE",
    "CUSTOMER_CHANGED_MIND",
    "OUT_OF_STOCK",
    "QUALITY",
    "PRICE",
    "TEST",
    "OTHER",
)

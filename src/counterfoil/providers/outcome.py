"""The four outcomes of a call to a provider. Closed: every connector maps its provider's words to one of these.

``Unknown`` is the default of every mapping. Only an explicit yes or no counts, verified on the raw bytes.

What a provider says is kept, shown and put into the log from here on, so no card number passes (PCI DSS 3.5.1): not as
a code, a detail or a number of the slip. A number of a trade passes where it is nothing else: the provider is asked by
it, and one of sixteen digits reads as a card's once in a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.basis import without_cards

_OF_THE_TRADE: Final = ("provider_trade_no", "wallet_trade_no")
_OF_THE_SLIP: Final = ("reference_no", "last_four", "slip_batch_no", "slip_voucher_no")


class DeclineReason(StrEnum):
    """Why a provider said no, as far as it said so."""

    BALANCE = "balance"
    CODE_EXPIRED = "code_expired"
    LIMIT = "limit"
    CUSTOMER_CANCELLED = "customer_cancelled"
    CLOSED = "closed"  # a shown code that ended unpaid
    FUNDS_SHORT = "funds_short"
    EXCEEDS_REMAINDER = "exceeds_remainder"
    PAST_CUT = "past_cut"
    NOT_PERMITTED = "not_permitted"
    CONFIGURATION = "configuration"
    OTHER = "other"


class Why(StrEnum):
    """Why an outcome is unknown."""

    NO_ANSWER = "no_answer"
    NOT_SENT = "not_sent"  # the connection never opened: nothing was executed
    BAD_SIGNATURE = "bad_signature"
    UNREADABLE = "unreadable"
    MISMATCH = "mismatch"
    RETURNED = "returned"  # a query: it was paid and went back
    NOT_FOUND = "not_found"  # a query: the provider does not know the order
    PROVIDER_TROUBLE = "provider_trouble"
    UNLISTED_CODE = "unlisted_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The provider said yes. Amounts in minor units of the call's currency; what it did not say is None.

    ``slip_batch_no``, ``slip_voucher_no``: batch and voucher of the provider's card terminal, as its slip shows them.
    """

    provider_trade_no: str | None = None
    wallet_trade_no: str | None = None
    reference_no: str | None = None
    wallet: str | None = None
    card_kind: str | None = None
    last_four: str | None = None
    slip_batch_no: str | None = None
    slip_voucher_no: str | None = None
    payer_minor: int | None = None
    merchant_discount_minor: int | None = None
    platform_discount_minor: int | None = None
    fee_minor: int | None = None
    returned_minor: int | None = None
    paid_at: int | None = None

    def __post_init__(self) -> None:
        """Leave out a number of the slip that reads as a card's; hide one that stands in a number of the trade."""
        for name in _OF_THE_TRADE:
            if (number := getattr(self, name)) is not None:
                object.__setattr__(self, name, number_alone(number))
        for name in _OF_THE_SLIP:
            value = getattr(self, name)
            if value is not None and without_cards(value) != value:
                object.__setattr__(self, name, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The provider said no, finally. ``code`` is the provider's own, for support."""

    reason: DeclineReason
    code: str

    def __post_init__(self) -> None:
        """Hide a card number in the code."""
        object.__setattr__(self, "code", without_cards(self.code))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Neither yes nor no yet: ask again after ``ask_after`` seconds. ``awaiting`` is ``customer`` or ``provider``.

    ``show``: the code for the customer to scan (收款码), a URL of at most 512 printable characters, where the charge
    made one; ``show_until`` is when it, or the bill at the provider's card terminal, ends, UTC microseconds.
    """

    ask_after: float
    awaiting: str
    show: str | None = None
    show_until: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It is not known what happened. ``detail`` is for the log and support; it holds no personal data."""

    why: Why
    detail: str = ""

    def __post_init__(self) -> None:
        """Hide a card number in the detail."""
        object.__setattr__(self, "detail", without_cards(self.detail))


Outcome = Approved | Declined | Pending | Unknown


def number_alone(number: str) -> str:
    """A number of an order or a trade: as it is where it is only that, else without what reads as a card's in it."""
    return without_cards(number, (number,))


def followed(outcome: Outcome) -> Outcome:
    """What a call says that follows another of the same act: where it was not sent, the one before it was."""
    unsent = isinstance(outcome, Unknown) and outcome.why is Why.NOT_SENT
    return Unknown(Why.NO_ANSWER, "what followed it was not sent") if unsent else outcome

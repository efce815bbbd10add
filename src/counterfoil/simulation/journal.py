"""What the tills asked for and what they were told, written down as it happens: the people's side of the truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from counterfoil.payments import Payment


@dataclass(frozen=True, slots=True)
class Sale:
    """One sale a till asked for."""

    id: str
    minor: int
    method: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one answer said of a payment: its state, what was given back, and each leg's state."""

    payment_id: str
    money: str
    minor: int
    refunded_minor: int
    legs: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Journal:
    """``sales`` by id; ``undone``: the ids of voids, refunds and withdrawals that were asked for, by payment.

    ``broken``: answers in no words of the catalogue, or that say the program itself is at fault. ``stuck``: what
    does not go although nothing is wrong any more.
    """

    sales: dict[str, Sale] = field(default_factory=dict)
    undone: dict[str, dict[str, str]] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def asked(self, sale: Sale) -> None:
        """A till is about to ask for this sale."""
        self.sales[sale.id] = sale

    def undoing(self, payment_id: str, leg_id: str, kind: str) -> None:
        """A till is about to ask for a void, refund or withdrawal."""
        self.undone.setdefault(payment_id, {})[leg_id] = kind
        self.counted[kind] += 1

    def heard(self, payment: Payment) -> None:
        """A till was answered."""
        self.counted["answers"] += 1
        legs = tuple((leg.id, leg.shown_as) for leg in payment.legs)
        self.told.append(Told(payment.id, payment.money.value, payment.amount_minor, payment.refunded_minor, legs))

"""The auditor: holds the records, the provider's books and what people were told against each other, by its own sums.

    I0  the program never breaks: no answer says so, no drive ends in an error, no process ends by itself
    I1  whoever was told something of a payment finds it so: the payment is there, and nothing that was final changed
    I2  what moved at the providers is what the records say: none without a record, none doubled, none missing
    I3  no more is given back than came in
    I4  nothing is open any more, faults having stopped long ago; only a refund the account does not cover may wait
    I5  the log says of every payment and every row what the tables say, and the signed head is the head of that log
    I6  the sums of the days are what the log adds up to

Nothing here calls the program's decisions: only rows are read, and the providers' ledgers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.simulation.journal import Journal, Told
from counterfoil.simulation.provider import Move

Rows = list[dict[str, Any]]

_KEPT: Final = ("captured", "voiding", "part_refunded", "refunded")
_NOT_KEPT: Final = ("declined", "reversed", "voided")
_OPEN: Final = ("created", "sent", "unknown", "reversing", "voiding", "capturing", "authorized")
# What a state that people were told of may still become.
_AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "captured": (*_KEPT, "voided"),
    "voiding": (*_KEPT, "voided"),
    "part_refunded": ("part_refunded", "refunded"),
    "refunded": ("refunded",),
    "voided": ("voided",),
    "declined": ("declined", "manual"),
    "reversed": ("reversed", "manual"),
    "manual": ("manual",),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold, and where."""

    invariant: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A provider's side: its books, the numbers of the notices it was told were kept, and ``printed``.

    ``printed``: what was paid by the code on the counter, in fen by order number.
    """

    moves: Sequence[Move]
    heard: Sequence[str]
    printed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything the auditor looks at: what the program wrote, what people know, and the ``sides`` by provider."""

    payments: Rows
    legs: Rows
    notices: Sequence[Mapping[str, Any]]
    sides: Mapping[str, Side]
    journal: Journal


def audit_money(books: Books) -> list[Violation]:
    """I1 to I4, in that order."""
    legs: dict[str, Rows] = {}
    for leg in books.legs:
        legs.setdefault(leg["payment_id"], []).append(leg)
    by_id = {row["id"]: row for row in books.payments}
    found = [Violation("I1", said) for told in books.journal.told for said in _untrue(told, by_id, books.legs)]
    found += [Violation("I1", said) for said in _not_asked(books)]
    found += [Violation("I2", said) for said in _moved(books)]
    for row in books.payments:
        found += [Violation("I3", said) for said in _too_much_back(row, legs.get(row["id"], []))]
    for row in books.payments:
        found += [Violation("I4", said) for said in _still_open(row, legs.get(row["id"], []))]
    return found


def _untrue(told: Told, by_id: Mapping[str, Mapping[str, Any]], legs: Rows) -> Iterator[str]:
    row = by_id.get(told.payment_id)
    if row is None:
        yield f"payment {told.payment_id} was told of and is not there"
        return
    if row["amount_minor"] != told.minor:
        yield f"payment {told.payment_id} is of another amount than was told"
    if row["money"] not in _AFTER.get(told.money, (row["money"],)):
        yield f"payment {told.payment_id} was told as {told.money} and is {row['money']}"
    if row["refunded_minor"] < told.refunded_minor:
        yield f"payment {told.payment_id} had more refunded than it has now"
    states = {leg["id"]: leg["state"] for leg in legs if leg["payment_id"] == told.payment_id}
    for leg_id, state in told.legs:
        if leg_id not in states or (state in ("done", "failed") and states[leg_id] != state):
            yield f"leg {leg_id} was told as {state} and is {states.get(leg_id)}"


def _not_asked(books: Books) -> Iterator[str]:
    """A record that nobody asked for, or of something else than was asked for."""
    for row in books.payments:
        sale = books.journal.sales.get(row["id"])
        side = books.sides.get(row["provider"])
        printed = side.printed.get(row["order_no"]) if side is not None else None
        if (printed if sale is None else sale.minor) != row["amount_minor"]:
            yield f"payment {row['id']} was not asked for like this"
    for leg in books.legs:
        if leg["kind"] != "reversal" and leg["id"] not in books.journal.undone.get(leg["payment_id"], {}):
            yield f"{leg['kind']} {leg['id']} was not asked for"


def _moved(books: Books) -> Iterator[str]:
    """The providers' books against the records, reference by reference."""
    known: set[str] = set()
    for provider, side in books.sides.items():
        ours = {row["order_no"]: row for row in books.payments if row["provider"] == provider}
        yield from _moved_at(side, ours, books.legs, known)
    at = {row["id"] for row in books.payments if row["provider"] in books.sides}
    for leg in books.legs:
        ought = leg["kind"] != "reversal" and leg["state"] == "done" and leg["payment_id"] in at
        if ought and leg["id"] not in known:
            yield f"{leg['kind']} {leg['order_no']} is done here and unknown to the provider"


def _moved_at(side: Side, ours: Mapping[str, Mapping[str, Any]], legs: Rows, known: set[str]) -> Iterator[str]:
    """One provider's books. ``known`` takes the legs that stand in them."""
    charges = {move.number: move for move in side.moves if not move.kinds}
    came = Counter({number: move.minor for number, move in charges.items() if move.paid})
    for number, move in charges.items():
        # Nobody asked for what was paid by the printed code: what it is to become is looked at with the notices.
        asked = ours[number]["amount_minor"] if number in ours else side.printed.get(number)
        if asked != move.minor:
            yield f"the provider has a charge {number} of {move.minor} that is no record"
    for move in side.moves:
        if not move.kinds:
            continue
        if move.origin in charges and charges[move.origin].paid:
            came[move.origin] -= move.minor
        leg = _leg_of(move, ours.get(move.origin), legs)
        if leg is None:
            yield f"the provider gave back {move.minor} of {move.origin} by {move.number}, which is no done leg of ours"
        else:
            known.add(leg["id"])
    for number, row in ours.items():
        if said := _differs(row, came[number]):
            yield said


def _leg_of(move: Move, row: Mapping[str, Any] | None, legs: Rows) -> Mapping[str, Any] | None:
    """Our done leg that a provider's line is."""
    if row is None:
        return None
    # Where a person is to decide, a reversal that came to nothing may be carried out after all, by a copy on its way.
    late = row["money"] == "manual" and not move.number
    done = (leg for leg in legs if leg["payment_id"] == row["id"] and (leg["state"] == "done" or late))
    fits = (leg for leg in done if leg["kind"] in move.kinds and leg["amount_minor"] == move.minor)
    return next((leg for leg in fits if leg["order_no"].endswith(move.number)), None)


def _differs(row: Mapping[str, Any], came: int) -> str:
    """What is wrong between a record and the money that came in by its number and stayed."""
    money = row["money"]
    if money in _KEPT and came != row["amount_minor"] - row["refunded_minor"]:
        return f"payment {row['order_no']} is {money}, and {came} fen of it stayed with the merchant"
    if money in _NOT_KEPT and came:
        return f"payment {row['order_no']} is {money}, and {came} fen of it stayed with the merchant"
    # A person is shown what is left of it; more than was asked for cannot have come.
    if money == "manual" and came not in (0, row["amount_minor"]):
        return f"payment {row['order_no']} waits for a person, and {came} fen came"
    return ""


def _too_much_back(row: Mapping[str, Any], legs: Rows) -> Iterator[str]:
    refunds = [leg for leg in legs if leg["kind"] == "refund"]
    done = sum(leg["amount_minor"] for leg in refunds if leg["state"] == "done")
    waiting = sum(leg["amount_minor"] for leg in refunds if leg["state"] not in ("done", "failed"))
    if done + waiting > row["amount_minor"]:
        yield f"payment {row['id']}: {done} fen refunded and {waiting} under way, of {row['amount_minor']}"
    if (done, waiting) != (row["refunded_minor"], row["refund_reserved_minor"]):
        yield f"payment {row['id']} says {row['refunded_minor']} refunded and {row['refund_reserved_minor']} under way"
    if done and any(leg["kind"] == "void" and leg["state"] == "done" for leg in legs):
        yield f"payment {row['id']} was voided and refunded"


def _still_open(row: Mapping[str, Any], legs: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    if row["money"] in _OPEN:
        yield f"payment {row['id']} is still {row['money']}"
    waiting = False
    for leg in legs:
        queued = leg["state"] == "created" and leg["queued_at"] is not None
        waiting = waiting or queued
        if leg["state"] not in ("done", "failed") and not queued:
            yield f"{leg['kind']} {leg['id']} is still {leg['state']}"
    if (row["due_at"] is not None) != waiting:
        yield f"payment {row['id']} is to be looked at, and nothing of it is open, or the other way about"

"""The steps of an act: each is one commit of one payment, at its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from counterfoil.basis import MICROS
from counterfoil.demo.act import Act, Sale, Undo

UNDO_MICROS: Final = 1_200_000
_SHOWN_AFTER: Final = 600_000
# The code's five minutes, and the question after them.
_CLOSED_AFTER: Final = 305 * MICROS
_ASK_AFTER: Final = 5 * MICROS
_WITHDRAW_AFTER: Final = 15 * MICROS
_SEND_AFTER: Final = 20_000
# The payment code is dead by then, and the machine stops asking.
_REVERSE_AFTER: Final = 91 * MICROS


class Step(NamedTuple):
    """``what`` is take, record, void, refund, withdraw, send or reverse, or an answer: answer, show, ask, found."""

    at: int
    what: str
    act: Act


def steps_of(act: Act) -> list[Step]:
    """In order. The first begins at the act's time."""
    return [Step(at, what, act) for at, what in (_undo(act) if isinstance(act, Undo) else _sale(act))]


def last_at(act: Act) -> int:
    """When the last step happens."""
    return steps_of(act)[-1].at


def _undo(undo: Undo) -> Iterator[tuple[int, str]]:
    yield undo.at, undo.kind
    yield undo.at + UNDO_MICROS, "answer"
    if undo.again_at is not None:
        yield undo.again_at, "send"
        yield undo.again_at + UNDO_MICROS, "answer"


def _sale(sale: Sale) -> Iterator[tuple[int, str]]:
    if sale.entry == "static_code":
        yield sale.at, "record"
        return
    yield sale.at, "take"
    if sale.wallet == "cash":
        return
    if sale.entry == "merchant_code":
        yield sale.at + _SHOWN_AFTER, "show"
        yield sale.at + (sale.takes if sale.ends == "approved" else _CLOSED_AFTER), "found"
        return
    answered = sale.at + sale.takes
    yield answered, "answer"
    match sale.ends:
        case "found":
            yield answered + _ASK_AFTER, "found"
        case "withdrawn":
            yield answered + _WITHDRAW_AFTER, "withdraw"
            yield answered + _WITHDRAW_AFTER + _SEND_AFTER, "send"
            yield answered + _WITHDRAW_AFTER + _SEND_AFTER + UNDO_MICROS, "answer"
        case "reversed":
            yield answered + _ASK_AFTER, "ask"
            yield sale.at + _REVERSE_AFTER, "reverse"
            yield sale.at + _REVERSE_AFTER + UNDO_MICROS, "answer"

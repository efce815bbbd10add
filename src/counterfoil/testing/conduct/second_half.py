"""What a folder must do against its own sandbox: find out every payment, and never say yes to what did not happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from counterfoil.basis import Money
from counterfoil.providers import (
    AT_TERMINAL,
    Answer,
    Approved,
    Declined,
    Notice,
    NotOurs,
    Outcome,
    Pending,
    ReadsNotices,
    Trick,
    Unknown,
    Why,
)
from counterfoil.testing.conduct.canned import AMOUNT
from counterfoil.testing.conduct.misconduct import must
from counterfoil.testing.conduct.stage import CODES, PACE, SCANNED, SHOWN, Stage

Rule = Callable[[Stage], Awaitable[None]]
_PART: Final = Money(1000)
_STEP: Final = 7
_NOTICE_SECONDS: Final = 5
_LAST_FOUR: Final = 4
_SIGNATURES: Final = frozenset({Trick.WRONG_SIGNATURE})
# Done all the same, and the answer says so to nobody who may believe it.
_DONE_UNSAID: Final = (
    Trick.LATE,
    Trick.CUT_AFTER,
    Trick.WRONG_SIGNATURE,
    Trick.UNKNOWN_CODE,
    Trick.OTHER_AMOUNT,
    Trick.OTHER_CURRENCY,
)
_NOT_DONE: Final = (Trick.CUT_BEFORE, Trick.TROUBLE)


async def plays_every_trick(stage: Stage) -> None:
    """The sandbox can do all that can go wrong."""
    missing = set(Trick) - stage.sandbox.tricks - (frozenset() if stage.manifest.answers_signed else _SIGNATURES)
    must(not missing, f"the sandbox cannot play {', '.join(sorted(missing))}")


async def takes_money_once(stage: Stage) -> None:
    """A yes is Approved and stands in the books with our number and amount, once."""
    number = stage.number()
    must(isinstance(said := await stage.charge(number), Approved), f"a payment that went well is {said}")
    must(isinstance(said := await stage.query(number), Approved), f"asked about, it is {said}")
    _held(stage, number, AMOUNT.minor, lines=1)


async def takes_a_no_for_a_no(stage: Stage) -> None:
    """A final no is Declined, at once and when asked about, and nothing was taken."""
    number = stage.number()
    stage.sandbox.play(Trick.NO)
    must(isinstance(said := await stage.charge(number), Declined), f"a no is {said}")
    must(not isinstance(said := await stage.query(number), Approved | Pending), f"a no, asked about, is {said}")
    _held(stage, number, 0)


async def waits_for_a_customer(stage: Stage) -> None:
    """A customer who is asked first is Pending, and Approved when he has paid."""
    number = stage.number()
    stage.sandbox.play(Trick.WAITS)
    must(isinstance(said := await stage.charge(number), Pending), f"a customer who is being asked is {said}")
    must(isinstance(said := await stage.query(number), Pending), f"asked about too early, it is {said}")
    stage.clock.forward(PACE.wait_seconds + 1)
    must(isinstance(said := await stage.query(number), Approved), f"a customer who paid is {said}")
    _held(stage, number, AMOUNT.minor, lines=1)


async def finds_what_was_done_and_not_said(stage: Stage) -> None:
    """Slow, cut off, wrongly signed, unknown code, other amount, other currency: Unknown, and found by asking."""
    for trick in _playable(stage, _DONE_UNSAID):
        number = stage.number()
        stage.sandbox.play(trick)
        must(isinstance(said := await stage.charge(number), Unknown | Pending), f"{trick} was taken for {said}")
        must(isinstance(said := await stage.query(number), Approved), f"after {trick}, asked about, it is {said}")
        _held(stage, number, AMOUNT.minor, lines=1)


async def finds_what_was_not_done(stage: Stage) -> None:
    """Cut off before, or a system error: Unknown, then not found, or a no; undone, it can never be paid any more."""
    for trick in _NOT_DONE:
        number, undo = stage.number(), stage.number()
        stage.sandbox.play(trick)
        must(isinstance(said := await stage.charge(number), Unknown), f"{trick} was taken for {said}")
        said = await stage.query(number)
        found = isinstance(said, Declined) or (isinstance(said, Unknown) and said.why is Why.NOT_FOUND)
        must(found, f"after {trick}, asked about, it is {said}")
        said = await stage.reverse(undo, number)
        _held(stage, number, 0)
        if isinstance(said, Unknown) and said.why is Why.NOT_FOUND:
            continue  # it has no such order and promises nothing: payments goes on until it could not come any more
        must(isinstance(said, Approved), f"after {trick}, undone, it is {said}")
        must(not isinstance(said := await stage.charge(number), Approved), f"undone, and then paid: {said}")
        _held(stage, number, 0)


async def takes_a_repeat_for_the_same(stage: Stage) -> None:
    """The same number and content again, by us or doubled on the way, is one payment with one answer."""
    number = stage.number()
    first, second = await stage.charge(number), await stage.charge(number)
    must(isinstance(first, Approved) and isinstance(second, Approved), f"twice the same: {first}, then {second}")
    _held(stage, number, AMOUNT.minor, lines=1)
    number, stage.wire.twice = stage.number(), True
    must(isinstance(said := await stage.charge(number), Approved), f"doubled on the way it is {said}")
    stage.wire.twice = False
    _held(stage, number, AMOUNT.minor, lines=1)


async def calls_nothing_unsent_that_went_out(stage: Stage) -> None:
    """An act whose second request finds no way out is not told as one that never left: its first request did."""
    paid, able = stage.number(), stage.manifest.abilities
    await stage.charge(paid)
    acts: dict[str, Callable[[], Awaitable[Outcome]]] = {"a charge": partial(stage.charge, paid)}
    if "refund" in able:
        await stage.refund(stage.number(), paid)
        acts["a refund of too much"] = partial(stage.refund, stage.number(), paid)
    if "reverse" in able:
        acts["a reversal"] = partial(stage.reverse, stage.number(), paid)
    for entry, ability in ((SHOWN, "show_code"), (AT_TERMINAL, "card_terminal")):
        if ability in able and "close" in able:
            number = stage.number()
            await stage.charge(number, entry=entry)
            acts[f"the close of {entry}"] = partial(stage.reverse, stage.number(), number, entry=entry)
    for name, act in acts.items():
        stage.wire.carries = 1
        said = await act()
        unsent = isinstance(said, Unknown) and said.why is Why.NOT_SENT
        must(not unsent, f"{name} whose second request found no way out is {said}")


async def takes_other_content_for_no_yes(stage: Stage) -> None:
    """A number that was used for another amount is never a yes for this one."""
    number = stage.number()
    await stage.charge(number)
    said = await stage.charge(number, Money(AMOUNT.minor + 1))
    must(not isinstance(said, Approved), f"another amount under a used number is {said}")
    said = await stage.query(number, Money(AMOUNT.minor + 1))
    must(not isinstance(said, Approved), f"asked about with another amount it is {said}")
    _held(stage, number, AMOUNT.minor, lines=1)


async def believes_no_altered_answer(stage: Stage) -> None:
    """A true yes that came damaged, with another status, for another payment, or without its signature, is no yes."""
    await stage.charge(stage.number())
    other = stage.wire.last
    must(other is not None, "a payment was made without a call")
    for name, alter in _alterations(stage, other or Answer(0, {}, b"")):
        stage.wire.alter = alter
        number = stage.number()
        charged, asked = await stage.charge(number), await stage.query(number)
        stage.wire.alter = _untouched
        must(isinstance(charged, Unknown | Pending), f"{name}: charge took it for {charged}")
        must(isinstance(asked, Unknown), f"{name}: query took it for {asked}")
        must(isinstance(said := await stage.query(number), Approved), f"{name}: asked about afterwards it is {said}")


async def believes_no_flipped_bit(stage: Stage) -> None:
    """With signed answers, no bit of one can be turned: each time it is Unknown."""
    if not stage.manifest.answers_signed:
        return
    number = stage.number()
    await stage.charge(number)
    length = len(stage.wire.last.body) if stage.wire.last else 0
    for at in range(0, length, _STEP):
        stage.wire.alter = lambda answer, at=at: replace(answer, body=_flipped(answer.body, at))  # type: ignore[misc]
        must(isinstance(said := await stage.query(number), Unknown), f"byte {at} turned, it is {said}")
    stage.wire.alter = _untouched


async def reverses_what_it_cannot_know(stage: Stage) -> None:
    """A payment whose answer was cut off is undone: the provider holds nothing, and says so afterwards."""
    number, undo = stage.number(), stage.number()
    stage.sandbox.play(Trick.CUT_AFTER)
    await stage.charge(number)
    must(isinstance(said := await stage.reverse(undo, number), Approved), f"undone, it is {said}")
    must(isinstance(said := await stage.reverse(undo, number), Approved), f"undone again, it is {said}")
    must(not isinstance(said := await stage.query(number), Approved), f"undone, asked about, it is {said}")
    _held(stage, number, 0)


async def tells_a_late_success(stage: Stage) -> None:
    """Money that came after it was undone is told to whoever asks; it is never hidden behind the undoing."""
    entry = SHOWN if "show_code" in stage.manifest.abilities else stage.entry
    number, undo = stage.number(), stage.number()
    stage.sandbox.play(Trick.LATE_SUCCESS)
    must(not isinstance(said := await stage.charge(number, entry=entry), Approved), f"not paid yet, it is {said}")
    await stage.reverse(undo, number, entry=entry)
    stage.clock.forward(PACE.wait_seconds + PACE.scan_seconds + 1)
    must(isinstance(said := await stage.query(number), Approved), f"paid after it was undone, it is {said}")
    _held(stage, number, AMOUNT.minor)


async def voids_once(stage: Stage) -> None:
    """A void gives everything back, once, however often it is asked for."""
    number, leg = stage.number(), stage.number()
    await stage.charge(number)
    must(isinstance(said := await stage.void(leg, number), Approved), f"a void is {said}")
    must(isinstance(said := await stage.void(leg, number), Approved), f"the same void again is {said}")
    _held(stage, number, 0, lines=2)
    said = await stage.void(stage.number(), number)
    numbered = stage.manifest.voids_numbered
    must(not (numbered and isinstance(said, Approved)), f"another void of it is {said}")
    _held(stage, number, 0, lines=2)


async def refunds_once(stage: Stage) -> None:
    """A refund gives back what it says, once, and no more than is left."""
    number, leg = stage.number(), stage.number()
    await stage.charge(number)
    must(isinstance(said := await stage.refund(leg, number), Approved), f"a refund is {said}")
    must(isinstance(said := await stage.refund(leg, number), Approved), f"the same refund again is {said}")
    _held(stage, number, 0, lines=2)
    said = await stage.refund(stage.number(), number, _PART)
    must(not isinstance(said, Approved), f"a refund of nothing that is left is {said}")
    _held(stage, number, 0, lines=2)


async def refunds_in_parts(stage: Stage) -> None:
    """Parts can be given back until nothing is left, and not beyond."""
    number = stage.number()
    await stage.charge(number)
    for amount in (_PART, Money(AMOUNT.minor - _PART.minor)):
        said = await stage.refund(stage.number(), number, amount)
        must(isinstance(said, Approved), f"a part of {amount} is {said}")
    _held(stage, number, 0, lines=3)


async def finds_a_refund_that_was_not_said(stage: Stage) -> None:
    """A refund whose answer was cut off is Unknown; asked about or sent again, it is Approved, and was done once."""
    number, leg = stage.number(), stage.number()
    await stage.charge(number)
    stage.sandbox.play(Trick.CUT_AFTER)
    must(isinstance(said := await stage.refund(leg, number, _PART), Unknown | Pending), f"cut off it is {said}")
    said = await stage.query(leg, _PART, kind="refund")
    must(not isinstance(said, Declined), f"done, and asked about it is {said}")
    must(isinstance(said := await stage.refund(leg, number, _PART), Approved), f"sent again it is {said}")
    _held(stage, number, AMOUNT.minor - _PART.minor, lines=2)


async def shows_a_code(stage: Stage) -> None:
    """A shown code is Pending with something to show, and Approved when it was paid."""
    number = stage.number()
    said = await stage.charge(number, entry=SHOWN)
    must(isinstance(said, Pending) and said.show, f"a code to show is {said}")
    must(isinstance(asked := await stage.query(number), Pending), f"not paid yet, asked about, it is {asked}")
    stage.clock.forward(PACE.scan_seconds + 1)
    must(isinstance(asked := await stage.query(number), Approved), f"paid, asked about, it is {asked}")
    _held(stage, number, AMOUNT.minor, lines=1)


async def closes_a_code(stage: Stage) -> None:
    """A shown code that is closed cannot be paid any more; one that was paid is not closed."""
    number = stage.number()
    await stage.charge(number, entry=SHOWN)
    said = await stage.reverse(stage.number(), number, entry=SHOWN)
    must(isinstance(said, Approved), f"closing an unpaid code is {said}")
    stage.clock.forward(PACE.scan_seconds + 1)
    must(not isinstance(said := await stage.query(number), Approved), f"closed, asked about, it is {said}")
    _held(stage, number, 0, lines=0)
    number = stage.number()
    await stage.charge(number, entry=SHOWN)
    stage.clock.forward(PACE.scan_seconds + 1)
    said = await stage.reverse(stage.number(), number, entry=SHOWN)
    held = stage.held(number)
    must(held == (0 if isinstance(said, Approved) else AMOUNT.minor), f"closing a paid code is {said}, held {held}")


async def takes_a_card(stage: Stage) -> None:
    """A card at the provider's terminal is Pending, Approved when it was taken, and given back in parts."""
    number = stage.number()
    said = await stage.charge(number, entry=AT_TERMINAL)
    must(isinstance(said, Pending) and said.show_until, f"a bill at the terminal is {said}")
    must(isinstance(said := await stage.query(number, entry=AT_TERMINAL), Pending), f"before a card comes it is {said}")
    stage.clock.forward(PACE.scan_seconds + 1)
    paid = await stage.query(number, entry=AT_TERMINAL)
    must(isinstance(paid, Approved), f"a card that was taken is {paid}")
    digits = paid.last_four if isinstance(paid, Approved) else None
    must(digits is None or (len(digits) == _LAST_FOUR and digits.isdigit()), "more of a card's number than four digits")
    _held(stage, number, AMOUNT.minor, lines=1)
    if "partial_refund" not in stage.manifest.abilities:
        return
    trade_no = paid.provider_trade_no if isinstance(paid, Approved) else None
    for amount in (_PART, Money(AMOUNT.minor - _PART.minor)):
        said = await stage.refund(stage.number(), number, amount, entry=AT_TERMINAL, trade_no=trade_no)
        must(isinstance(said, Approved), f"a part of {amount} of a card is {said}")
    _held(stage, number, 0, lines=3)


async def closes_a_card_bill(stage: Stage) -> None:
    """A bill at the terminal that is closed takes no card any more; a no at the terminal is Declined."""
    number = stage.number()
    await stage.charge(number, entry=AT_TERMINAL)
    said = await stage.reverse(stage.number(), number, entry=AT_TERMINAL)
    must(isinstance(said, Approved), f"closing a bill without a card is {said}")
    stage.clock.forward(PACE.scan_seconds + 1)
    said = await stage.query(number, entry=AT_TERMINAL)
    must(not isinstance(said, Approved), f"closed, asked about, it is {said}")
    _held(stage, number, 0, lines=0)
    number = stage.number()
    stage.sandbox.play(Trick.NO)
    first = await stage.charge(number, entry=AT_TERMINAL)
    must(isinstance(first, Pending | Declined), f"a card that will be refused is {first}")
    stage.clock.forward(PACE.scan_seconds + 1)
    said = await stage.query(number, entry=AT_TERMINAL)
    must(not isinstance(said, Approved | Pending), f"a refused card, asked about, is {said}")
    _held(stage, number, 0)


async def finds_a_card_that_was_not_said(stage: Stage) -> None:
    """A card that came while its bill was closed, or whose bill's answer was lost, is told to whoever asks."""
    number, undo = stage.number(), stage.number()
    stage.sandbox.play(Trick.LATE_SUCCESS)
    await stage.charge(number, entry=AT_TERMINAL)
    await stage.reverse(undo, number, entry=AT_TERMINAL)
    stage.clock.forward(PACE.wait_seconds + PACE.scan_seconds + 1)
    said = await stage.query(number, entry=AT_TERMINAL)
    must(isinstance(said, Approved), f"a card that came after the close is {said}")
    for trick in (Trick.CUT_AFTER, Trick.UNKNOWN_CODE):
        number = stage.number()
        stage.sandbox.play(trick)
        must(
            isinstance(said := await stage.charge(number, entry=AT_TERMINAL), Unknown), f"{trick} was taken for {said}"
        )
        said = await stage.query(number, entry=AT_TERMINAL)
        must(isinstance(said, Pending | Approved), f"after {trick}, asked about, it is {said}")


async def tells_what_it_knows(stage: Stage) -> None:
    """Each read of the manifest is answered with members, and moves nothing."""
    connector, booked = stage.accounts.connector(stage.row), len(stage.sandbox.books())
    for one in stage.manifest.reads:
        said = await connector.read(one.key, stage.number())  # type: ignore[attr-defined]
        must(isinstance(said, Mapping), f"{one.key} is answered with {said!r}")
    must(len(stage.sandbox.books()) == booked, "a question moved money")


async def tells_the_fee_of_a_refund(stage: Stage) -> None:
    """What a refund would give back of the fee is answered with members, and gives nothing back."""
    number = stage.number()
    await stage.charge(number)
    said = await stage.fee(number)
    must(isinstance(said, Mapping) and bool(said), f"the fee is answered with {said!r}")
    _held(stage, number, AMOUNT.minor, lines=1)


async def reads_its_notices(stage: Stage) -> None:
    """A notice of what was paid arrives, is ours, about our number and amount; with a bit turned it is nobody's."""
    connector = stage.accounts.connector(stage.row)
    must(isinstance(connector, ReadsNotices), "the connector reads no notices")
    number = stage.number()
    stage.ear.reply = connector.notice_reply()  # type: ignore[attr-defined]
    stage.sandbox.play(Trick.WAITS)
    await stage.charge(number)
    stage.clock.forward(PACE.wait_seconds + 1)
    await stage.query(number)
    headers, body = await asyncio.wait_for(stage.ear.heard.get(), _NOTICE_SECONDS)
    said = connector.read_notice(headers, body)  # type: ignore[attr-defined]
    must(isinstance(said, Notice) and said.order_no == number, f"a notice of {number} is {said}")
    must(said.outcome is None or said.amount == AMOUNT, f"a notice of {AMOUNT} says {said.amount}")
    must(said.merchant_no == stage.sandbox.merchant_no, f"a notice to us is for {said.merchant_no!r}")
    for at in range(0, len(body), _STEP):
        said = connector.read_notice(headers, _flipped(body, at))  # type: ignore[attr-defined]
        must(isinstance(said, NotOurs), f"byte {at} of a notice turned, it is {said}")


async def writes_no_payment_code(stage: Stage) -> None:
    """What is kept for support shows no payment code and no secret."""
    await stage.charge(stage.number())
    written = stage.spooled()
    must(written, "nothing was written of what was said")
    if stage.entry == SCANNED:
        for code in CODES.values():
            must(code.encode() not in written, "a payment code was written readable")
    for setting in stage.manifest.settings:
        value = stage.sandbox.settings.get(setting.key, "")
        must(not (setting.secret and value and value.encode() in written), f"{setting.key} was written readable")


def _playable(stage: Stage, tricks: tuple[Trick, ...]) -> Iterator[Trick]:
    yield from (trick for trick in tricks if trick in stage.sandbox.tricks)


def _held(stage: Stage, number: str, minor: int, *, lines: int | None = None) -> None:
    booked = stage.booked(number)
    must(stage.held(number) == minor, f"the provider holds {stage.held(number)} for it, not {minor}: {booked}")
    must(lines is None or len(booked) == lines, f"money moved {len(booked)} times, not {lines}: {booked}")


def _untouched(answer: Answer) -> Answer:
    return answer


def _alterations(stage: Stage, other: Answer) -> Iterator[tuple[str, Callable[[Answer], Answer]]]:
    for status in (302, 404, 500, 502):
        yield f"HTTP {status}", lambda answer, status=status: replace(answer, status=status)  # type: ignore[misc]
    yield "cut in half", lambda answer: replace(answer, body=answer.body[: len(answer.body) // 2])
    yield "said twice", lambda answer: replace(answer, body=answer.body * 2)
    yield "of another payment", lambda _answer: other
    if stage.manifest.answers_signed:
        yield "without a signature", lambda answer: replace(answer, headers={"content-type": "application/json"})
        yield "a space behind it", lambda answer: replace(answer, body=answer.body + b" ")


def _flipped(body: bytes, at: int) -> bytes:
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] if at < len(body) else body + b"!"

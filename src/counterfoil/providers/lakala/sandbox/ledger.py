"""The sandbox's own books: what was charged, voided and given back, by merchant number and order number.

Kept in memory; each change is appended to a journal of JSON lines, so that a restart knows every old payment. A trade
is written before anything about it is answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from counterfoil.providers.lakala.sandbox.trick import Trick
from counterfoil.providers.lakala.wire import wire_time

# What a trade is that waits for its customer: asked for a password, or shown a code.
WAITING: Final = frozenset({"DEAL", "CREATE"})
# account_type of an order at the cashier, whoever pays it.
UPCARD: Final = "UPCARD"
_ENCODER: Final = msgspec.json.Encoder()


class Trade(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line of the books. ``kind``: charge, void or refund; ``left``: fen of a charge that can still go back.

    A trade in state DEAL or CREATE waits for its customer until ``turns_at``, then becomes ``turns_into``; CREATE is a
    shown code (``until`` is its end) that nobody has paid yet. ``told`` is the code and words of a refusal. ``content``
    is a digest of the request, to tell a repeat from a reuse of the number.
    ``title``, ``channel_id``, ``pay_mode`` (a wallet; "" for a card) and ``made`` (when) are a cashier order's.
    ``short_tries``: how often a refund of a charge found funds short, first at ``short_since``.
    """

    merchant_no: str
    order_no: str
    kind: str
    amount: int
    state: str
    at: int
    content: str = ""
    account_type: str = "WECHAT"
    card_type: str = "99"
    trade_no: str = ""
    log_no: str = ""
    acc_trade_no: str = ""
    left: int = 0
    merchant_discount: int = 0
    platform_discount: int = 0
    origin: str = ""
    told: str = ""
    trick: str = ""
    turns_at: int | None = None
    turns_into: str = "SUCCESS"
    turns_told: str = ""
    short_tries: int = 0
    short_since: int = 0
    until: int | None = None
    notify_url: str = ""
    term_no: str = ""
    title: str = ""
    channel_id: str = ""
    pay_mode: str = ""
    made: int = 0


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """An old trade to be known from the start. A void or refund names its charge in ``origin`` and follows it.

    ``numbers_of`` gives the three numbers the sandbox would have made; ``account_type`` is Lakala's word. ``silent``: a
    charge about which every question and every revocation is answered with a system error, so that it stays unknown.
    """

    order_no: str
    kind: str
    amount_minor: int
    at: int
    account_type: str = "WECHAT"
    card_type: str = "99"
    origin: str = ""
    merchant_discount_minor: int = 0
    platform_discount_minor: int = 0
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Numbers:
    """Lakala's trade number (32), its statement number (the last 14 of it) and the wallet's number (28)."""

    trade_no: str
    log_no: str
    acc_trade_no: str


def numbers_of(merchant_no: str, order_no: str, kind: str, at: int) -> Numbers:
    """The numbers of a trade: always the same for one trade, so a filled ledger agrees with the payments' records."""
    wide = int.from_bytes(hashlib.sha256(f"{merchant_no}\n{order_no}\n{kind}".encode()).digest(), "big")
    day, digits = wire_time(at)[:8], str(wide).rjust(78, "0")
    log_no = f"66{'21' if kind == 'charge' else '16'}{digits[-10:]}"
    return Numbers(f"{day}{digits[-20:-10]}{log_no}", log_no, f"42{digits[-38:-20]}{day}")


def pay_order_no(trade_no: str) -> str:
    """The number of an order at the cashier, 29 digits: as real ones, another than that of the trade that pays it."""
    return f"{trade_no[2:18]}{trade_no[19:]}"


class Ledger:
    """The books of every merchant of one sandbox."""

    def __init__(self, journal: Path | None = None, *, on_paid: Callable[[Trade], None] = lambda _trade: None) -> None:
        """Read the journal where there is one; without a path everything is forgotten at the end.

        ``on_paid`` is told of each charge whose customer paid after he was waited for.
        """
        self._on_paid = on_paid
        self._trades: dict[tuple[str, str], Trade] = {}
        self._by_number: dict[tuple[str, str], Trade] = {}
        self._journal: BinaryIO | None = None
        if journal is not None:
            self._load(journal)
            self._journal = journal.open("ab")

    def find(self, merchant_no: str, *, order_no: str = "", number: str = "") -> Trade | None:
        """A trade by our order number, or by Lakala's trade or statement number."""
        if number:
            return self._by_number.get((merchant_no, number))
        return self._trades.get((merchant_no, order_no))

    def save(self, *trades: Trade) -> None:
        """Write trades, new or changed, in one piece."""
        for trade in trades:
            self._keep(trade)
        if self._journal is not None:
            self._journal.write(b"".join(_ENCODER.encode(trade) + b"\n" for trade in trades))
            self._journal.flush()

    def paid(self, trade: Trade) -> None:
        """Write a charge that was just paid, and let it be told."""
        self.save(trade)
        self._on_paid(trade)

    def charged_since(self, charge: Trade, at: int) -> int:
        """How many fen the merchant of ``charge`` was paid otherwise from ``at`` on; stops at the first older one."""
        total = 0
        for trade in reversed(self._trades.values()):
            if trade.kind != "charge" or trade.merchant_no != charge.merchant_no or trade is charge:
                continue
            if trade.at < at:
                break
            total += trade.amount if trade.state == "SUCCESS" else 0
        return total

    def turn(self, trade: Trade, now: int) -> Trade:
        """Let a waiting trade become what it was going to be, if its time has come."""
        if trade.state in WAITING and trade.turns_at is not None and trade.turns_at <= now:
            trade.state, trade.at, trade.told = trade.turns_into, trade.turns_at, trade.turns_told
            trade.left = trade.amount if trade.state == "SUCCESS" else 0
            if trade.state == "SUCCESS":
                self.paid(trade)
            else:
                self.save(trade)
        return trade

    def fill(self, merchant_no: str, entries: Iterable[Filled]) -> int:
        """Take old trades in, in order; those already known stay as they are. Answers how many were new."""
        made: dict[str, Trade] = {}
        for entry in entries:
            if (merchant_no, entry.order_no) in self._trades or entry.order_no in made:
                continue
            made[entry.order_no] = _old(merchant_no, entry)
            charge = made.get(entry.origin) or self._trades.get((merchant_no, entry.origin))
            if charge is not None:
                charge.left -= entry.amount_minor
                charge.state = "PART_REFUND" if charge.left else "REFUND"
                made.setdefault(entry.origin, charge)
        if made:
            self.save(*made.values())
        return len(made)

    def trades(self) -> Iterator[Trade]:
        """Every line, in the order of its first writing."""
        yield from self._trades.values()

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _keep(self, trade: Trade) -> None:
        self._trades[trade.merchant_no, trade.order_no] = trade
        ordered = trade.trade_no and trade.account_type == UPCARD and trade.kind == "charge"
        for number in (trade.trade_no, trade.log_no, pay_order_no(trade.trade_no) if ordered else ""):
            if number:
                self._by_number[trade.merchant_no, number] = trade

    def _load(self, journal: Path) -> None:
        """Read the lines; a last one that was torn by a kill is dropped. The file is then rewritten without history."""
        journal.parent.mkdir(parents=True, exist_ok=True)
        if not journal.exists():
            return
        decoder = msgspec.json.Decoder(Trade)
        for line in journal.read_bytes().split(b"\n")[:-1]:
            self._keep(decoder.decode(line))
        fresh = journal.with_suffix(".fresh")
        fresh.write_bytes(b"".join(_ENCODER.encode(trade) + b"\n" for trade in self._trades.values()))
        fresh.replace(journal)


def _old(merchant_no: str, entry: Filled) -> Trade:
    numbers = numbers_of(merchant_no, entry.order_no, entry.kind, entry.at)
    return Trade(
        merchant_no=merchant_no,
        order_no=entry.order_no,
        kind=entry.kind,
        amount=entry.amount_minor,
        state="DEAL" if entry.silent else "SUCCESS",
        at=entry.at,
        account_type=entry.account_type,
        card_type=entry.card_type,
        trade_no=numbers.trade_no,
        log_no=numbers.log_no,
        acc_trade_no=numbers.acc_trade_no,
        left=entry.amount_minor if entry.kind == "charge" else 0,
        origin=entry.origin,
        merchant_discount=entry.merchant_discount_minor,
        platform_discount=entry.platform_discount_minor,
        trick=Trick.TROUBLE if entry.silent else "",
    )

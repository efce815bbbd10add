"""The sandbox's own books: terminals with their keys, activation codes, and orders with what became of them.

Kept in memory; each change is appended to a journal of JSON lines, so that a restart knows every old order. A line is
written before anything about it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

_ENCODER: Final = msgspec.json.Encoder()


class Terminal(msgspec.Struct, kw_only=True, tag="terminal"):
    """A terminal and the keys that sign for it: the current one and the one before. ``first``: the activation's."""

    sn: str
    first: str
    current: str
    last: str = ""
    device_id: str = ""


class Code(msgspec.Struct, kw_only=True, tag="code"):
    """An activation code and how many terminals it still makes."""

    code: str
    left: int


class Order(msgspec.Struct, kw_only=True, omit_defaults=True, tag="order"):
    """One order. ``order_status`` and ``status`` are the protocol's; ``left``: fen that can still go back.

    A CREATED order becomes ``turns_into`` at ``turns_at``, and is cancelled by itself at ``until``. ``taken_at``: when
    the money came in; None while it did not. ``refunds``: fen by refund number. ``undone_at``: when it was voided.
    ``notify_url``: where a notice that it was paid shall go. ``reflect``: given back as it came. ``operator``: of the
    latest act that named one.
    """

    sn: str
    client_sn: str
    terminal_sn: str
    total: int
    order_status: str
    status: str
    at: int
    client_tsn: str = ""
    left: int = 0
    payway: str = "3"
    sub_payway: str = "1"
    subject: str = ""
    operator: str = ""
    finished_at: int = 0
    taken_at: int | None = None
    undone_at: int | None = None
    turns_at: int | None = None
    turns_into: str = "PAID"
    until: int | None = None
    trick: str = ""
    refunds: dict[str, int] = {}
    short_tries: int = 0
    notify_url: str = ""
    reflect: Any = ""

    @property
    def scanned(self) -> bool:
        """Whether the customer's code was scanned, and not one shown."""
        return self.sub_payway == "1"


class Ledger:
    """The books of one sandbox."""

    def __init__(self, journal: Path | None = None, on_paid: Callable[[Order], None] | None = None) -> None:
        """Read the journal where there is one; without a path everything is forgotten at the end.

        ``on_paid`` is told of an order in the moment it is paid.
        """
        self._on_paid = on_paid
        self.terminals: dict[str, Terminal] = {}
        self.codes: dict[str, Code] = {}
        self._orders: dict[str, Order] = {}
        self._by_client_sn: dict[str, Order] = {}
        self._journal: BinaryIO | None = None
        if journal is not None:
            journal.parent.mkdir(parents=True, exist_ok=True)
            self._load(journal)
            self._journal = journal.open("ab")

    def find(self, *, sn: str = "", client_sn: str = "") -> Order | None:
        """An order by Shouqianba's number, else by ours."""
        return (self._orders.get(sn) if sn else None) or self._by_client_sn.get(client_sn)

    @property
    def count(self) -> int:
        """How many orders there are."""
        return len(self._orders)

    def orders(self) -> Iterator[Order]:
        """Every order, in the order of its first writing."""
        yield from self._orders.values()

    def save(self, entry: Order | Terminal | Code) -> None:
        """Write an entry, new or changed."""
        self._keep(entry)
        if self._journal is not None:
            self._journal.write(_ENCODER.encode(entry) + b"\n")
            self._journal.flush()

    def turn(self, order: Order, now: int) -> Order:
        """Let a waiting order become what it was going to be, if its time has come."""
        if order.order_status == "CREATED" and order.turns_at is not None and order.turns_at <= now:
            self.settle(order, order.turns_into, order.turns_at)
        elif order.order_status == "CREATED" and order.until is not None and order.until <= now:
            self.settle(order, "PAY_CANCELED", order.until)
        return order

    def settle(self, order: Order, order_status: str, at: int) -> None:
        """The payment itself came to an end: PAID, or not."""
        paid = order_status == "PAID"
        order.order_status, order.finished_at = order_status, at
        order.status = "SUCCESS" if paid else "FAIL_CANCELED"
        order.left, order.taken_at = (order.total, at) if paid else (0, None)
        self.save(order)
        if paid and self._on_paid is not None:
            self._on_paid(order)

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _keep(self, entry: Order | Terminal | Code) -> None:
        if isinstance(entry, Terminal):
            self.terminals[entry.sn] = entry
            return
        if isinstance(entry, Code):
            self.codes[entry.code] = entry
            return
        self._orders[entry.sn] = entry
        self._by_client_sn[entry.client_sn] = entry

    def _load(self, journal: Path) -> None:
        """Read the lines; a last one that was torn by a kill is dropped. The file is then rewritten without history."""
        if not journal.exists():
            return
        decoder: msgspec.json.Decoder[Order | Terminal | Code] = msgspec.json.Decoder(Order | Terminal | Code)
        for line in journal.read_bytes().split(b"\n")[:-1]:
            self._keep(decoder.decode(line))
        fresh = journal.with_suffix(".fresh")
        entries = (*self.terminals.values(), *self.codes.values(), *self._orders.values())
        fresh.write_bytes(b"".join(_ENCODER.encode(entry) + b"\n" for entry in entries))
        fresh.replace(journal)

"""A small world for the store's tests: three tables, a real log, and Changes of the shape of a payment."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import apsw
import asyncpg
from sqlalchemy import MetaData, PrimaryKeyConstraint, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

from counterfoil.basis import Ids, SystemClock, SystemEntropy
from counterfoil.store import (
    Add,
    Change,
    Draw,
    Drawn,
    Drop,
    Entry,
    Fact,
    Guard,
    Head,
    Id,
    Insert,
    Leaf,
    Line,
    Scope,
    Store,
    Whole,
    belongs_to,
    evidenced,
    open_store,
    versioned,
    working,
)
from counterfoil.store.tables import evidence_head, evidence_leaf

world = MetaData()


def table(name: str, *parts: Any, key: tuple[str, ...], root: bool = False) -> Table:
    info = {"scope": Scope.BY_MERCHANT, "root": root, "key": key}
    first = evidenced("merchant_id", Whole)
    return Table(name, world, first, *parts, PrimaryKeyConstraint("merchant_id", *key), info=info, sqlite_strict=True)


sale = table(
    "sale",
    evidenced("id", Id),
    evidenced("number", Whole, null=True),
    evidenced("amount", Whole),
    evidenced("state", Line),
    evidenced("order_no", Line, null=True),
    *versioned(),
    key=("id",),
    root=True,
)
line = table(
    "line",
    evidenced("sale_id", Id),
    evidenced("place", Whole),
    evidenced("number", Whole, null=True),
    evidenced("text", Line),
    belongs_to("sale", "sale_id", key=("id",)),
    key=("sale_id", "place"),
)
seat = table("seat", working("id", Id), working("seen", Whole), *versioned(), key=("id",), root=True)
booking = table(
    "booking",
    working("seat_id", Id),
    working("place", Whole),
    working("text", Line, null=True),
    belongs_to("seat", "seat_id", key=("id",)),
    key=("seat_id", "place"),
)
tally = table("tally", working("day", Line), working("count", Whole), working("minor", Whole), key=("day",))

SALE = select(sale).where(sale.c.merchant_id == bindparam("merchant_id"), sale.c.id == bindparam("id"))
SALES = select(sale).where(sale.c.merchant_id == bindparam("merchant_id")).order_by(sale.c.id)
LINES = select(line).where(line.c.merchant_id == bindparam("merchant_id")).order_by(line.c.sale_id, line.c.place)
SEAT = select(seat).where(seat.c.merchant_id == bindparam("merchant_id"), seat.c.id == bindparam("id"))
SEATS = select(seat).where(seat.c.merchant_id == bindparam("merchant_id")).order_by(seat.c.id)
BOOKINGS = select(booking).where(booking.c.merchant_id == bindparam("merchant_id")).order_by(booking.c.place)
TALLY = select(tally).where(tally.c.merchant_id == bindparam("merchant_id")).order_by(tally.c.day)
LEAVES = select(evidence_leaf).where(evidence_leaf.c.merchant_id == bindparam("merchant_id")).order_by("position")
HEAD = select(evidence_head).where(evidence_head.c.merchant_id == bindparam("merchant_id"))


class FrontierLog:
    """RFC 6962: leaf hash SHA-256(0 || entry), node SHA-256(1 || left || right); the frontier holds full subtrees."""

    def start(self) -> Head:
        return Head(0, b"")

    def append(self, head: Head, entries: Sequence[Entry]) -> tuple[Head, list[list[Leaf]]]:
        size, roots = head.size, [head.frontier[at : at + 32] for at in range(0, len(head.frontier), 32)]
        made: list[list[Leaf]] = []
        for entry in entries:
            leaves = []
            rows = [[touched.table.name, touched.row] for touched in entry.touched]
            for fact in entry.facts:
                raw = json.dumps([fact.kind, dict(fact.body), rows], sort_keys=True, default=str).encode()
                leaf = Leaf(size, fact.subject, raw, hashlib.sha256(b"\0" + raw).digest())
                roots, size = grown(roots, size, leaf.leaf_hash), size + 1
                leaves.append(leaf)
            made.append(leaves)
        return Head(size, b"".join(roots)), made


def grown(roots: list[bytes], size: int, leaf_hash: bytes) -> list[bytes]:
    roots = [*roots, leaf_hash]
    while size & 1:
        right, left = roots.pop(), roots.pop()
        roots.append(hashlib.sha256(b"\1" + left + right).digest())
        size >>= 1
    return roots


def new_id() -> str:
    return str(uuid.uuid4())


def fact(kind: str, subject: str | None = None, **body: Any) -> Fact:
    return Fact(kind, subject, body)


def selling(merchant_id: int = 1, sale_id: str | None = None, amount: int = 100, **more: Any) -> Change:
    """The first half of a payment: the root row with its number, one leaf, one total."""
    sale_id = sale_id or new_id()
    row = {"id": sale_id, "number": Drawn("number"), "amount": amount, "state": "sent"}
    settings: dict[str, Any] = {
        "inserts": (Insert(sale, row),),
        "facts": (fact("sent", sale_id, number=Drawn("number")),),
        "draws": (Draw("number", "voucher"),),
        "totals": (Add(tally, {"day": "2026-11-22"}, {"count": 1, "minor": amount}),),
    }
    return Change(change_id=new_id(), merchant_id=merchant_id, **(settings | more))


def seating(merchant_id: int = 1, bookings: int = 0, **more: Any) -> Change:
    """Working rows that no fact speaks of: a seat with its bookings."""
    seat_id = new_id()
    places = [Insert(booking, {"seat_id": seat_id, "place": place, "text": "tea"}) for place in range(bookings)]
    inserts = (Insert(seat, {"id": seat_id, "seen": 1}), *places)
    return Change(change_id=new_id(), merchant_id=merchant_id, inserts=inserts, **more)


def dropping(*drops: Drop, merchant_id: int = 1, **more: Any) -> Change:
    """A Change that drops rows."""
    return Change(change_id=new_id(), merchant_id=merchant_id, drops=drops, **more)


def moving(before: dict[str, Any], state: str, **more: Any) -> Change:
    """The second half: a guarded update and one leaf."""
    settings: dict[str, Any] = {
        "guards": (Guard(sale, before, {"state": state}),),
        "facts": (fact(state, before["id"]),),
    }
    return Change(change_id=new_id(), merchant_id=before["merchant_id"], **(settings | more))


def no_stop(error: BaseException) -> None:
    raise AssertionError("the store asked to be stopped") from error


def never(_error: BaseException) -> None:
    """A fail_stop for tests that expect it and look elsewhere."""


async def build(address: str) -> None:
    """Create the test's own tables; the store's are made by its migrations."""
    if address.startswith("sqlite"):
        connection = apsw.Connection(address.removeprefix("sqlite://").partition("?")[0], vfs="cksmvfs")
        for each in world.sorted_tables:
            connection.execute(str(CreateTable(each, if_not_exists=True).compile(dialect=sqlite.dialect())))
        connection.close()
        return
    other = await asyncpg.connect(address)
    for each in world.sorted_tables:
        await other.execute(str(CreateTable(each, if_not_exists=True).compile(dialect=postgresql.dialect())))
    await other.close()


@asynccontextmanager
async def opened(
    address: str, fail_stop: Callable[[BaseException], None] = no_stop, **settings: Any
) -> AsyncIterator[Store]:
    """A store with the test's tables in it."""
    clock = SystemClock()
    ids = Ids(clock, SystemEntropy())
    log = settings.pop("log", FrontierLog())
    with_tables = settings.pop("with_tables", True)
    async with open_store(address, log=log, clock=clock, ids=ids, fail_stop=fail_stop, **settings) as store:
        if with_tables:
            await build(address)
        yield store


async def sale_of(store: Store, change: Change) -> dict[str, Any] | None:
    (insert, *_) = change.inserts
    return await store.fetch_one(SALE, {"merchant_id": change.merchant_id, "id": insert.row["id"]})


async def assert_log_whole(store: Store, merchant_id: int) -> int:
    """No gap in the log, each leaf hash true, the head the one that the leaves give; the size."""
    leaves = await store.fetch(LEAVES, {"merchant_id": merchant_id})
    head = await store.fetch_one(HEAD, {"merchant_id": merchant_id})
    assert [leaf["position"] for leaf in leaves] == list(range(len(leaves)))
    roots: list[bytes] = []
    for leaf in leaves:
        assert hashlib.sha256(b"\0" + leaf["entry"]).digest() == leaf["leaf_hash"]
        roots = grown(roots, leaf["position"], leaf["leaf_hash"])
    assert head is None or (head["size"], head["frontier"]) == (len(leaves), b"".join(roots))
    return len(leaves)

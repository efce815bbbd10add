"""The auditor's look at the notices: what was answered as kept is kept, heeded to its end, and booked once.

I1  a notice that was answered SUCCESS is there
I2  what was paid by the printed code and told of is one record, or one a person is shown; never two
I4  each notice came to its end
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from counterfoil.simulation.audit import Books, Violation


def audit_notices(books: Books) -> list[Violation]:
    """I1, I2 and I4 of what the providers told by itself."""
    found = [Violation("I1", said) for said in _not_kept(books)]
    found += [Violation("I2", said) for said in _printed(books)]
    open_ = [row for row in books.notices if row["state"] not in ("done", "person") or row["due_at"] is not None]
    return found + [Violation("I4", f"notice {row['id']} is still {row['state']}") for row in open_]


def _not_kept(books: Books) -> Iterator[str]:
    kept = {row["order_no"] for row in books.notices}
    for side in books.sides.values():
        for order_no in side.heard:
            if order_no not in kept:
                yield f"a notice of {order_no} was answered as kept and is not there"


def _printed(books: Books) -> Iterator[str]:
    records = Counter(row["order_no"] for row in books.payments)
    shown = {row["order_no"] for row in books.notices if row["state"] == "person"}
    for side in books.sides.values():
        for order_no in side.printed:
            if order_no in side.heard and not records[order_no] and order_no not in shown:
                yield f"{order_no} was paid by the printed code, and is neither a record nor shown to a person"
    for order_no, times in records.items():
        if times > 1:
            yield f"{order_no} is {times} records"

"""All holds of a merchant, page by page, newest first; by key and never by offset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, or_, select

from counterfoil.basis import JSON, Money
from counterfoil.payments.tables import payment
from counterfoil.records import Means, opened, sealed
from counterfoil.removal.hold import Hold
from counterfoil.removal.states import HoldState
from counterfoil.removal.tables import record_hold

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FindHolds:
    """A question: the state it is in, the number it has (``Hold.number``); ``after`` is the token of a page before."""

    state: HoldState | None = None
    number: int | None = None
    after: str | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class HoldPage:
    """Holds, each with what was paid on its record, newest first; and the token of the next page, None at the end."""

    items: tuple[tuple[Hold, Money], ...]
    next: str | None


async def find_holds(means: Means, merchant_id: int, asked: FindHolds) -> HoldPage:
    """A page of them, also of those that were lifted. Raises PAGE_TOKEN_WRONG of records."""
    given = {"state": asked.state and asked.state.value, "number": asked.number}
    query: dict[str, JSON] = {"of": "holds", "merchant_id": merchant_id, **given}
    after = None if asked.after is None else opened(query, asked.after, means.seal_key)
    names = frozenset(name for name, value in given.items() if value is not None)
    params = {"merchant_id": merchant_id, "limit_": asked.limit + 1} | {name: given[name] for name in names}
    if after is not None:
        params |= {"last_at": after[0], "last_id": after[1]}
    rows = await means.store.fetch(_page(names, paged=after is not None), params)
    shown = rows[: asked.limit]
    items = tuple((Hold.of(row), Money(row["amount_minor"], row["currency"])) for row in shown)
    last = items[-1][0] if len(rows) > asked.limit else None
    return HoldPage(items, sealed(query, (last.placed_at, last.id), means.seal_key) if last else None)


@lru_cache(maxsize=8)
def _page(names: frozenset[str], *, paged: bool) -> Select[Any]:
    """The statement for what is asked for by ``names``, from the beginning or after ``last_at`` and ``last_id``."""
    found = _FIRST
    for name in sorted(names):
        found = found.where(record_hold.c[name] == bindparam(name))
    return found.where(_LATER_PAGE) if paged else found


_LATER_PAGE: Final = and_(
    record_hold.c.placed_at <= bindparam("last_at"),
    or_(record_hold.c.placed_at < bindparam("last_at"), record_hold.c.id < bindparam("last_id")),
)
_FIRST: Final = (
    select(record_hold, payment.c.amount_minor, payment.c.currency)
    .join(payment, and_(payment.c.merchant_id == record_hold.c.merchant_id, payment.c.id == record_hold.c.payment_id))
    .where(record_hold.c.merchant_id == bindparam("merchant_id"))
    .order_by(record_hold.c.placed_at.desc(), record_hold.c.id.desc())
    .limit(bindparam("limit_"))
)

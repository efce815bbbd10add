"""The payments that may answer a question, read from the indexes alone and never more than so many entries of them.

What a lane's index carries (time, amount, facets) is judged there; what only the row can tell is judged by the reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true, union_all

from counterfoil.payments import FACETS, facet_filter
from counterfoil.payments.tables import payment, payment_leg
from counterfoil.records.lanes import LEG_NUMBERS, SINGLE, Lane, leads_into
from counterfoil.records.selection import BOUNDS, Selection
from counterfoil.store import Reader

Key = tuple[int, str]
# A number stands on one payment; whoever writes the same one on thousands sees this many of them.
SINGLE_MAX: Final = 200
_NEWEST_FIRST: Final = (payment.c.taken_at.desc(), payment.c.id.desc())
_BOUND_PARAMS: Final = ("no_earlier", "no_later")
_JUDGED: Final = ("facets", "amount_min", "amount_max")


@dataclass(frozen=True, slots=True)
class Scan:
    """``keys``: what may answer, newest first. ``end``: the last entry looked at; None where the lane is at its end."""

    keys: tuple[Key, ...]
    end: Key | None
    examined: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of a question an index can judge: made once for a question, bound for each of its lanes."""

    names: frozenset[str]
    params: Mapping[str, Any]


def narrowing_of(selection: Selection) -> Narrowing:
    """The bounds of time, the range of amounts and the facets of a selection."""
    wanted = {name: selection.params[name] for name in FACETS & selection.shape.names}
    if selection.shape.shops == 1:
        wanted["shop_id"] = selection.params["only_0"]
    names = selection.shape.names & (BOUNDS.keys() | {"amount_min", "amount_max"})
    params = {"merchant_id": selection.params["merchant_id"]}
    params |= {name: value for name, value in selection.params.items() if name in names or name in _BOUND_PARAMS}
    if wanted:
        mask, value = facet_filter(wanted)
        names |= {"facets"}
        params |= {"mask": mask, "value": value}
    return Narrowing(frozenset(names), params)


async def scan(store: Reader, lane: Lane, narrowing: Narrowing, *, after: Key | None, budget: int, most: int) -> Scan:
    """Read ``lane`` on from ``after``: at most ``budget`` entries of it, until ``most`` of them may answer."""
    most = min(most, budget)
    params = {**narrowing.params, "lane": lane.value, "budget": budget, "most": most}
    if after is not None:
        params |= {"last_at": after[0], "last_id": after[1]}
    judged = not narrowing.names.isdisjoint(_JUDGED)
    statement = (_judged if judged else _plain)(lane.column, narrowing.names, paged=after is not None)
    rows = await store.fetch(statement, params)
    keys = tuple((row["taken_at"], row["id"]) for row in rows if not judged or row["fits"])
    examined = rows[-1]["nth"] if judged and rows else len(rows)
    if len(rows) < most and examined < budget:
        return Scan(keys, None, examined)
    return Scan(keys, (rows[-1]["taken_at"], rows[-1]["id"]), examined)


async def singles(store: Reader, selection: Selection) -> list[Key]:
    """What the question's number finds where numbers stand on one payment."""
    kinds = tuple(kind for kind in selection.shape.numbers if kind in SINGLE)
    if not kinds:
        return []
    params = {"merchant_id": selection.params["merchant_id"], "number": selection.params["number"]}
    return [(row["taken_at"], row["id"]) for row in await store.fetch(_of_number(kinds), params)]


@lru_cache(maxsize=512)
def _plain(column: str | None, names: frozenset[str], *, paged: bool) -> Select[Any]:
    """The next entries of a lane, where nothing has to be judged."""
    entries = _lane(select(payment.c.taken_at, payment.c.id), column, names, paged=paged)
    return entries.order_by(*_NEWEST_FIRST).limit(bindparam("most"))


@lru_cache(maxsize=512)
def _judged(column: str | None, names: frozenset[str], *, paged: bool) -> Select[Any]:
    """Entries that fit, with how many were looked at up to them; and the last one of the budget, fitting or not."""
    nth = func.row_number().over(order_by=_NEWEST_FIRST).label("nth")
    looked_at = select(payment.c.taken_at, payment.c.id, payment.c.facets, payment.c.amount_minor, nth)
    entries = _lane(looked_at, column, names, paged=paged)
    seen = entries.order_by(*_NEWEST_FIRST).limit(bindparam("budget")).subquery("seen")
    fits = and_(true(), *(_fits(name, seen.c) for name in _JUDGED if name in names))
    found = select(seen.c.taken_at, seen.c.id, seen.c.nth, fits.label("fits"))
    return (
        found.where(or_(fits, seen.c.nth == bindparam("budget")))
        .order_by(seen.c.taken_at.desc(), seen.c.id.desc())
        .limit(bindparam("most"))
    )


def _lane(entries: Select[Any], column: str | None, names: frozenset[str], *, paged: bool) -> Select[Any]:
    """``entries`` of one lane, within the bounds of time, after the last key."""
    found = entries.where(payment.c.merchant_id == bindparam("merchant_id"), leads_into(column))
    for name in sorted(names & BOUNDS.keys()):
        found = found.where(BOUNDS[name])
    if not paged:
        return found
    same = and_(payment.c.taken_at == bindparam("last_at"), payment.c.id < bindparam("last_id"))
    earlier = or_(payment.c.taken_at < bindparam("last_at"), same)
    return found.where(payment.c.taken_at <= bindparam("last_at"), earlier)


def in_facets(entry: Any) -> ColumnElement[bool]:
    """Whether an entry's facets are those sought; ``mask`` and ``value`` are parameters of the narrowing."""
    sought: ColumnElement[bool] = entry.facets.bitwise_and(bindparam("mask")) == bindparam("value")
    return sought


def _fits(name: str, entry: Any) -> ColumnElement[bool]:
    judged: ColumnElement[bool] = {
        "facets": in_facets(entry),
        "amount_min": entry.amount_minor >= bindparam("amount_min"),
        "amount_max": entry.amount_minor <= bindparam("amount_max"),
    }[name]
    return judged


@lru_cache(maxsize=16)
def _of_number(kinds: tuple[str, ...]) -> Any:
    return union_all(*(one for kind in kinds for one in _singles(kind)))


def _singles(kind: str) -> list[Select[Any]]:
    """The payments with that number; by a leg's, from the leg to its payment, never through all payments."""
    if kind != "leg":
        own = select(payment.c.taken_at, payment.c.id).where(payment.c.merchant_id == bindparam("merchant_id"))
        return [_few(own.where(payment.c[kind] == bindparam("number")))]
    same = (payment.c.merchant_id == payment_leg.c.merchant_id) & (payment.c.id == payment_leg.c.payment_id)
    legs = select(payment.c.taken_at, payment.c.id).select_from(payment_leg.join(payment, same))
    legs = legs.where(payment_leg.c.merchant_id == bindparam("merchant_id"))
    return [_few(legs.where(payment_leg.c[name] == bindparam("number"))) for name in LEG_NUMBERS]


def _few(found: Select[Any]) -> Select[Any]:
    few = found.limit(SINGLE_MAX).subquery()
    return select(few.c.taken_at, few.c.id)

"""Saved filters: a question kept under a name, by whoever asks it often. Each person sees their own only.

They are working rows without facts: a name for a question moves no money and says nothing about any payment.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people import Actor, Permission, demand, without_card
from counterfoil.records.faults import SAVED_GONE, SAVED_MANY, SAVED_NAME
from counterfoil.records.means import Means
from counterfoil.records.tables import saved_filter
from counterfoil.store import Change, Drop, Guard, Insert, Row, Stale

SAVED_MAX: Final = 20
NAME_CHARACTERS_MAX: Final = 40
QUERY_CHARACTERS_MAX: Final = 2000
_OF: Final = (
    select(saved_filter)
    .where(saved_filter.c.merchant_id == bindparam("merchant_id"), saved_filter.c.person_id == bindparam("person_id"))
    .order_by(saved_filter.c.made_at, saved_filter.c.id)
    .limit(SAVED_MAX)
)


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """``query`` is what stands in the address after the question mark."""

    id: str
    name: str
    query: str


async def saved_filters(means: Means, actor: Actor) -> list[SavedFilter]:
    """This person's own, oldest first; at most 20."""
    return [SavedFilter(row["id"], row["name"], row["query"]) for row in await _rows(means, actor)]


async def save_filter(means: Means, actor: Actor, name: str, query: str) -> SavedFilter:
    """Keep ``query`` under ``name``. Raises SAVED_NAME, and SAVED_MANY where there are 20."""
    demand(actor, Permission.READ)
    plain = _named(name)
    if len(query) > QUERY_CHARACTERS_MAX:
        raise SAVED_NAME(field="query")
    without_card(query, "query")
    if len(await _rows(means, actor)) >= SAVED_MAX:
        raise SAVED_MANY(most=SAVED_MAX)
    row = {
        "merchant_id": actor.merchant_id,
        "id": means.ids.uuid(),
        "person_id": actor.person_id,
        "name": plain,
        "query": query,
        "made_at": means.clock.now(),
    }
    await _commit(means, actor, inserts=(Insert(saved_filter, row),))
    return SavedFilter(str(row["id"]), plain, query)


async def rename_filter(means: Means, actor: Actor, filter_id: str, name: str) -> None:
    """Call it otherwise. Raises SAVED_NAME, and SAVED_GONE where this person has none of that id."""
    row = await _own(means, actor, filter_id)
    await _commit(means, actor, guards=(Guard(saved_filter, row, {"name": _named(name)}),))


async def drop_filter(means: Means, actor: Actor, filter_id: str) -> SavedFilter:
    """Forget it; what it was, so that it can be kept again. Raises SAVED_GONE as above."""
    row = await _own(means, actor, filter_id)
    await _commit(means, actor, drops=(Drop(saved_filter, row),))
    return SavedFilter(row["id"], row["name"], row["query"])


async def _rows(means: Means, actor: Actor) -> list[Row]:
    return list(await means.store.fetch(_OF, {"merchant_id": actor.merchant_id, "person_id": actor.person_id}))


async def _own(means: Means, actor: Actor, filter_id: str) -> Row:
    demand(actor, Permission.READ)
    found = next((row for row in await _rows(means, actor) if row["id"] == filter_id), None)
    if found is None:
        raise SAVED_GONE()
    return found


async def _commit(
    means: Means,
    actor: Actor,
    *,
    inserts: tuple[Insert, ...] = (),
    guards: tuple[Guard, ...] = (),
    drops: tuple[Drop, ...] = (),
) -> None:
    change_id = means.ids.uuid()
    change = Change(change_id=change_id, merchant_id=actor.merchant_id, inserts=inserts, guards=guards, drops=drops)
    try:
        await means.store.commit(change)
    except Stale as error:
        # Changed or dropped in another window a moment ago.
        raise SAVED_GONE() from error


def _named(typed: str) -> str:
    plain = unicodedata.normalize("NFC", typed).strip()
    if not 0 < len(plain) <= NAME_CHARACTERS_MAX or not plain.isprintable():
        raise SAVED_NAME(field="name")
    without_card(plain, "name")
    return plain

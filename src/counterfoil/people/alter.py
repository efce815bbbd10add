"""A person, terminal or shop written anew under its version, by an actor who is active while it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from counterfoil.basis import Fault, FaultKind, insist
from counterfoil.evidence import FactKind
from counterfoil.people import tables
from counterfoil.people.demand import demand
from counterfoil.people.faults import PERSON_UNKNOWN, SHOP_UNKNOWN, SIGN_IN_BUSY, TERMINAL_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.store import Change, Guard, Require, Row, Stale


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be altered: its table, who may, and the fault where there is none."""

    table: Table
    permission: Permission
    unknown: FaultKind


PERSON: Final = Kind(tables.person, Permission.MANAGE_PEOPLE, PERSON_UNKNOWN)
TERMINAL: Final = Kind(tables.terminal, Permission.MANAGE_PLACES, TERMINAL_UNKNOWN)
SHOP: Final = Kind(tables.shop, Permission.MANAGE_PLACES, SHOP_UNKNOWN)


async def alter(
    means: Means, actor: Actor, kind: Kind, row_id: str, values: Callable[[Row], Mapping[str, Any]], fact: FactKind
) -> None:
    """Write ``values`` of the row as it is, with ``fact``; nothing where they are its values already.

    Raises Refused CF-2021 (may not), the kind's own where there is none of that id; Trouble CF-2010.
    """
    demand(actor, kind.permission)
    for _ in range(ROUNDS_MAX):
        before = await row_of(means, kind, actor.merchant_id, row_id)
        new = values(before)
        if not new:
            return
        try:
            await means.store.commit(await _change(means, actor, Guard(kind.table, before, new), fact))
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()


async def in_service(means: Means, actor: Actor) -> Require:
    """That the actor is still active as they are read now; disabling them makes a Change that relied on it stale.

    Raises Refused CF-2018 where they are not.
    """
    by = await _row(means, tables.person, actor.merchant_id, actor.person_id)
    if by is None or by["state"] != ACTIVE:
        raise PERSON_UNKNOWN(number="")
    return Require(tables.person, {"merchant_id": actor.merchant_id, "id": actor.person_id}, by["version"])


async def _change(means: Means, actor: Actor, guard: Guard, fact: FactKind) -> Change:
    """The row under its version, relying on the actor being active as they were read."""
    still = await in_service(means, actor)
    insist(guard.before["merchant_id"] == actor.merchant_id, "what is altered is the actor's merchant's")
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=actor.merchant_id,
        guards=(guard,),
        requires=() if guard.before["id"] == actor.person_id else (still,),
        facts=(fact.fact(at=means.clock.now(), actor=actor.person_id, subject=guard.before["id"]),),
    )


async def row_of(means: Means, kind: Kind, merchant_id: int, row_id: str) -> Row:
    """The row as it is. Raises the kind's own Refused where there is none of that id."""
    row = await _row(means, kind.table, merchant_id, row_id)
    if row is None:
        raise _unknown(kind)
    return row


async def _row(means: Means, table: Table, merchant_id: int, row_id: str) -> Row | None:
    return await means.store.fetch_one(_BY_ID[table.name], {"merchant_id": merchant_id, "id": row_id})


def _unknown(kind: Kind) -> Fault:
    return kind.unknown(number="") if kind.unknown is PERSON_UNKNOWN else kind.unknown()


def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.merchant_id == bindparam("merchant_id"), table.c.id == bindparam("id"))


_BY_ID: Final = {table.name: _by_id(table) for table in (tables.person, tables.terminal, tables.shop, tables.api_key)}

"""Disable and enable an operator, a terminal or a shop. Nothing is lost: what they did stays theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from counterfoil.basis import Fault, FaultKind, insist
from counterfoil.evidence import FactKind
from counterfoil.people import facts, tables
from counterfoil.people.demand import demand
from counterfoil.people.faults import NOT_YOURSELF, PERSON_UNKNOWN, SHOP_UNKNOWN, SIGN_IN_BUSY, TERMINAL_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, DISABLED
from counterfoil.people.reading import terminals
from counterfoil.people.session import ROUNDS_MAX, end_sessions
from counterfoil.store import Change, Guard, Require, Row, Stale


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is switched: its table, who may, what the log says, and the fault where there is none."""

    table: Table
    permission: Permission
    disabled: FactKind
    enabled: FactKind
    unknown: FaultKind


_PERSON: Final = _Kind(
    tables.person, Permission.MANAGE_PEOPLE, facts.PERSON_DISABLED, facts.PERSON_ENABLED, PERSON_UNKNOWN
)
_TERMINAL: Final = _Kind(
    tables.terminal, Permission.MANAGE_PLACES, facts.TERMINAL_DISABLED, facts.TERMINAL_ENABLED, TERMINAL_UNKNOWN
)
_SHOP: Final = _Kind(tables.shop, Permission.MANAGE_PLACES, facts.SHOP_DISABLED, facts.SHOP_ENABLED, SHOP_UNKNOWN)


async def switch_operator(means: Means, actor: Actor, person_id: str, *, on: bool) -> None:
    """Enable an operator, or disable them: they sign in no more, and whoever was signed in is signed out.

    Nobody disables themselves, and whoever disables stays active, so an administrator always remains.
    Raises Refused CF-2018 (nobody of that id), CF-2021 (may not), CF-2022 (oneself); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    if person_id == actor.person_id and not on:
        raise NOT_YOURSELF()
    await _switch(means, actor, _PERSON, person_id, on=on)
    if not on:
        await end_sessions(means, actor.merchant_id, person_id=person_id)


async def switch_terminal(means: Means, actor: Actor, terminal_id: str, *, on: bool) -> None:
    """Enable a terminal, or disable it: nobody signs in or takes money there, and who was signed in is signed out.

    Raises Refused CF-2008 (none of that id), CF-2021 (may not); Trouble CF-2010.
    """
    await _switch(means, actor, _TERMINAL, terminal_id, on=on)
    if not on:
        await end_sessions(means, actor.merchant_id, terminal_id=terminal_id)


async def switch_shop(means: Means, actor: Actor, shop_id: str, *, on: bool) -> None:
    """Enable a shop, or disable it with all its terminals, which keep their own state.

    Raises Refused CF-2009 (none of that id), CF-2021 (may not); Trouble CF-2010.
    """
    await _switch(means, actor, _SHOP, shop_id, on=on)
    if on:
        return
    for terminal, where in await terminals(means.store, actor.merchant_id):
        if where.id == shop_id:
            await end_sessions(means, actor.merchant_id, terminal_id=terminal.id)


async def _switch(means: Means, actor: Actor, kind: _Kind, row_id: str, *, on: bool) -> None:
    """Write the state; nothing where it is that already."""
    demand(actor, kind.permission)
    for _ in range(ROUNDS_MAX):
        before = await _row(means, kind.table, actor.merchant_id, row_id)
        if before is None:
            raise _unknown(kind)
        if (before["state"] == ACTIVE) is on:
            return
        try:
            await means.store.commit(await _change(means, actor, kind, before, on=on))
        except Stale:
            continue
        return
    raise SIGN_IN_BUSY()


async def _change(means: Means, actor: Actor, kind: _Kind, before: Row, *, on: bool) -> Change:
    """The row under its version, relying on the actor being active as they were read."""
    by = await _row(means, tables.person, actor.merchant_id, actor.person_id)
    if by is None or by["state"] != ACTIVE:
        raise PERSON_UNKNOWN(number="")
    insist(before["merchant_id"] == actor.merchant_id, "what is switched is the actor's merchant's")
    fact = (kind.enabled if on else kind.disabled).fact(
        at=means.clock.now(), actor=actor.person_id, subject=before["id"]
    )
    still = Require(tables.person, {"merchant_id": actor.merchant_id, "id": actor.person_id}, by["version"])
    return Change(
        change_id=means.ids.uuid(),
        merchant_id=actor.merchant_id,
        guards=(Guard(kind.table, before, {"state": ACTIVE if on else DISABLED}),),
        requires=() if before["id"] == actor.person_id else (still,),
        facts=(fact,),
    )


async def _row(means: Means, table: Table, merchant_id: int, row_id: str) -> Row | None:
    return await means.store.fetch_one(_BY_ID[table.name], {"merchant_id": merchant_id, "id": row_id})


def _unknown(kind: _Kind) -> Fault:
    return kind.unknown(number="") if kind.unknown is PERSON_UNKNOWN else kind.unknown()


def _by_id(table: Table) -> Select[Any]:
    return select(table).where(table.c.merchant_id == bindparam("merchant_id"), table.c.id == bindparam("id"))


_BY_ID: Final = {table.name: _by_id(table) for table in (tables.person, tables.terminal, tables.shop)}

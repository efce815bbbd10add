"""Disable and enable an operator, a terminal or a shop. Nothing is lost: what they did stays theirs."""

from __future__ import annotations

from collections.abc import Mapping

from counterfoil.evidence import FactKind
from counterfoil.people import facts
from counterfoil.people.alter import PERSON, SHOP, TERMINAL, Kind, alter, in_service, row_of
from counterfoil.people.demand import demand
from counterfoil.people.faults import NOT_YOURSELF
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, DISABLED
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import terminals
from counterfoil.people.roles.held import held_by
from counterfoil.people.roles.rights import change_rights, demand_another, demand_covers
from counterfoil.people.session import end_sessions
from counterfoil.store import ChangePart, Guard, Row


async def switch_operator(means: Means, actor: Actor, person_id: str, *, on: bool) -> None:
    """Enable a person, or disable them: they sign in no more, and whoever was signed in is signed out.

    Nobody disables themselves, or somebody who holds what they lack; and an administrator always remains.
    Raises Refused CF-2018 (nobody of that id), CF-2021 (may not), CF-2022 (oneself), CF-2035 (holds more), CF-2036 (the
    last administrator), CF-2150 (nobody else approved it); Trouble CF-2010.
    """
    demand(actor, Permission.MANAGE_PEOPLE)
    if person_id == actor.person_id and not on:
        raise NOT_YOURSELF()
    await demand_second(means.store, actor, Act.SWITCH_OPERATOR)
    kind, state = (facts.PERSON_ENABLED, ACTIVE) if on else (facts.PERSON_DISABLED, DISABLED)

    async def part(now: Actor) -> tuple[ChangePart | None, None]:
        demand(now, Permission.MANAGE_PEOPLE)
        before = await row_of(means, PERSON, now.merchant_id, person_id)
        demand_covers(now, await held_by(means.store, now.merchant_id, person_id))
        if before["state"] == state:
            return None, None
        if not on:
            await demand_another(means, now.merchant_id, person_id)
        still = await in_service(means, now)
        at = means.clock.now()
        fact = kind.fact(at=at, actor=now.person_id, subject=person_id)
        guard = Guard(PERSON.table, before, {"state": state, "gone_at": None if on else at})
        requires = () if person_id == now.person_id else (still,)
        return ChangePart(guards=(guard,), requires=requires, facts=(fact,)), None

    await change_rights(means, actor, part)
    if not on:
        await end_sessions(means, actor.merchant_id, person_id=person_id)


async def switch_terminal(means: Means, actor: Actor, terminal_id: str, *, on: bool) -> None:
    """Enable a terminal, or disable it: nobody signs in or takes money there, and who was signed in is signed out.

    Raises Refused CF-2008 (none of that id), CF-2021 (may not); Trouble CF-2010.
    """
    await _switch(means, actor, TERMINAL, terminal_id, facts.TERMINAL_ENABLED if on else facts.TERMINAL_DISABLED)
    if not on:
        await end_sessions(means, actor.merchant_id, terminal_id=terminal_id)


async def switch_shop(means: Means, actor: Actor, shop_id: str, *, on: bool) -> None:
    """Enable a shop, or disable it with all its terminals, which keep their own state.

    Raises Refused CF-2009 (none of that id), CF-2021 (may not); Trouble CF-2010.
    """
    await _switch(means, actor, SHOP, shop_id, facts.SHOP_ENABLED if on else facts.SHOP_DISABLED)
    if on:
        return
    for terminal, where in await terminals(means.store, actor.merchant_id):
        if where.id == shop_id:
            await end_sessions(means, actor.merchant_id, terminal_id=terminal.id)


async def _switch(means: Means, actor: Actor, kind: Kind, row_id: str, fact: FactKind) -> None:
    """Write the state that ``fact`` says."""
    state = ACTIVE if fact.tag.endswith(".enabled") else DISABLED

    def values(before: Row) -> Mapping[str, str]:
        return {} if before["state"] == state else {"state": state}

    await alter(means, actor, kind, row_id, values, fact)

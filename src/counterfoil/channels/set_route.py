"""Say which accounts take the payments of a place, in which order (收款路由)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterfoil.basis import Both
from counterfoil.people import Act, Actor, Means, Permission, demand, demand_second, in_service, terminals
from counterfoil.providers import (
    ACCOUNT_MOVED,
    ROUTE_WRONG,
    Accounts,
    account_by_id,
    routes,
    routing,
)
from counterfoil.store import Repeated, Stale

METHODS: Final = ("qr", "card", "nfc")
ACCOUNTS_MAX: Final = 8
_MERCHANT: Final = "merchant"
_ROUNDS_MAX: Final = 5


async def set_route(
    means: Means, accounts: Accounts, actor: Actor, scope: str, method: str, account_ids: Sequence[str]
) -> None:
    """Set the accounts of a place and method, the one to be tried first in front; none of them: no route there.

    ``scope``: ``merchant``, ``shop:<id>`` or ``terminal:<id>``. Takes effect within two seconds, at every process.
    Raises Refused CF-2021 (may not), CF-4281 (no such place, method or account, or one that does not take the method),
    CF-4214 (changed by somebody else again and again), CF-2150 (nobody else approved it).
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_ROUTES)
    await demand_second(means.store, actor, Act.SET_ROUTE)
    for _ in range(_ROUNDS_MAX):
        # 2 load, 3 can it be
        await check_route(means, accounts, actor, scope, method, account_ids)
        rows = await routes(means.store, actor.merchant_id)
        before = next((row for row in rows if (row["scope"], row["method"]) == (scope, method)), None)
        # 4 commit with its fact
        change = routing(
            actor.merchant_id,
            before,
            (scope, method),
            account_ids,
            actor=actor.person_id,
            relied=(await in_service(means, actor),),
            change_id=means.ids.uuid(),
            at=means.clock.now(),
        )
        try:
            if change is not None:
                await means.store.commit(change)
        except (Stale, Repeated):
            continue
        return
    raise ACCOUNT_MOVED()


def scope_of(place: str) -> tuple[str, str]:
    """The kind of place and its id: ``merchant`` has none."""
    kind, _, place_id = place.partition(":")
    return kind, place_id


async def check_route(
    means: Means, accounts: Accounts, actor: Actor, scope: str, method: str, account_ids: Sequence[str]
) -> None:
    """Whether there could be such a route: what is shown before it is set. Raises Refused CF-4281."""
    if method not in METHODS:
        raise ROUTE_WRONG(field="method", why=Both("没有这种收款方式", "there is no such method"))
    places = {_MERCHANT}
    for place, shop in await terminals(means.store, actor.merchant_id):
        places |= {f"shop:{shop.id}", f"terminal:{place.id}"}
    if scope not in places:
        raise ROUTE_WRONG(field="scope", why=Both("没有这个门店或终端", "there is no such shop or terminal"))
    if len(set(account_ids)) != len(account_ids) or len(account_ids) > ACCOUNTS_MAX:
        raise ROUTE_WRONG(field="account", why=Both("这个通道已在其中", "the channel is in it already"))
    for account_id in account_ids:
        account = await account_by_id(means.store, actor.merchant_id, account_id)
        if account is None or method not in accounts.manifest(account["provider"]).methods:
            raise ROUTE_WRONG(field="account", why=Both("这个通道不收这种方式", "the channel does not take that"))

"""What somebody whose roles count in some shops only is shown of shops, terminals, people, payments and channels.

Their own shops, the terminals there, whoever has a role there (be it one for all shops), and the channels that take
these shops' payments. The rest of the merchant answers as what belongs to another merchant does: there is no such one.
Whoever has a role for all shops sees all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from counterfoil.doors.screen.guest import Signed
from counterfoil.payments import Payment, in_sight, load
from counterfoil.people import (
    PERSON_UNKNOWN,
    SHOP_UNKNOWN,
    TERMINAL_UNKNOWN,
    Grant,
    Permission,
    Person,
    Shop,
    Terminal,
    grants,
    grants_of,
    person,
    persons,
    shop,
    shops,
    terminal,
    terminals,
)
from counterfoil.providers import ACCOUNT_UNKNOWN, MERCHANT_WIDE, Because, account_by_id, accounts, order_of, routes
from counterfoil.store import Row

Seen = frozenset[str] | None


async def shops_in_sight(desk: Signed) -> list[Shop]:
    """The shops in which they have a role."""
    return [one for one in await shops(desk.app.store, desk.merchant_id) if is_among(one.id, desk.actor.shops)]


async def shop_in_sight(desk: Signed, shop_id: str) -> Shop:
    """One of these. Raises Refused CF-2009."""
    found = await shop(desk.app.store, desk.merchant_id, shop_id)
    if found is None or not is_among(found.id, desk.actor.shops):
        raise SHOP_UNKNOWN()
    return found


async def terminals_in_sight(desk: Signed) -> list[tuple[Terminal, Shop]]:
    """The terminals of the shops in which they have a role."""
    found = await terminals(desk.app.store, desk.merchant_id)
    return [each for each in found if is_among(each[1].id, desk.actor.shops)]


async def terminal_in_sight(desk: Signed, terminal_id: str) -> Terminal:
    """One of these. Raises Refused CF-2008."""
    found = await terminal(desk.app.store, desk.merchant_id, terminal_id)
    if found is None or not is_among(found.shop_id, desk.actor.shops):
        raise TERMINAL_UNKNOWN()
    return found


async def payment_in_sight(desk: Signed, payment_id: str) -> Payment | None:
    """The payment of that id, where they may read those of its shop."""
    found = await load(desk.app.store, desk.merchant_id, payment_id)
    return found if found is not None and in_sight(desk.actor, found) else None


async def people_in_sight(desk: Signed, permission: Permission) -> list[Person]:
    """Who has a role in a shop in which they hold the permission."""
    seen, everybody = desk.actor.shops_for(permission), await persons(desk.app.store, desk.merchant_id)
    if seen is None:
        return everybody
    here = {one.person_id for one in within(await grants(desk.app.store, desk.merchant_id), seen)}
    return [one for one in everybody if one.id in here]


async def person_in_sight(desk: Signed, person_id: str, permission: Permission) -> Person:
    """One of these. Raises Refused CF-2018."""
    found, seen = await person(desk.app.store, desk.merchant_id, person_id), desk.actor.shops_for(permission)
    if found is None:
        raise PERSON_UNKNOWN(number="")
    if seen is not None and not within(await grants_of(desk.app.store, desk.merchant_id, found.id), seen):
        raise PERSON_UNKNOWN(number="")
    return found


async def accounts_in_sight(desk: Signed, permission: Permission = Permission.READ_CHANNELS) -> Sequence[Row]:
    """The accounts that take payments of a shop in which they hold the permission."""
    all_, seen = await accounts(desk.app.store, desk.merchant_id), desk.actor.shops_for(permission)
    if seen is None:
        return all_
    rows, places = await routes(desk.app.store, desk.merchant_id), await _places(desk, seen)
    methods = {name: manifest.methods for name, manifest in desk.app.manifests.items()}
    return [row for row in all_ if _takes(row["id"], methods[row["provider"]], rows, places)]


async def account_in_sight(desk: Signed, account_id: str) -> Row:
    """One of these. Raises Refused CF-4209."""
    found = await account_by_id(desk.app.store, desk.merchant_id, account_id)
    if found is None or all(row["id"] != found["id"] for row in await accounts_in_sight(desk)):
        raise ACCOUNT_UNKNOWN()
    return found


async def routes_in_sight(desk: Signed) -> Sequence[Row]:
    """The routes of shops in which they may see channels, of the terminals there, and those of the whole merchant."""
    rows, seen = await routes(desk.app.store, desk.merchant_id), desk.actor.shops_for(Permission.READ_CHANNELS)
    if seen is None:
        return rows
    scopes = {MERCHANT_WIDE, *(f"shop:{one}" for one in seen)}
    scopes |= {f"terminal:{one.id}" for one, at in await terminals(desk.app.store, desk.merchant_id) if at.id in seen}
    return [row for row in rows if row["scope"] in scopes]


def within(some: Iterable[Grant], seen: Seen) -> list[Grant]:
    """Those roles that count in one of these shops."""
    return [one for one in some if one.shop_id is None or is_among(one.shop_id, seen)]


def is_among(shop_id: str | None, seen: Seen) -> bool:
    """Whether the shop is one of those seen; None: all are."""
    return seen is None or shop_id in seen


async def _places(desk: Signed, seen: frozenset[str]) -> list[tuple[str, str]]:
    """Each of these shops with each of its terminals, and with none: a route may be set before there is one."""
    both = await terminals(desk.app.store, desk.merchant_id)
    return [(shop_id, "") for shop_id in seen] + [(at.id, one.id) for one, at in both if at.id in seen]


def _takes(account_id: str, methods: Iterable[str], rows: Sequence[Row], places: Iterable[tuple[str, str]]) -> bool:
    """Whether a payment at one of the places may go to it: a route there names it, or none is set there."""
    ways = [order_of(rows, shop_id, terminal_id, method) for method in methods for shop_id, terminal_id in places]
    return any(because is Because.OLDEST or account_id in listed for because, listed in ways)

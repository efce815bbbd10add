"""Questions others may ask about who and where.

A merchant number, id or short number that cannot be one is simply not found, so that a door may ask with what it got.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from counterfoil.people import tables
from counterfoil.people.networks import networks_in
from counterfoil.people.person import (
    ADDRESS,
    ANYWHERE,
    MERCHANT_IDS,
    OFFICE,
    ApiKey,
    Lock,
    Merchant,
    Person,
    Shop,
    Terminal,
)
from counterfoil.store import Row, Store


def _of_merchant(table: Table, *named: str) -> Select[Any]:
    found = select(table).where(table.c.merchant_id == bindparam("merchant_id"))
    for name in named:
        found = found.where(table.c[name] == bindparam(name))
    return found


LOCKS_MAX: Final = 50
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{1,12}", re.ASCII)
_MERCHANTS: Final = select(tables.merchant).order_by(tables.merchant.c.merchant_id)
_MERCHANT: Final = _of_merchant(tables.merchant)
_SHOPS: Final = _of_merchant(tables.shop).order_by(tables.shop.c.made_at, tables.shop.c.id)
_SHOP: Final = _of_merchant(tables.shop, "id")
_TERMINALS: Final = _of_merchant(tables.terminal).order_by(tables.terminal.c.number)
_TERMINAL: Final = _of_merchant(tables.terminal, "id")
_TERMINAL_BY_NUMBER: Final = _of_merchant(tables.terminal, "number")
_PERSONS: Final = _of_merchant(tables.person).order_by(tables.person.c.number, tables.person.c.id)
_PERSON: Final = _of_merchant(tables.person, "id")
_PERSON_BY_NUMBER: Final = _of_merchant(tables.person, "number")
_KEYS: Final = _of_merchant(tables.api_key).order_by(tables.api_key.c.made_at, tables.api_key.c.id)
_KEY: Final = _of_merchant(tables.api_key, "id")
_LOCKS: Final = (
    select(tables.sign_in_lock, tables.login.c.person_id)
    .join(
        tables.login,
        (tables.login.c.merchant_id == tables.sign_in_lock.c.merchant_id)
        & (tables.login.c.email_digest == tables.sign_in_lock.c.number),
        isouter=True,
    )
    .where(tables.sign_in_lock.c.merchant_id == bindparam("merchant_id"))
    .where(tables.sign_in_lock.c.locked_until > bindparam("now"))
    .where(tables.sign_in_lock.c.terminal_id != ADDRESS)
    .order_by(tables.sign_in_lock.c.locked_until.desc())
    .limit(LOCKS_MAX)
)


async def merchants(store: Store) -> list[Merchant]:
    """All merchants of this installation, by their number."""
    return [_as_merchant(row) for row in await store.fetch(_MERCHANTS, {})]


async def merchant(store: Store, merchant_id: int) -> Merchant | None:
    """The merchant of that number."""
    row = await _one(store, _MERCHANT, merchant_id)
    return _as_merchant(row) if row else None


async def shops(store: Store, merchant_id: int) -> list[Shop]:
    """The merchant's shops, oldest first."""
    return [_as_shop(row) for row in await _all(store, _SHOPS, merchant_id)]


async def shop(store: Store, merchant_id: int, shop_id: str) -> Shop | None:
    """The shop of that id."""
    row = await _one(store, _SHOP, merchant_id, id=shop_id)
    return _as_shop(row) if row else None


async def terminals(store: Store, merchant_id: int) -> list[tuple[Terminal, Shop]]:
    """The merchant's terminals by number, each with its shop: what a sign-in page lists."""
    places = {place.id: place for place in await shops(store, merchant_id)}
    rows = await _all(store, _TERMINALS, merchant_id)
    return [(_as_terminal(row), places[row["shop_id"]]) for row in rows if row["shop_id"] in places]


async def terminal(store: Store, merchant_id: int, terminal_id: str) -> Terminal | None:
    """The terminal of that id."""
    row = await _one(store, _TERMINAL, merchant_id, id=terminal_id)
    return _as_terminal(row) if row else None


async def terminal_by_number(store: Store, merchant_id: int, number: str) -> Terminal | None:
    """The terminal with that short number."""
    row = await _one(store, _TERMINAL_BY_NUMBER, merchant_id, number=number)
    return _as_terminal(row) if row else None


async def persons(store: Store, merchant_id: int) -> list[Person]:
    """The merchant's persons by till number; those without one stand together."""
    return [as_person(row) for row in await _all(store, _PERSONS, merchant_id)]


async def person(store: Store, merchant_id: int, person_id: str) -> Person | None:
    """The person of that id."""
    row = await _one(store, _PERSON, merchant_id, id=person_id)
    return as_person(row) if row else None


async def person_by_number(store: Store, merchant_id: int, number: str) -> Person | None:
    """The person with that operator number."""
    row = await person_row(store, merchant_id, number)
    return as_person(row) if row else None


async def locks(store: Store, merchant_id: int, now: int) -> list[Lock]:
    """Who is paused somewhere at ``now``, the latest first, at most 50."""
    return [
        as_lock(row, row["person_id"]) for row in await store.fetch(_LOCKS, {"merchant_id": merchant_id, "now": now})
    ]


async def keys(store: Store, merchant_id: int) -> list[ApiKey]:
    """The merchant's API keys, oldest first, also those that open nothing any more."""
    return [_as_key(row) for row in await _all(store, _KEYS, merchant_id)]


async def key_by_id(store: Store, merchant_id: int, key_id: str) -> ApiKey | None:
    """The API key of that id."""
    row = await _one(store, _KEY, merchant_id, id=key_id)
    return _as_key(row) if row else None


async def person_row(store: Store, merchant_id: int, number: str) -> Row | None:
    """The whole row with that operator number, its hash too. For this area only."""
    return await _one(store, _PERSON_BY_NUMBER, merchant_id, number=number)


def as_person(row: Row) -> Person:
    """The record of a row of ``person``."""
    return Person(
        merchant_id=row["merchant_id"],
        id=row["id"],
        number=row["number"],
        name=row["name"],
        state=row["state"],
        made_at=row["made_at"],
        version=row["version"],
        password_state=row["password_state"],
    )


async def _one(store: Store, asked: Select[Any], merchant_id: int, **named: str) -> Row | None:
    if merchant_id not in MERCHANT_IDS or not all(_can_be(name, value) for name, value in named.items()):
        return None
    return await store.fetch_one(asked, {"merchant_id": merchant_id, **named})


async def _all(store: Store, asked: Select[Any], merchant_id: int) -> Sequence[Row]:
    return await store.fetch(asked, {"merchant_id": merchant_id}) if merchant_id in MERCHANT_IDS else []


def _can_be(name: str, value: str) -> bool:
    return bool((_ID if name == "id" else _NUMBER).fullmatch(value))


def as_lock(row: Row, person_id: str | None) -> Lock:
    """The record of a row of ``sign_in_lock``; ``person_id``: whose login it is, where it is one of the office."""
    place, until = row["terminal_id"], row["locked_until"]
    if place == OFFICE:
        return Lock("office", until, person_id=person_id, id=row["id"])
    if place == ADDRESS:
        return Lock("address", until, address=row["number"], id=row["id"])
    if place == ANYWHERE:
        return Lock("anywhere", until, row["number"], id=row["id"])
    return Lock("till", until, row["number"], place, id=row["id"])


def _as_key(row: Row) -> ApiKey:
    names = ("merchant_id", "id", "label", "owner_id", "state", "made_at", "expires_at", "used_at", "version")
    return ApiKey(
        **{name: row[name] for name in names},
        scopes=tuple(row["scopes"].split()),
        shop_ids=frozenset(row["shop_ids"].split()) or None,
        networks=networks_in(row["networks"]),
    )


def _as_merchant(row: Mapping[str, Any]) -> Merchant:
    names = ("merchant_id", "name", "zone", "currency", "made_at")
    return Merchant(**{name: row[name] for name in names})


def _as_shop(row: Mapping[str, Any]) -> Shop:
    names = ("merchant_id", "id", "name", "zone", "day_ends_minute", "rounding", "state", "made_at")
    return Shop(**{name: row[name] for name in names})


def _as_terminal(row: Mapping[str, Any]) -> Terminal:
    names = ("merchant_id", "id", "shop_id", "number", "label", "state", "made_at", "version")
    return Terminal(**{name: row[name] for name in names})

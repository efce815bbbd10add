"""Set up a merchant with its shops, terminals and first persons: at the first start, and for the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final, cast
from zoneinfo import ZoneInfoNotFoundError

from counterfoil.basis import Money, NotMoney, Secret, insist, local_time
from counterfoil.evidence import SYSTEM
from counterfoil.people.add_operator import added
from counterfoil.people.facts import MERCHANT_OPENED, SHOP_OPENED, TERMINAL_OPENED
from counterfoil.people.faults import SETTING_WRONG
from counterfoil.people.logins.email import email_of
from counterfoil.people.logins.reading import logins
from counterfoil.people.means import Means
from counterfoil.people.number_rule import first_rule, rule_fact
from counterfoil.people.person import ACTIVE, MERCHANT_IDS, Merchant, NewMerchant, NewPerson, NewShop, NewTerminal
from counterfoil.people.reading import merchant, persons, shops, terminals
from counterfoil.people.shapes import new_password, operator_number, terminal_number, text
from counterfoil.people.tables import merchant as merchant_table
from counterfoil.people.tables import shop as shop_table
from counterfoil.people.tables import staff as staff_table
from counterfoil.people.tables import terminal as terminal_table
from counterfoil.store import Change, ChangePart, Insert

_PARTS_MAX: Final = 16
_DAY_ENDS_MINUTES: Final = range(-720, 721)


async def open_merchant(means: Means, new: NewMerchant) -> Merchant:
    """The merchant, complete. What is there already is left as it is, so a set-up that was cut short goes on.

    Several commits, each with its facts; not for two callers at once. Everything is checked before anything is written.
    Raises Refused CF-2005 (password), CF-2007 (number), CF-2014 (name), CF-2017 (zone, currency, day end).
    """
    # 1 what is asked for has the right shape
    insist(new.merchant_id in MERCHANT_IDS, "merchant 0 is the installation itself")
    _check(new)
    # 2 the merchant and its shops, then terminals, then persons: each only where it is not there yet
    if await merchant(means.store, new.merchant_id) is None:
        await _commit(means, new.merchant_id, [merchant_part(means, new)])
    await _commit(means, new.merchant_id, await _shop_parts(means, new))
    await _commit(means, new.merchant_id, await _terminal_parts(means, new))
    await _commit(means, new.merchant_id, await _person_parts(means, new))
    # 3 answer from the record
    made = await merchant(means.store, new.merchant_id)
    insist(made is not None, "a merchant just opened is there")
    return cast("Merchant", made)


async def _commit(means: Means, merchant_id: int, parts: Sequence[ChangePart]) -> None:
    for start in range(0, len(parts), _PARTS_MAX):
        some = parts[start : start + _PARTS_MAX]
        await means.store.commit(
            Change(
                change_id=means.ids.uuid(),
                merchant_id=merchant_id,
                inserts=tuple(insert for part in some for insert in part.inserts),
                facts=tuple(fact for part in some for fact in part.facts),
            )
        )


def merchant_part(means: Means, new: NewMerchant) -> ChangePart:
    """The rows and facts of a new merchant: itself, and the rule of its till numbers."""
    now = means.clock.now()
    row = {
        "merchant_id": new.merchant_id,
        "name": text(new.name, "name"),
        "zone": new.zone,
        "currency": new.currency,
        "made_at": now,
    }
    numbers = first_rule(*new.number_digits)
    rule = {"merchant_id": new.merchant_id, **asdict(numbers)}
    facts = (
        MERCHANT_OPENED.fact(at=now, zone=new.zone, currency=new.currency),
        rule_fact(now, numbers),
    )
    return ChangePart(inserts=(Insert(merchant_table, row), Insert(staff_table, rule)), facts=facts)


async def _shop_parts(means: Means, new: NewMerchant) -> list[ChangePart]:
    there = {shop.name for shop in await shops(means.store, new.merchant_id)}
    missing = [shop for shop in new.shops if text(shop.name, "name") not in there]
    now = means.clock.now()
    # A microsecond apart, so that they are listed in the order in which they were named.
    return [shop_part(means, new.merchant_id, shop, now + place) for place, shop in enumerate(missing)]


def shop_part(means: Means, merchant_id: int, shop: NewShop, now: int, *, by: str = SYSTEM) -> ChangePart:
    """The row and the fact of a new shop."""
    shop_id = means.ids.uuid()
    row = {
        "merchant_id": merchant_id,
        "id": shop_id,
        "name": text(shop.name, "name"),
        "zone": shop.zone,
        "day_ends_minute": shop.day_ends_minute,
        "rounding": shop.rounding,
        "state": ACTIVE,
        "made_at": now,
    }
    fact = SHOP_OPENED.fact(at=now, actor=by, subject=shop_id, zone=shop.zone, day_ends_minute=shop.day_ends_minute)
    return ChangePart(inserts=(Insert(shop_table, row),), facts=(fact,))


async def _terminal_parts(means: Means, new: NewMerchant) -> list[ChangePart]:
    ids = {shop.name: shop.id for shop in await shops(means.store, new.merchant_id)}
    there = {terminal.number for terminal, _ in await terminals(means.store, new.merchant_id)}
    return [
        terminal_part(means, new.merchant_id, ids[text(shop.name, "name")], terminal)
        for shop in new.shops
        for terminal in shop.terminals
        if terminal.number not in there
    ]


def terminal_part(means: Means, merchant_id: int, shop_id: str, new: NewTerminal, *, by: str = SYSTEM) -> ChangePart:
    """The row and the fact of a new terminal."""
    now, terminal_id = means.clock.now(), means.ids.uuid()
    row = {
        "merchant_id": merchant_id,
        "id": terminal_id,
        "shop_id": shop_id,
        "number": terminal_number(new.number),
        "label": text(new.label, "label"),
        "state": ACTIVE,
        "made_at": now,
    }
    fact = TERMINAL_OPENED.fact(at=now, actor=by, subject=terminal_id, shop=shop_id, number=new.number)
    return ChangePart(inserts=(Insert(terminal_table, row),), facts=(fact,))


async def _person_parts(means: Means, new: NewMerchant) -> list[ChangePart]:
    there = {person.number for person in await persons(means.store, new.merchant_id)}
    known = {each.email for each in (await logins(means.store, new.merchant_id)).values()}
    missing = [
        person
        for person in new.persons
        if (_number(person) not in there if person.number else email_of(person.email or "") not in known)
    ]
    return [(await added(means, new.merchant_id, person))[1] for person in missing]


def _check(new: NewMerchant) -> None:
    text(new.name, "name")
    for shop in new.shops:
        text(shop.name, "name")
        for terminal in shop.terminals:
            text(terminal.label, "label")
    _alone([text(shop.name, "name") for shop in new.shops], "a shop's name")
    _alone([terminal_number(one.number) for shop in new.shops for one in shop.terminals], "a terminal's number")
    _alone([number for person in new.persons if (number := _number(person))], "an operator's number")
    for person in new.persons:
        text(person.name, "name")
        if person.number is not None:
            new_password(person.password or Secret(""))
    _check_settings(new)


def _number(person: NewPerson) -> str | None:
    return None if person.number is None else operator_number(person.number)


def check_zone(zone: str, day_ends_minute: int) -> None:
    """Go on only with an IANA zone and a day's end within 12 hours of midnight. Raises Refused CF-2017."""
    try:
        local_time(0, zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SETTING_WRONG(field="zone") from error
    if day_ends_minute not in _DAY_ENDS_MINUTES:
        raise SETTING_WRONG(field="day_ends_minute")


def _check_settings(new: NewMerchant) -> None:
    try:
        Money(0, new.currency)
    except NotMoney as error:
        raise SETTING_WRONG() from error
    check_zone(new.zone, 0)
    for shop in new.shops:
        check_zone(shop.zone, shop.day_ends_minute)


def _alone(values: Sequence[str], what: str) -> None:
    insist(len(set(values)) == len(values), f"{what} stands twice in what is to be opened")
